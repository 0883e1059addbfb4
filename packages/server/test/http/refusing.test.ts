import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { startEdge, type TestEdge } from './edge.ts';
import { bare, RawClient, send, withBody } from './raw.ts';

/** A request that is refused, and how. */
interface Row {
  readonly name: string;
  readonly sent: string | Buffer;
  readonly status: number;
  readonly says: RegExp;
  readonly phrase?: string;
}

const fieldBytesMax = 100_000;
const multipart = 'Content-Type: multipart/form-data; boundary=edge';
const merge = (body: string | Buffer, ...headers: string[]) => withBody('POST /pdf/merge', headers, body);
const field = (name: string, value: string) =>
  `--edge\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const manyParts = `${field('a', '1').repeat(1_001)}--edge--\r\n`;
const brokenForm = /its multipart form is broken or cut off/;

const rows: Row[] = [
  { name: 'no url', sent: bare('GET /pdf/merge'), status: 400, says: /The field "url" is missing/ },
  {
    name: 'a value that does not fit',
    sent: bare('GET /pdf/merge?url=a&async=perhaps'),
    status: 400,
    says: /"async" is not valid: true or false/,
  },
  {
    name: 'profiles that are none',
    sent: bare('GET /pdf/merge?url=a&profiles={'),
    status: 444,
    says: /profiles/,
    phrase: 'Profiles Not Valid',
  },
  { name: 'broken JSON', sent: merge('{"url":'), status: 400, says: /its JSON is broken/ },
  { name: 'a JSON list', sent: merge('["url"]'), status: 400, says: /its JSON is not an object/ },
  {
    name: 'JSON that nests too deeply',
    sent: merge(`{"url":"a","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    status: 400,
    says: /"x" is not valid: at most 100 levels/,
  },
  {
    name: 'JSON that nests too deeply, relaxed',
    sent: merge(`{url:'a',x:${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
    status: 400,
    says: /its JSON is broken/,
  },
  {
    name: 'relaxed JSON of more values than anybody writes by hand',
    sent: merge(`{url:'a',x:[${'1,'.repeat(30_000)}]}`),
    status: 400,
    says: /its JSON is broken/,
  },
  {
    name: 'a document as the body itself',
    sent: merge('%PDF-1.7\n...'),
    status: 400,
    says: /neither JSON, nor a form, nor multipart/,
  },
  {
    name: 'bytes as the body',
    sent: merge(Buffer.from([1, 2, 0, 3])),
    status: 400,
    says: /neither JSON, nor a form, nor multipart/,
  },
  {
    name: 'a form of too many fields',
    sent: merge('a=1&'.repeat(5_001)),
    status: 400,
    says: /more than 5000 fields/,
  },
  {
    name: 'a query of too many fields',
    sent: bare(`GET /pdf/merge?${'a&'.repeat(5_001)}`),
    status: 400,
    says: /more than 5000 fields/,
  },
  {
    name: 'a form of too many parts',
    sent: merge(manyParts, multipart),
    status: 400,
    says: /more than 1000 parts/,
  },
  {
    name: 'multipart without its end',
    sent: merge(field('url', 'a'), multipart),
    status: 400,
    says: brokenForm,
  },
  {
    name: 'multipart cut off in its headers',
    sent: merge('--edge\r\nContent-Disp', multipart),
    status: 400,
    says: brokenForm,
  },
  {
    name: 'multipart cut off in its first line',
    sent: merge('--edge', multipart),
    status: 400,
    says: brokenForm,
  },
  {
    name: 'a boundary without end',
    sent: merge(`--${'e'.repeat(5_000)}\r\n`, multipart),
    status: 400,
    says: brokenForm,
  },
  {
    name: 'part headers without end',
    sent: merge(`--edge\r\n${'X: y\r\n'.repeat(5_000)}\r\n`, multipart),
    status: 400,
    says: brokenForm,
  },
  {
    name: 'an epilogue without end',
    sent: merge(`--edge--\r\n${'x'.repeat(70_000)}`, multipart),
    status: 400,
    says: /broken|goes on after its end/,
  },
  {
    name: 'an epilogue without end after a part',
    sent: merge(`${field('url', 'a')}--edge--\r\n${'x'.repeat(70_000)}`, multipart),
    status: 400,
    says: /goes on after its end/,
  },
  {
    name: 'a text field that is too large',
    sent: merge(`html=${'x'.repeat(fieldBytesMax)}`),
    status: 413,
    says: /larger than 100000 bytes/,
  },
  {
    name: 'text parts that are too large together',
    sent: merge(`${field('a', 'x'.repeat(60_000)).repeat(2)}--edge--`, multipart),
    status: 413,
    says: /larger than/,
  },
  { name: 'an unknown path', sent: bare('GET /pdf/nothing'), status: 404, says: /no such call/ },
  {
    name: 'an unknown path, with a body',
    sent: withBody('POST /v1/pdf/nothing', [], '{"a":1}'),
    status: 404,
    says: /no such call/,
  },
  {
    name: 'a path that cannot be decoded',
    sent: bare('GET /pdf%zz/merge'),
    status: 404,
    says: /no such call/,
  },
  {
    name: 'a path of thousands of letters',
    sent: bare(`GET /files/${'a'.repeat(5_000)}`),
    status: 404,
    says: /no such call/,
  },
  { name: 'the server as a whole', sent: bare('OPTIONS2 *'), status: 400, says: /not valid HTTP/ },
  {
    name: 'a method that a path does not take',
    sent: bare('DELETE /pdf/merge'),
    status: 405,
    says: /This path takes GET, POST, OPTIONS/,
  },
  { name: 'HEAD of an operation', sent: bare('HEAD /pdf/merge?url=a'), status: 405, says: /^$/ },
  {
    name: 'a method of another protocol',
    sent: bare('PROPFIND /pdf/merge'),
    status: 404,
    says: /no such call/,
  },
  { name: 'a method that is none', sent: bare('FETCH /pdf/merge'), status: 400, says: /not valid HTTP/ },
  {
    name: 'no HTTP at all',
    sent: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a header without a colon',
    sent: bare('GET /health', 'broken'),
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'control characters in the request line',
    sent: bare('GET /health?a=\x01'),
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'control characters beside letters in the request line',
    sent: bare('GET /health?a=\xe9\x01'),
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a length and chunks: smuggling',
    sent: `${bare('POST /health', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'two lengths: smuggling',
    sent: `${bare('POST /health', 'Content-Length: 5', 'Content-Length: 6')}abcdef`,
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a length that is no number: smuggling',
    sent: `${bare('POST /health', 'Content-Length: +5')}abcde`,
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a coding before the colon: smuggling',
    sent: `${bare('POST /health', 'Transfer-Encoding : chunked')}0\r\n\r\n`,
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a coding that is not known: smuggling',
    sent: bare('POST /health', 'Transfer-Encoding: xchunked'),
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a chunk of no size',
    sent: `${bare('POST /pdf/merge', 'Transfer-Encoding: chunked')}zz\r\n`,
    status: 400,
    says: /not valid HTTP/,
  },
  {
    name: 'a query that passes the limit of the parser',
    sent: `GET /pdf/merge?url=${'a'.repeat(300_000)}`,
    status: 414,
    says: /query is too long/,
    phrase: 'URI Too Long',
  },
  {
    name: 'headers that pass the limit of the parser',
    sent: `GET /health HTTP/1.1\r\n${'X: y\r\n'.repeat(60_000)}`,
    status: 431,
    says: /headers of the request are too long/,
  },
];

describe('a request that is refused', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge({ fieldBytesMax });
  });
  after(() => edge.stop());

  for (const row of rows) {
    it(row.name, async () => {
      const head = row.sent.toString('latin1', 0, 4) === 'HEAD' || row.sent.toString().startsWith('HEAD');
      const answer = await send(edge.port, row.sent, { head });
      assert.equal(answer.status, row.status, answer.body.toString());
      if (row.phrase !== undefined) assert.equal(answer.phrase, row.phrase);
      assert.notEqual(answer.phrase, 'unknown');
      assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      if (head) return;
      const { error, status, message, ...rest } = answer.json();
      assert.deepEqual({ error, status, rest }, { error: true, status: row.status, rest: {} });
      assert.match(message, row.says);
    });
  }

  it('leaves nothing behind', async () => {
    assert.deepEqual(await edge.stored(), []);
    assert.deepEqual(await edge.partial(), []);
    assert.equal(edge.queue.calls.length, 0);
  });

  it('keeps no part of a form that breaks off later, or whose call is refused', async () => {
    const file = '--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF\r\n';
    assert.equal((await send(edge.port, merge(`${file}--edge\r\nbroken`))).status, 400);
    assert.equal((await send(edge.port, merge(`${file}${field('async', 'perhaps')}--edge--`))).status, 400);
    assert.equal((await send(edge.port, withBody('POST /job/check', [], `${file}--edge--`))).status, 200);
    assert.deepEqual(await edge.stored(), []);
  });

  it('refuses a part that is larger than an upload may be', async () => {
    await using small = await startEdge({ uploadBytesMax: 1_000 });
    const file = `--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${'x'.repeat(1_001)}\r\n--edge--`;
    const answer = await send(small.port, merge(file));
    assert.equal(answer.status, 413);
    assert.match(answer.json().message, /larger than 1000 bytes/);
    assert.deepEqual([await small.stored(), await small.partial()], [[], []]);
  });

  it('refuses texts that are too large together with those of others, until those are read', async () => {
    await using small = await startEdge({ fieldBytesMax: 1_000, textBytesMax: 1_500 });
    const line = 'POST /pdf/merge';
    const body = `url=http://a/b&async=1&html=${'x'.repeat(900)}`;
    const first = await RawClient.open(small.port);
    first.write(withBody(line, [], body).subarray(0, -1));
    let refused = await send(small.port, withBody(line, [], body));
    while (refused.status === 200) refused = await send(small.port, withBody(line, [], body));
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1']);
    first.write('x');
    assert.equal((await first.answer()).status, 200);
    assert.equal((await send(small.port, withBody(line, [], body))).status, 200);
    first.close();
  });

  it('keeps the connection usable where the body was not read', async () => {
    const client = await RawClient.open(edge.port);
    client.write(withBody('POST /pdf/nothing', [], Buffer.alloc(3_000_000, 'x')));
    assert.equal((await client.answer()).status, 404);
    client.write(bare('GET /version'));
    assert.equal((await client.answer()).json().name, 'octavo');
    client.close();
  });

  it('keeps the connection usable where the body was read in part', async () => {
    const client = await RawClient.open(edge.port);
    client.write(merge(`html=${'x'.repeat(3_000_000)}`));
    assert.equal((await client.answer()).status, 413);
    client.write(bare('GET /version'));
    assert.equal((await client.answer()).json().name, 'octavo');
    client.close();
  });

  it('closes the connection after what is no HTTP', async () => {
    const client = await RawClient.open(edge.port);
    client.write('nonsense\r\n\r\n');
    assert.equal((await client.answer()).headers.connection, 'close');
    await client.closed();
  });

  it('does not take the bytes behind a broken request for another one', async () => {
    const lines = edge.lines.length;
    const client = await RawClient.open(edge.port);
    client.write(
      `${bare('POST /health', 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${bare('GET /version')}`,
    );
    assert.equal((await client.answer()).status, 400);
    await client.closed();
    assert.ok(!edge.lines.slice(lines).some(({ fields }) => fields.status === 200));
  });
});

