import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { createSources, type Fetch } from '../../src/jobs/sources.ts';
import { tokenOf } from '../../src/links/links.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { startEdge, type TestEdge, uploadAt } from '../http/edge.ts';
import { bare, RawClient, send, withBody } from '../http/raw.ts';

const fieldBytesMax = 4_000;
const uploadBytesMax = 20_000;
const pdf = '%PDF-1.7\n\0\xff\r\n--edge?';
const form = 'Content-Type: multipart/form-data; boundary=edge';
const json = 'Content-Type: application/json';
const part = (headers: string, bytes: string) =>
  `--edge\r\nContent-Disposition: ${headers}\r\n\r\n${bytes}\r\n`;
const end = '--edge--\r\n';

interface Stored {
  readonly url: string;
  readonly name: string;
}

/** An edge whose keys are numbers of tenants, and whose world outside is `fetch`. */
async function startFiles(
  fetch: Fetch = () => Promise.reject(new Failure('sourceRefused', { field: 'url' })),
) {
  const edge: TestEdge = await startEdge(
    { fieldBytesMax, uploadBytesMax },
    {
      authenticate: (key) => Number(key ?? 0),
      readSource: (source, reading, take) =>
        createSources({
          ...edge,
          needs: { needed: nothingNeeded, hold: () => {}, release: () => {} },
          download: () => Promise.reject(new Error('no job runs here')),
          fetch,
        }).read(source, reading, take),
    },
  );
  return edge;
}

