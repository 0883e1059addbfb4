import assert from 'node:assert/strict';
import { open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { slotOf, wholeMinutes } from '../../src/links/links.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { startEdge, type TestEdge, uploadAt } from './edge.ts';
import { bare, RawClient, send } from './raw.ts';

describe('a download', () => {
  let edge: TestEdge;
  let path: string;
  let etag: string;
  let modified: string;
  before(async () => {
    edge = await startEdge();
    path = await edge.file('0123456789', 'result.txt');
    const { headers } = await send(edge.port, bare(`GET ${path}`));
    etag = headers.etag as string;
    modified = headers['last-modified'] as string;
  });
  after(() => edge.stop());

  it('is the file, named and typed by its link, for anybody and not for caches', async () => {
    const { status, headers, body } = await send(edge.port, bare(`GET ${path}`));
    assert.deepEqual([status, body.toString()], [200, '0123456789']);
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    assert.equal(headers['content-length'], '10');
    assert.equal(headers['content-disposition'], 'attachment; filename="result.txt"');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(headers['content-security-policy'] ?? '', /^sandbox;/);
    assert.match(headers['cache-control'] ?? '', /^private/);
    assert.equal(headers['accept-ranges'], 'bytes');
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.match(headers.etag ?? '', /^"[\w-]+"$/);
    assert.ok(Date.parse(headers['last-modified'] ?? '') > 0);
    assert.equal(headers['content-encoding'], undefined);
  });

  it('looks at no key, and takes /v1 and any label', async () => {
    assert.equal((await send(edge.port, bare(`GET ${path}`, 'x-api-key: ***'))).status, 200);
    assert.equal((await send(edge.port, bare(`GET /v1${path}`))).status, 200);
    const other = await send(edge.port, bare(`GET ${path.replace('result.txt', '%2e%2e%2f"x;y%0d%0a.hta')}`));
    assert.equal(other.headers['content-disposition'], 'attachment; filename="_x_y_.hta"');
    assert.equal(other.headers['content-type'], 'application/octet-stream');
    const bareToken = await send(edge.port, bare(`GET ${path.replace('/result.txt', '')}`));
    assert.equal(bareToken.headers['content-type'], 'application/octet-stream');
  });

  it('types what operations make, and nothing by the names of prototypes', async () => {
    const types = {
      json: 'application/json',
      CSV: 'text/csv; charset=utf-8',
      html: 'text/html; charset=utf-8',
      constructor: 'application/octet-stream',
    };
    for (const [extension, type] of Object.entries(types)) {
      const answer = await send(edge.port, bare(`GET ${path.replace('txt', extension)}`));
      assert.match(answer.headers['content-type'] ?? '', new RegExp(`^${type}`));
    }
  });

  it('is of the type that its bytes are, whatever its link says', async () => {
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    const rows: readonly (readonly [bytes: string | Buffer, name: string, type: string])[] = [
      ['%PDF-1.7\n', 'a.pdf', 'application/pdf'],
      ['\r\n%PDF-1.7\n', 'a.html', 'application/pdf'],
      ['%PDF-1.7\n', 'a', 'application/pdf'],
      [png, 'a.png', 'image/png'],
      [png, 'a.txt', 'image/png'],
      ['PK\x03\x04rest', 'a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
      ['PK\x03\x04rest', 'a.pdf', 'application/zip'],
      ['<script>alert(1)</script>', 'a.pdf', 'application/octet-stream'],
      ['<script>alert(1)</script>', 'a.png', 'application/octet-stream'],
      [Buffer.from([1, 0, 2]), 'a.csv', 'application/octet-stream'],
      [Buffer.from('\ufeffa,b', 'utf16le'), 'a.csv', 'text/csv; charset=utf-8'],
      ['', 'a.pdf', 'application/octet-stream'],
      [Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(600_000)]), 'a.txt', 'application/pdf'],
    ];
    for (const [bytes, name, type] of rows) {
      const file = await edge.file(bytes, name);
      for (const [method, ...headers] of [['GET'], ['HEAD'], ['GET', 'Range: bytes=1-1']] as const) {
        const answer = await send(edge.port, bare(`${method} ${file}`, ...headers), {
          head: method === 'HEAD',
        });
        if (answer.status !== 416) assert.equal(answer.headers['content-type'], type, `${name} ${method}`);
        if (method === 'GET' && headers.length === 0)
          assert.ok(answer.body.equals(Buffer.from(bytes as string)));
      }
    }
  });

  it('HEAD has the same headers and no body', async () => {
    const { status, headers } = await send(edge.port, bare(`HEAD ${path}`, 'Range: bytes=0-1'), {
      head: true,
    });
    assert.deepEqual([status, headers['content-length'], headers.etag], [200, '10', etag]);
    const client = await RawClient.open(edge.port);
    client.write(bare(`HEAD ${path}`) + bare('GET /version'));
    await client.answer({ head: true });
    assert.equal((await client.answer()).json().name, 'octavo');
    client.close();
  });

  const ranges: [string, string, string][] = [
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=7-1000', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-1000', '0123456789', 'bytes 0-9/10'],
    ['BYTES = 1-2'.replace(' = ', '='), '12', 'bytes 1-2/10'],
  ];
  for (const [range, bytes, contentRange] of ranges) {
    it(`gives a range: ${range}`, async () => {
      const { status, headers, body } = await send(edge.port, bare(`GET ${path}`, `Range: ${range}`));
      assert.deepEqual([status, body.toString(), headers['content-range']], [206, bytes, contentRange]);
      assert.equal(headers['content-length'], String(bytes.length));
    });
  }

  for (const range of [
    'bytes=0-1,3-4',
    'bytes=',
    'bytes=a-b',
    'bytes=4-2',
    'pages=1-2',
    'bytes=-',
    'bytes=1-2-3',
    'bytes 0-1',
  ]) {
    it(`gives everything for what it does not serve: ${range}`, async () => {
      const { status, body } = await send(edge.port, bare(`GET ${path}`, `Range: ${range}`));
      assert.deepEqual([status, body.length], [200, 10]);
    });
  }

  for (const range of ['bytes=10-', 'bytes=10-20', 'bytes=-0', `bytes=${'9'.repeat(30)}-`]) {
    it(`refuses a range outside: ${range}`, async () => {
      const { status, headers, json } = await send(edge.port, bare(`GET ${path}`, `Range: ${range}`));
      assert.deepEqual([status, headers['content-range'], json().error], [416, 'bytes */10', true]);
    });
  }

  it('gives a range only of the file that the client has', async () => {
    const asked = async (ifRange: string) =>
      (await send(edge.port, bare(`GET ${path}`, 'Range: bytes=0-1', `If-Range: ${ifRange}`))).status;
    assert.equal(await asked(etag), 206);
    assert.equal(await asked(modified), 206);
    assert.equal(await asked('"other"'), 200);
    assert.equal(await asked(`W/${etag}`), 200);
    assert.equal(await asked(new Date(Date.parse(modified) - 1000).toUTCString()), 200);
    assert.equal(await asked('nonsense'), 200);
  });

  it('says "not modified" where the client has the file', async () => {
    const asked = (...headers: string[]) => send(edge.port, bare(`GET ${path}`, ...headers));
    for (const tags of [etag, `"a", W/${etag}`, '*']) {
      const answer = await asked(`If-None-Match: ${tags}`);
      assert.deepEqual(
        [answer.status, answer.headers.etag, answer.headers['content-length']],
        [304, etag, undefined],
      );
    }
    assert.equal((await asked(`If-Modified-Since: ${modified}`)).status, 304);
    assert.equal((await asked('If-None-Match: "a"', `If-Modified-Since: ${modified}`)).status, 200);
    assert.equal((await asked(`If-Modified-Since: ${new Date(0).toUTCString()}`)).status, 200);
    assert.equal((await asked('If-Modified-Since: nonsense')).status, 200);
    // The connection goes on: a 304 has no body.
    const client = await RawClient.open(edge.port);
    client.write(bare(`GET ${path}`, `If-None-Match: ${etag}`) + bare('GET /version'));
    await client.answer();
    assert.equal((await client.answer()).json().name, 'octavo');
    client.close();
  });

  it('of no bytes is a file too', async () => {
    const empty = await edge.file('', 'empty.pdf');
    const { status, headers, body } = await send(edge.port, bare(`GET ${empty}`));
    assert.deepEqual([status, headers['content-length'], body.length], [200, '0', 0]);
    assert.equal((await send(edge.port, bare(`GET ${empty}`, 'Range: bytes=0-'))).status, 416);
  });

  it('of many bytes is streamed', async () => {
    const bytes = Buffer.alloc(5_000_000, 'octavo ');
    const large = await edge.file(bytes, 'large.bin');
    assert.ok((await send(edge.port, bare(`GET ${large}`))).body.equals(bytes));
    const range = await send(edge.port, bare(`GET ${large}`, 'Range: bytes=1000000-4000000'));
    assert.ok(range.body.equals(bytes.subarray(1_000_000, 4_000_001)));
  });

  it('that the client breaks off leaves the server as it was', async () => {
    const large = await edge.file(Buffer.alloc(50_000_000), 'large.bin');
    const client = await RawClient.open(edge.port);
    const lines = edge.lines.length;
    client.write(bare(`GET ${large}`));
    await new Promise((resolve) => client.socket.once('data', resolve));
    client.close();
    while (edge.lines.length === lines) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(edge.lines.at(-1)?.fields.aborted, true);
    assert.equal((await send(edge.port, bare('GET /version'))).status, 200);
  });

  it('of a file that became shorter meanwhile closes the connection, rather than lie about its end', async () => {
    const file = await edge.file('0123456789', 'a.pdf');
    const { storage, files } = edge;
    await using other = await startEdge(
      {},
      {
        files,
        storage: {
          ...storage,
          read: (key, range) => storage.read(key, { start: range?.start ?? 0, end: 4 }),
        },
      },
    );
    const client = await RawClient.open(other.port);
    client.write(bare(`GET ${file}`) + bare('GET /version'));
    await assert.rejects(client.answer(), /closed/);
  });

  it('of a small file that was changed in storage is an error, for a part and for the head too', async () => {
    const file = await edge.file('0123456789', 'a.pdf');
    const { key } = (await uploadAt(edge, file)) ?? assert.fail();
    await flipByte(join(edge.directory, 'files', key), 3);
    for (const method of ['GET', 'HEAD']) {
      for (const range of [[], ['Range: bytes=7-8']]) {
        const answer = await send(edge.port, bare(`${method} ${file}`, ...range), {
          head: method === 'HEAD',
        });
        assert.equal(answer.status, 500);
        assert.equal(answer.headers['etag'], undefined);
        assert.doesNotMatch(answer.body.toString(), /0123|files|\/tmp|20\d{10}/);
        const line = edge.lines.findLast(({ event }) => event === 'stored file is damaged');
        assert.ok(String(line?.fields.detail).includes(key));
      }
    }
    await truncate(join(edge.directory, 'files', key), 0);
    for (const method of ['GET', 'HEAD'])
      assert.equal(
        (await send(edge.port, bare(`${method} ${file}`), { head: method === 'HEAD' })).status,
        500,
      );
  });

  for (const at of [0, 400_000, 999_999]) {
    it(`of a large file of which byte ${at} was changed in storage never ends well`, async () => {
      const bytes = Buffer.alloc(1_000_000, 'octavo ');
      const file = await edge.file(bytes, 'a.pdf');
      const { key } = (await uploadAt(edge, file)) ?? assert.fail();
      const part = `Range: bytes=399999-400001`;
      assert.equal(
        (await send(edge.port, bare(`GET ${file}`, part))).body.toString(),
        bytes.subarray(399_999, 400_002).toString(),
      );
      await flipByte(join(edge.directory, 'files', key), at);
      const lines = edge.lines.length;
      await assert.rejects(send(edge.port, bare(`GET ${file}`)), /closed/);
      const isLogged = () =>
        edge.lines.slice(lines).some(({ event, fields }) => {
          return event === 'stored file is damaged' && String(fields.detail).includes(key);
        });
      while (!isLogged()) await new Promise((resolve) => setImmediate(resolve));
      const answer = send(edge.port, bare(`GET ${file}`, part));
      // The parts that are whole may be had, as the promise is about each byte.
      if (at === 400_000) assert.equal((await answer).status, 500);
      else assert.equal((await answer).body.toString(), bytes.subarray(399_999, 400_002).toString());
    });
  }

  it('of a part of a large file that was changed before it was ever read is an error', async () => {
    const file = await edge.file(Buffer.alloc(1_000_000, 'octavo '), 'a.pdf');
    const { key } = (await uploadAt(edge, file)) ?? assert.fail();
    await flipByte(join(edge.directory, 'files', key), 10);
    const answer = await send(edge.port, bare(`GET ${file}`, 'Range: bytes=399999-400001'));
    assert.equal(answer.status, 500);
  });

  it('of a link that stands for nothing is not found', async () => {
    const expiresAt = wholeMinutes(edge.nowMs + 60_000);
    const never = edge.links.file({ kind: 'upload', id: 'f'.repeat(32), tenant: 0, expiresAt });
    const noJob = edge.links.file({ kind: 'result', id: 'f'.repeat(32), tenant: 0, expiresAt });
    const token = path.split('/')[2] as string;
    for (const wrong of [never, noJob, `${token}A`, token.toLowerCase(), 'x', '%00']) {
      const answer = await send(edge.port, bare(`GET /files/${wrong}/a.pdf`));
      assert.deepEqual([answer.status, answer.json().error], [404, true]);
    }
    assert.equal((await send(edge.port, bare('GET /files'))).status, 404);
  });

  it('of a result is not found until its job has succeeded, and serves the attempt that did', async () => {
    const answer = await send(edge.port, bare('GET /pdf/merge?async=1&url=http://a/b&name=merged'));
    const { url, jobId } = answer.json();
    const { pathname } = new URL(url);
    assert.equal((await send(edge.port, bare(`GET ${pathname}`))).status, 404);
    const link = edge.links.read(pathname.split('/')[2] as string);
    assert.ok(link);
    const { key } = await edge.storage.put(slotOf(link, 2), one('%PDF merged'), 1_000);
    const outcome = { storageKey: key, sizeBytes: 11, pageCount: 3, warnings: [] };
    edge.queue.end(jobId, { status: 'failed', outcome });
    assert.equal((await send(edge.port, bare(`GET ${pathname}`))).status, 404);
    edge.queue.end(jobId, { status: 'success', outcome });
    const result = await send(edge.port, bare(`GET ${pathname}`));
    assert.deepEqual([result.status, result.body.toString()], [200, '%PDF merged']);
    assert.equal(result.headers['content-disposition'], 'attachment; filename="merged.pdf"');
    const start = edge.nowMs;
    edge.nowMs = link.expiresAt;
    assert.equal((await send(edge.port, bare(`GET ${pathname}`))).status, 404);
    edge.nowMs = start;
    await edge.storage.delete(slotOf(link, 2), nothingNeeded);
    assert.equal((await send(edge.port, bare(`GET ${pathname}`))).status, 404);
  });
});