describe('a failure of the parts behind the edge', () => {
  const passing = [
    { row: 'overloaded', status: 429, retryAfter: '1' },
    { row: 'databaseDown', status: 503, retryAfter: '2' },
    { row: 'stopping', status: 503, retryAfter: '2' },
  ] as const;
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge(
      {},
      {
        checkSource: async (source) => {
          if (source.kind === 'link' && source.link === 'http://private/')
            throw new Failure('sourceRefused', { field: 'url' });
          return null;
        },
      },
    );
  });
  after(() => edge.stop());

  for (const { row, status, retryAfter } of passing) {
    it(`${row} says when to come again`, async () => {
      edge.queue.refusal = new Failure(row);
      const answer = await send(edge.port, bare('GET /pdf/merge?url=http://a/b'));
      edge.queue.refusal = undefined;
      assert.equal(answer.status, status);
      assert.equal(answer.headers['retry-after'], retryAfter);
      assert.equal(answer.json().message, new Failure(row).message);
    });
  }

  it('a source that is refused makes no job', async () => {
    const answer = await send(edge.port, bare('GET /pdf/merge?url=http://a/b,http://private/'));
    assert.equal(answer.status, 403);
    assert.equal(edge.queue.calls.length, 0);
  });

  it('a bug is answered with the id of the request, and explained in the log alone', async () => {
    edge.queue.refusal = new Error('a secret of the server');
    const answer = await send(edge.port, bare('GET /pdf/merge?url=http://a/b', 'x-request-id: my-id.7'));
    edge.queue.refusal = undefined;
    assert.equal(answer.status, 500);
    assert.equal(answer.headers['x-request-id'], 'my-id.7');
    assert.match(answer.json().message, /my-id\.7/);
    assert.doesNotMatch(answer.body.toString(), /secret/);
    const line = edge.lines.find(({ event }) => event === 'request failed');
    assert.equal(line?.fields.error, 'a secret of the server');
    assert.match(String(line?.fields.stack), /refusing\.test/);
  });

  it('an id of a request that is none is replaced', async () => {
    for (const id of ['', 'a b', `${'x'.repeat(65)}`, '"quoted"']) {
      const answer = await send(edge.port, bare('GET /version', `x-request-id: ${id}`));
      assert.match(answer.headers['x-request-id'] ?? '', /^[0-9a-f-]{36}$/);
    }
  });
});