describe('/file/upload', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startFiles();
  });
  after(() => edge.stop());

  const forms: { title: string; sent: string | Buffer; name: string; bytes?: string }[] = [
    {
      title: 'a part named file',
      sent: withBody(
        'POST /file/upload',
        [form],
        part('form-data; name="file"; filename="a.pdf"', pdf) + end,
      ),
      name: 'a.pdf',
    },
    {
      title: 'a part named file[], by the path with /v1',
      sent: withBody(
        'POST /v1/file/upload',
        [form],
        part('form-data; name="file[]"; filename="a.pdf"', pdf) + end,
      ),
      name: 'a.pdf',
    },
    {
      title: 'a part of any name',
      sent: withBody(
        'POST /file/upload',
        [form],
        part('form-data; name=userfile; filename=a.pdf', pdf) + end,
      ),
      name: 'a.pdf',
    },
    {
      title: 'a part without a name',
      sent: withBody('POST /file/upload', [form], part('form-data; filename="a.pdf"', pdf) + end),
      name: 'a.pdf',
    },
    {
      title: 'a part without a file name, which is a document',
      sent: withBody('POST /file/upload', [form], part('form-data; name="file"', pdf) + end),
      name: 'file',
    },
    {
      title: 'a part without a file name, which is text',
      sent: withBody('POST /file/upload', [form], part('form-data; name="file"', 'a,b\r\n1,2') + end),
      name: 'file',
      bytes: 'a,b\r\n1,2',
    },
    {
      title: 'an attachment under application/json, as curl sends it',
      sent: withBody(
        'POST /file/upload',
        ['Content-Type: application/json; boundary=edge'],
        part('attachment; name="file"; filename="a.pdf"', pdf) + end,
      ),
      name: 'a.pdf',
    },
    {
      title: 'a whole path of Unix as a name',
      sent: withBody(
        'POST /file/upload',
        [form],
        part('form-data; name="file"; filename="/tmp/x/a.pdf"', pdf) + end,
      ),
      name: 'a.pdf',
    },
    {
      title: 'a whole path of Windows as a name',
      sent: withBody(
        'POST /file/upload',
        [form],
        part('form-data; name="file"; filename="C:\\x\\a.pdf"', pdf) + end,
      ),
      name: 'a.pdf',
    },
    {
      title: 'a name of its own after the file',
      sent: withBody(
        'POST /file/upload',
        [form],
        `${part('form-data; name="file"; filename="a.pdf"', pdf)}${part('form-data; name="name"', 'b.pdf')}${end}`,
      ),
      name: 'b.pdf',
    },
    {
      title: 'a name of its own in the query',
      sent: withBody(
        'POST /file/upload?name=b.pdf',
        [form],
        part('form-data; name="file"; filename="a"', pdf) + end,
      ),
      name: 'b.pdf',
    },
    {
      title: 'chunks, after 100 Continue',
      sent: `${bare('POST /file/upload', form, 'Transfer-Encoding: chunked', 'Expect: 100-continue')}${chunked(
        part('form-data; name="file"; filename="a.pdf"', pdf) + end,
      )}`,
      name: 'a.pdf',
    },
    {
      title: 'the body itself, as curl --data-binary sends it',
      sent: withBody(
        'POST /file/upload?name=b.pdf',
        ['Content-Type: application/x-www-form-urlencoded'],
        pdf,
      ),
      name: 'b.pdf',
    },
    {
      title: 'the body itself without a type, and with blanks before it that are its own',
      sent: withBody('POST /file/upload', [], `\n \0${pdf}`),
      name: 'file',
      bytes: `\n \0${pdf}`,
    },
    {
      title: 'the body itself with a type of its own',
      sent: withBody('POST /file/upload?name=a.csv', ['Content-Type: text/csv'], 'a=1&b\n{'),
      name: 'a.csv',
      bytes: 'a=1&b\n{',
    },
    {
      title: 'a file that holds base64 stays as it is',
      sent: withBody(
        'POST /file/upload',
        [form],
        part('form-data; name="file"; filename="a.txt"', 'data:text/plain;base64,SGk=') + end,
      ),
      name: 'a.txt',
      bytes: 'data:text/plain;base64,SGk=',
    },
    {
      title: 'a data URI in JSON',
      sent: withBody('POST /file/upload', [json], '{"file":"data:text/plain;base64,SGk="}'),
      name: 'file.txt',
      bytes: 'Hi',
    },
  ];
  for (const { title, sent, name, bytes = pdf } of forms) {
    it(`takes ${title}`, async () => {
      const { url, ...rest } = await ok(edge, sent);
      assert.deepEqual(rest, { name, error: false, status: 200, remainingCredits: 1_000_000 });
      assert.equal(url.split('/').at(-1), name);
      const file = await uploadAt(edge, url);
      assert.equal(file?.bytes.toString('latin1'), bytes);
    });
  }

  it('stores each of several parts', async () => {
    const answer = await send(
      edge.port,
      withBody(
        'POST /file/upload',
        [form],
        `${part('form-data; name="a"; filename="a.txt"', 'A')}${part('form-data; name="b"; filename="b.txt"', 'B')}${end}`,
      ),
    );
    const { url, urls, name } = answer.json() as Stored & { urls: string[] };
    assert.deepEqual([url, name], [urls[0], 'a.txt']);
    const all = await Promise.all(urls.map(async (one) => (await uploadAt(edge, one))?.bytes.toString()));
    assert.deepEqual(all, ['A', 'B']);
  });

  for (const [title, query, body] of [
    ['in the query', '?expiration=5', ''],
    ['before the file', '', part('form-data; name="expiration"', '5')],
    ['after the file', '', null],
  ] as const) {
    it(`keeps a file as long as it is asked to: ${title}`, async () => {
      const file = part('form-data; name="file"; filename="a.pdf"', pdf);
      const sent = body === null ? file + part('form-data; name="expiration"', '5') : body + file;
      const earlier = await edge.stored();
      const { url } = await ok(edge, withBody(`POST /file/upload${query}`, [form], sent + end));
      assert.equal(edge.links.read(tokenOf(url) ?? '')?.expiresAt, edge.nowMs + 5 * 60_000);
      assert.equal((await uploadAt(edge, url))?.bytes.toString('latin1'), pdf);
      assert.equal((await edge.stored()).length, earlier.length + 1, 'no second copy stays');
    });
  }

  const refused: { title: string; sent: string | Buffer; status: number; says: RegExp }[] = [
    {
      title: 'nothing',
      sent: bare('POST /file/upload'),
      status: 400,
      says: /"file" is missing: a file as a part/,
    },
    {
      title: 'an empty form',
      sent: withBody('POST /file/upload', [form], end),
      status: 400,
      says: /"file" is missing/,
    },
    {
      title: 'a link',
      sent: withBody('POST /file/upload', [json], '{"file":"https://example.com/a.pdf"}'),
      status: 400,
      says: /"file" is not valid: .*\/file\/upload\/url/,
    },
    {
      title: 'an expiration that is none, after the file',
      sent: withBody(
        'POST /file/upload',
        [form],
        `${part('form-data; name="file"; filename="a.pdf"', pdf)}${part('form-data; name="expiration"', 'soon')}${end}`,
      ),
      status: 400,
      says: /"expiration"/,
    },
    {
      title: 'a file that is too large',
      sent: withBody(
        'POST /file/upload',
        [form],
        part('form-data; name="file"; filename="a.pdf"', 'x'.repeat(uploadBytesMax + 1)) + end,
      ),
      status: 413,
      says: /larger than 20000 bytes, the most/,
    },
    {
      title: 'a form that is cut off',
      sent: withBody('POST /file/upload', [form], part('form-data; name="file"; filename="a.pdf"', pdf)),
      status: 400,
      says: /cut off/,
    },
  ];
  for (const { title, sent, status, says } of refused) {
    it(`refuses ${title}, and keeps nothing`, async () => {
      const stored = await edge.stored();
      const answer = await send(edge.port, sent);
      assert.equal(answer.status, status, answer.body.toString());
      assert.match(answer.json().message, says);
      assert.deepEqual([await edge.stored(), await edge.partial()], [stored, []]);
    });
  }

  it('keeps nothing of an upload that is cut, also of its parts that were whole', async () => {
    const stored = await edge.stored();
    const client = await RawClient.open(edge.port);
    client.write(bare('POST /file/upload', form, 'Content-Length: 10000'));
    client.write(part('form-data; name="a"; filename="a.pdf"', pdf));
    client.write(
      `--edge\r\nContent-Disposition: form-data; name="b"; filename="b.pdf"\r\n\r\n${'x'.repeat(2_000)}`,
    );
    await until(
      async () => (await edge.stored()).length > stored.length && (await edge.partial()).length > 0,
    );
    client.close();
    await until(
      async () => (await edge.partial()).length === 0 && (await edge.stored()).length === stored.length,
    );
  });
});