describe('pages of other origins', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge();
  });
  after(() => edge.stop());

  for (const path of [
    '/pdf/merge',
    '/v1/job/check',
    '/upload/x/y',
    '/files/x/y',
    '/nothing',
    '/file/upload/get-presigned-url',
    '/health',
  ]) {
    it(`may ask first, without a key: ${path}`, async () => {
      const { status, headers } = await send(
        edge.port,
        bare(
          `OPTIONS ${path}`,
          'Origin: null',
          'Access-Control-Request-Method: PUT',
          'Access-Control-Request-Headers: x-api-key,content-type,x-own',
        ),
      );
      assert.equal(status, 204);
      assert.equal(headers['access-control-allow-origin'], '*');
      for (const method of ['GET', 'POST', 'PUT'])
        assert.match(headers['access-control-allow-methods'] ?? '', new RegExp(method));
      assert.equal(headers['access-control-allow-headers'], 'x-api-key,content-type,x-own');
      assert.ok(Number(headers['access-control-max-age']) > 0);
    });
  }

  it('hear the usual headers where they ask for none, or for nonsense', async () => {
    for (const asked of [[], ['Access-Control-Request-Headers: a b\x01'.replace('\x01', ';')]]) {
      const { headers } = await send(edge.port, bare('OPTIONS /pdf/merge', ...asked));
      assert.equal(headers['access-control-allow-headers'], 'x-api-key, content-type');
    }
  });

  it('may read answers, errors too, and their useful headers', async () => {
    for (const path of ['/version', '/nothing', '/pdf/merge', '/files/x/y']) {
      const { headers } = await send(edge.port, bare(`GET ${path}`, 'Origin: https://page.example'));
      assert.equal(headers['access-control-allow-origin'], '*');
      assert.match(headers['access-control-expose-headers'] ?? '', /content-disposition.*x-request-id/);
      assert.equal(headers['access-control-allow-credentials'], undefined);
    }
  });
});

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] as number) ^ 1]), 0, 1, at);
  await file.close();
}