describe('/file/upload/base64', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startFiles();
  });
  after(() => edge.stop());

  // Its base64 has both characters in which the alphabets differ.
  const bytes = Buffer.from('/+/+vwA=', 'base64');
  const usual = bytes.toString('base64');
  const rows: [title: string, sent: string | Buffer, name?: string][] = [
    ['bare, in JSON', withBody('POST /file/upload/base64', [json], `{"file":"${usual}"}`)],
    ['JSON without a type', withBody('POST /file/upload/base64', [], `{"file":"${usual}"}`)],
    [
      'slashes escaped, as PHP does',
      withBody('POST /file/upload/base64', [json], `{"file":"${usual.replaceAll('/', '\\/')}"}`),
    ],
    [
      'a plus escaped, as .NET does',
      withBody('POST /file/upload/base64', [json], `{"file":"${usual.replaceAll('+', '\\u002B')}"}`),
    ],
    [
      'the URL-safe alphabet',
      withBody('POST /file/upload/base64', [json], `{"file":"${bytes.toString('base64url')}"}`),
    ],
    [
      'lines',
      withBody('POST /file/upload/base64', [json], `{"file":"${usual.replaceAll(/(.{4})/g, '$1\\r\\n  ')}"}`),
    ],
    [
      'a data URI',
      withBody('POST /file/upload/base64', [json], `{"file":"data:image/gif;base64,${usual}"}`),
      'file.gif',
    ],
    [
      'a data URI with parameters, in capitals',
      withBody(
        'POST /file/upload/base64',
        [json],
        `{"File":"DATA:Application/PDF;name=a.pdf;BASE64,${usual}"}`,
      ),
      'file.pdf',
    ],
    [
      'a form',
      withBody(
        'POST /file/upload/base64',
        [],
        `file=data%3Aimage%2Fpng%3Bbase64%2C${encodeURIComponent(usual)}`,
      ),
      'file.png',
    ],
    ['a form that nobody escaped', withBody('POST /file/upload/base64', [], `name=&file=${usual}`)],
    [
      'a part',
      withBody(
        'POST /file/upload/base64',
        [form],
        part('form-data; name="file"', `data:image/gif;base64,${usual}`) + end,
      ),
      'file.gif',
    ],
    [
      'a part that ends with a line end',
      withBody('POST /file/upload/base64', [form], part('form-data; name="file"', `${usual}\r\n`) + end),
    ],
    [
      'a part with a file name',
      withBody(
        'POST /file/upload/base64',
        [form],
        part('attachment; name="file"; filename="a.gif"', `data:image/gif;base64,${usual}`) + end,
      ),
      'a.gif',
    ],
    ['the query', bare(`POST /file/upload/base64?file=${encodeURIComponent(usual)}`)],
    ['the query of a client that escapes nothing', bare(`POST /file/upload/base64?file=${usual}`)],
  ];
  for (const [title, sent, name = 'file'] of rows) {
    it(`takes ${title}`, async () => {
      const { url, ...rest } = await ok(edge, sent);
      assert.deepEqual(rest, { name, error: false, status: 200, remainingCredits: 1_000_000 });
      assert.deepEqual((await uploadAt(edge, url))?.bytes, bytes);
    });
  }

  it('takes bytes of every length, in pieces of every kind', async () => {
    for (let length = 1; length < 40; length++) {
      const all = Buffer.from(Array.from({ length }, (_, index) => (index * 151 + length) & 0xff));
      const text = all.toString('base64');
      const client = await RawClient.open(edge.port);
      const body = part('form-data; name="file"', text) + end;
      client.write(bare('POST /file/upload/base64', form, 'Transfer-Encoding: chunked'));
      for (const byte of body) client.write(`1\r\n${byte}\r\n`);
      client.write('0\r\n\r\n');
      const { url } = (await client.answer()).json() as Stored;
      client.close();
      assert.deepEqual((await uploadAt(edge, url))?.bytes, all);
    }
  });

  for (const [title, text] of [
    ['a letter that is none', 'SGk*'],
    ['a letter of another alphabet', 'SGk\u0142'],
    ['what is cut off', 'SGVsb'],
    ['bytes after the end', 'SGk=SGk='],
    ['three signs of padding', 'SGk==='],
    ['padding alone', '=='],
    ['padding that does not fit', 'SGk'.concat('==')],
    ['what may have begun with a plus', ' A+A'],
    ['a link', 'https://example.com/a.gif'],
    ['a data URI without base64', 'data:text/plain,hello'],
    ['a data URI without bytes', 'data:text/plain;base64,'],
  ] as const) {
    it(`refuses ${title}, and keeps nothing`, async () => {
      const stored = await edge.stored();
      const body = Buffer.from(JSON.stringify({ file: text }));
      const answer = await send(edge.port, withBody('POST /file/upload/base64', [json], body));
      assert.equal(answer.status, 400, answer.body.toString());
      assert.match(answer.json().message, /"file" is not valid: base64 text/);
      assert.deepEqual([await edge.stored(), await edge.partial()], [stored, []]);
    });
  }

  it('is limited in JSON by the limit of texts, which its error names with the way around', async () => {
    const answer = await send(
      edge.port,
      withBody('POST /file/upload/base64', [json], `{"file":"${'A'.repeat(fieldBytesMax)}"}`),
    );
    assert.equal(answer.status, 413);
    assert.match(answer.json().message, /text of the request is larger than 4000 bytes.*multipart/);
  });

  it('is limited in a part by the limit of uploads alone', async () => {
    const sent = (length: number) =>
      withBody('POST /file/upload/base64', [form], part('form-data; name="file"', 'A'.repeat(length)) + end);
    const { url } = await ok(edge, sent((uploadBytesMax / 3) * 4 - (uploadBytesMax % 3)));
    assert.ok(((await uploadAt(edge, url))?.sizeBytes ?? 0) > fieldBytesMax);
    assert.equal((await send(edge.port, sent((uploadBytesMax / 3) * 4 + 8))).status, 413);
  });
});

describe('/file/upload/url and /file/hash', () => {
  let edge: TestEdge;
  const asked: { link: string; username: string; password: string }[] = [];
  before(async () => {
    edge = await startFiles(async (link, { username, password }, take) => {
      asked.push({ link, username, password });
      return take(chunks('from ', 'outside'), 'given.txt');
    });
  });
  after(() => edge.stop());

  it('fetch what is foreign by the one door out, with its user and its commas', async () => {
    const link = 'http://example.com/a.txt?x=1,2';
    const query = `url=${encodeURIComponent(link)}&httpusername=u&httppassword=p`;
    const { url, name } = await ok(edge, bare(`GET /file/upload/url?${query}`));
    assert.equal(name, 'given.txt');
    assert.equal((await uploadAt(edge, url))?.bytes.toString(), 'from outside');
    const hashed = await send(edge.port, bare(`GET /file/hash?${query}`));
    assert.equal(hashed.json().hash, createHash('md5').update('from outside').digest('hex'));
    assert.deepEqual(
      asked,
      [1, 2].map(() => ({ link, username: 'u', password: 'p' })),
    );
  });

  it('read what is ours from storage, by either link, and by a file token', async () => {
    asked.length = 0;
    const { put, file } = await edge.presign('a.txt');
    await send(edge.port, withBody(`PUT ${put}`, [], 'uploaded'));
    for (const link of [file, put]
      .map((path) => `http://elsewhere${path}`)
      .concat(`filetoken://${tokenOf(file)}`)) {
      const { url } = await ok(edge, bare(`GET /file/upload/url?url=${link}&name=b.txt`));
      assert.equal((await uploadAt(edge, url))?.bytes.toString(), 'uploaded');
      const hashed = await send(
        edge.port,
        withBody('POST /file/hash', [json], JSON.stringify({ url: link })),
      );
      assert.equal(hashed.json().hash, createHash('md5').update('uploaded').digest('hex'));
    }
    assert.deepEqual(asked, []);
  });

  it('store nothing of what breaks off', async () => {
    await using broken = await startFiles(async (_link, _asking, take) =>
      take(
        (async function* () {
          yield Buffer.from('half');
          throw new Failure('sourceUnreachable', { field: 'url', reason: 'the connection failed' });
        })(),
        'a.txt',
      ),
    );
    const answer = await send(broken.port, bare('GET /file/upload/url?url=http://example.com/a.txt'));
    assert.equal(answer.status, 400);
    assert.match(answer.json().message, /"url" could not be fetched: the connection failed/);
    assert.deepEqual([await broken.stored(), await broken.partial()], [[], []]);
  });

  for (const [title, value, status] of [
    ['nothing', '', 400],
    ['two links', 'http://a.example/a,http://a.example/b', 400],
    ['a scheme of its own', 'ftp://a.example/a', 403],
    ['no link', 'http://', 452],
    ['a file token that is not known', 'filetoken://abc', 404],
    ['a file of somebody else', 'OTHER', 404],
  ] as const) {
    it(`refuse ${title}`, async () => {
      asked.length = 0;
      const { file } = await edge.presign('a.txt');
      const link = value === 'OTHER' ? `http://h${file}` : value;
      for (const path of ['/file/upload/url', '/file/hash']) {
        const answer = await send(edge.port, bare(`GET ${path}?url=${link}`, 'x-api-key: 7'));
        assert.equal(answer.status, status, answer.body.toString());
        assert.match(answer.json().message, /"url"/);
      }
      assert.deepEqual(asked, []);
    });
  }
});

describe('/file/delete', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startFiles();
  });
  after(() => edge.stop());
  const uploaded = async () => {
    const { put, file } = await edge.presign('a.txt');
    await send(edge.port, withBody(`PUT ${put}`, [], 'bytes'));
    return { put: `http://h${put}`, file: `http://h${file}` };
  };
  const statusOf = async (link: string) =>
    (await send(edge.port, bare(`GET ${new URL(link).pathname}`))).status;

  for (const [title, sent] of [
    [
      'in the query of a POST without a body, as curl has it',
      (link: string) => bare(`POST /file/delete?file=${link}`),
    ],
    [
      'in the query, with a form without parts',
      (link: string) => withBody(`POST /file/delete?file=${link}`, [form], end),
    ],
    ['in JSON', (link: string) => withBody('POST /v1/file/delete', [json], JSON.stringify({ url: link }))],
    ['in a form', (link: string) => withBody('POST /file/delete', [], `url=${encodeURIComponent(link)}`)],
  ] as const) {
    it(`deletes at once, bytes too: ${title}`, async () => {
      for (const kind of ['file', 'put'] as const) {
        const stored = await edge.stored();
        const links = await uploaded();
        const answer = await send(edge.port, sent(links[kind]));
        assert.deepEqual(answer.json(), { error: false, status: 200, remainingCredits: 1_000_000 });
        assert.deepEqual([await statusOf(links.file), await statusOf(links.put)], [404, 404]);
        assert.deepEqual(await edge.stored(), stored);
        assert.equal((await send(edge.port, sent(links[kind]))).status, 404, 'it is not there twice');
      }
    });
  }

  it('deletes several, or none where one of them is not known', async () => {
    const [first, second] = [await uploaded(), await uploaded()];
    const both = `${first.file},${second.file}`;
    const refused = await send(edge.port, bare(`POST /file/delete?url=${both},http://h/files/x/a`));
    assert.deepEqual([refused.status, await statusOf(first.file)], [404, 200]);
    assert.equal((await send(edge.port, bare(`POST /file/delete?url=${both}`))).status, 200);
    assert.deepEqual([await statusOf(first.file), await statusOf(second.file)], [404, 404]);
  });

  it('knows nothing of the files of others, nor of the world outside', async () => {
    const { file } = await uploaded();
    for (const [link, key] of [
      [file, '7'],
      ['https://example.com/a.pdf', '0'],
      ['http://127.0.0.1/', '0'],
    ]) {
      const answer = await send(edge.port, bare(`POST /file/delete?url=${link}`, `x-api-key: ${key}`));
      assert.equal(answer.status, 404);
      assert.match(answer.json().message, /"url" stands for no file of this server/);
    }
    assert.equal(await statusOf(file), 200);
  });

  it('asks for a link, and for POST', async () => {
    assert.equal((await send(edge.port, bare('POST /file/delete'))).status, 400);
    assert.equal(
      (await send(edge.port, bare(`GET /file/delete?url=${(await uploaded()).file}`))).status,
      405,
    );
  });
});

describe('a file in a text of an operation', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startFiles();
  });
  after(() => edge.stop());

  for (const [title, sent] of [
    [
      'a form',
      withBody('POST /pdf/merge', [form], part('form-data; name="file"', 'data:;base64,SGk=') + end),
    ],
    ['JSON', withBody('POST /pdf/merge', [json], '{"url":["data:text/plain;base64,SGk="]}')],
    ['the query', bare('GET /pdf/merge?async=1&url=data:text/plain;base64,SGk=')],
  ] as const) {
    it(`is stored, and the job's row holds its link alone: ${title}`, async () => {
      edge.queue.onAccept = () => ({ status: 'success', endedAt: new Date(edge.nowMs) });
      assert.equal((await send(edge.port, sent)).status, 200);
      const [source] =
        (edge.queue.calls.at(-1)?.call.own as { url: { kind: string; token: string }[] } | undefined)?.url ??
        [];
      assert.equal(source?.kind, 'part');
      assert.equal((await uploadAt(edge, `http://h/files/${source?.token}/a`))?.bytes.toString(), 'Hi');
    });
  }

  it('is one of a thousand at the most', async () => {
    await using small = await startEdge();
    const sent = (count: number) => JSON.stringify({ url: Array(count).fill('data:;base64,SGk=') });
    const answer = await send(small.port, withBody('POST /pdf/merge', [json], sent(1_001)));
    assert.deepEqual(
      [answer.status, answer.json().message, await small.stored()],
      [400, 'The field "url" is not valid: at most 1000 files.', []],
    );
  });

  it('stays a text where no file belongs', async () => {
    edge.queue.onAccept = () => ({ status: 'success', endedAt: new Date(edge.nowMs) });
    const sent = '{"url":"http://a.example/a","password":"data:;base64,SGk="}';
    assert.equal((await send(edge.port, withBody('POST /pdf/merge', [json], sent))).status, 200);
    assert.equal(edge.queue.calls.at(-1)?.call.job.password, 'data:;base64,SGk=');
  });
});

async function ok(edge: TestEdge, sent: string | Buffer): Promise<Stored> {
  const answer = await send(edge.port, sent);
  assert.equal(answer.status, 200, answer.body.toString());
  return answer.json() as Stored;
}

function chunked(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** Asks again until it is so; the limit of the test run ends it otherwise. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
