import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { wholeMinutes } from '../../src/links/links.ts';
import { startEdge, type TestEdge, uploadAt } from './edge.ts';
import { bare, RawClient, send, withBody } from './raw.ts';

const uploadBytesMax = 1_000_000;
const octets = 'Content-Type: application/octet-stream';
const form = (fileName: string, bytes: string) =>
  `--edge\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n${bytes}\r\n--edge--\r\n`;
const multipart = 'Content-Type: multipart/form-data; boundary=edge';

describe('an upload', () => {
  let edge: TestEdge;
  before(async () => {
    edge = await startEdge({ uploadBytesMax });
  });
  after(() => edge.stop());
  const bytesAt = async (path: string): Promise<string | null> => {
    return (await uploadAt(edge, path))?.bytes.toString('latin1') ?? null;
  };

  const kinds: { name: string; sent: (path: string) => string | Buffer; bytes: string }[] = [
    {
      name: 'raw bytes with a type',
      sent: (path) => withBody(`PUT ${path}`, [octets], '%PDF\0\xff'),
      bytes: '%PDF\0\xff',
    },
    {
      name: 'raw bytes without a type',
      sent: (path) => withBody(`PUT ${path}`, [], 'bytes'),
      bytes: 'bytes',
    },
    {
      name: 'raw bytes with a type that is none',
      sent: (path) => withBody(`PUT ${path}`, ['Content-Type: /;'], 'bytes'),
      bytes: 'bytes',
    },
    {
      name: 'JSON, which is bytes here',
      sent: (path) => withBody(`PUT ${path}`, ['Content-Type: application/json'], '{"a":'),
      bytes: '{"a":',
    },
    {
      name: 'chunks',
      sent: (path) =>
        `${bare(`PUT ${path}`, octets, 'Transfer-Encoding: chunked')}5\r\nbytes\r\n1;x=y\r\n!\r\n0\r\nTrailer: t\r\n\r\n`,
      bytes: 'bytes!',
    },
    { name: 'no bytes', sent: (path) => withBody(`PUT ${path}`, [octets], ''), bytes: '' },
    { name: 'no body and no length', sent: (path) => bare(`PUT ${path}`), bytes: '' },
    {
      name: 'a key, which is not looked at',
      sent: (path) => withBody(`PUT ${path}`, ['x-api-key: ***'], 'bytes'),
      bytes: 'bytes',
    },
    {
      name: 'POST in place of PUT',
      sent: (path) => withBody(`POST ${path}`, [octets], 'bytes'),
      bytes: 'bytes',
    },
    { name: 'under /v1', sent: (path) => withBody(`PUT /v1${path}`, [octets], 'bytes'), bytes: 'bytes' },
    {
      name: 'without the label',
      sent: (path) => withBody(`PUT ${path.replace(/\/[^/]*$/, '')}`, [octets], 'bytes'),
      bytes: 'bytes',
    },
    {
      name: 'with another label',
      sent: (path) => withBody(`PUT ${path}.zip`, [octets], 'bytes'),
      bytes: 'bytes',
    },
    {
      name: 'a multipart form: its first file',
      sent: (path) => withBody(`PUT ${path}`, [multipart], form('a.pdf', '%PDF\r\n--edg')),
      bytes: '%PDF\r\n--edg',
    },
    {
      name: 'bytes that begin like a form',
      sent: (path) => withBody(`PUT ${path}`, [octets], form('a', 'b')),
      bytes: form('a', 'b'),
    },
    {
      name: 'a form whose header and first line differ',
      sent: (path) => withBody(`PUT ${path}`, [`${multipart}s`], form('a', 'b')),
      bytes: form('a', 'b'),
    },
    {
      name: 'as large as may be',
      sent: (path) => withBody(`PUT ${path}`, [], 'x'.repeat(uploadBytesMax)),
      bytes: 'x'.repeat(uploadBytesMax),
    },
  ];
  for (const { name, sent, bytes } of kinds) {
    it(`takes ${name}`, async () => {
      const links = await edge.presign('sample.pdf');
      const answer = await send(edge.port, sent(links.put));
      assert.deepEqual([answer.status, answer.phrase, answer.body.length], [200, 'OK', 0]);
      assert.equal(answer.headers['content-length'], '0');
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      assert.equal(await bytesAt(links.file), bytes);
      assert.equal(
        answer.headers.etag,
        (await send(edge.port, bare(`HEAD ${links.file}`), { head: true })).headers.etag,
      );
    });
  }

  it('may be sent again', async () => {
    const { put, file } = await edge.presign('a.pdf');
    await send(edge.port, withBody(`PUT ${put}`, [], 'first, and longer'));
    await send(edge.port, withBody(`PUT ${put}`, [], 'second'));
    assert.equal(await bytesAt(file), 'second');
  });

  it('is there for whoever has either link, and is not before', async () => {
    const { put, file } = await edge.presign('a.pdf');
    for (const path of [put, file]) assert.equal((await send(edge.port, bare(`GET ${path}`))).status, 404);
    await send(edge.port, withBody(`PUT ${put}`, [], 'bytes'));
    for (const path of [put, file])
      assert.equal((await send(edge.port, bare(`GET ${path}`))).body.toString(), 'bytes');
  });

  it('is refused past the limit before its bytes are read, and where it has no length', async () => {
    const { put, file } = await edge.presign('a.pdf');
    const early = await RawClient.open(edge.port);
    early.write(bare(`PUT ${put}`, `Content-Length: ${uploadBytesMax + 1}`));
    assert.equal((await early.answer()).status, 413);
    early.close();
    const chunk = `${uploadBytesMax.toString(16)}\r\n${'x'.repeat(uploadBytesMax)}\r\n`;
    const late = await send(
      edge.port,
      `${bare(`PUT ${put}`, 'Transfer-Encoding: chunked')}${chunk}1\r\nx\r\n0\r\n\r\n`,
    );
    assert.equal(late.status, 413);
    assert.deepEqual(late.json(), {
      error: true,
      status: 413,
      message: 'The file is larger than 1000000 bytes, the most that this server takes.',
    });
    assert.deepEqual([await bytesAt(file), await edge.partial()], [null, []]);
  });

  it('is refused in pieces', async () => {
    const { put, file } = await edge.presign('a.pdf');
    assert.equal(
      (await send(edge.port, withBody(`PUT ${put}`, ['Content-Range: bytes 0-4/10'], 'bytes'))).status,
      400,
    );
    assert.equal(await bytesAt(file), null);
  });

  it('is refused as a form without a file, or one that is cut off', async () => {
    const { put, file } = await edge.presign('a.pdf');
    const none = '--edge\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--edge--';
    for (const body of [none, form('a.pdf', 'x').slice(0, -12)]) {
      assert.equal((await send(edge.port, withBody(`PUT ${put}`, [multipart], body))).status, 400);
    }
    assert.deepEqual([await bytesAt(file), await edge.partial()], [null, []]);
  });

  it('is refused by a link that is not its own', async () => {
    const { put, file } = await edge.presign('a.pdf');
    const token = put.split('/')[2] as string;
    const changed = `${token.slice(0, 5)}${token[5] === 'A' ? 'B' : 'A'}${token.slice(6)}`;
    const result = edge.links.file({
      kind: 'result',
      id: '0'.repeat(32),
      tenant: 0,
      expiresAt: wholeMinutes(edge.nowMs + 60_000),
    });
    for (const wrong of [changed, token.slice(0, -1), `${token}A`, 'x', '..', file.split('/')[2], result]) {
      const answer = await send(edge.port, withBody(`PUT /upload/${wrong}/a.pdf`, [], 'bytes'));
      assert.ok(answer.status === 403 || wrong === '..', String(wrong));
      assert.equal(answer.json().error, true);
    }
    assert.equal((await send(edge.port, withBody(`PUT ${file}`, [], 'bytes'))).status, 405);
  });

  it('is refused by a link whose time is over, though the file stays', async () => {
    const { put, file } = await edge.presign('a.pdf');
    const start = edge.nowMs;
    await send(edge.port, withBody(`PUT ${put}`, [], 'bytes'));
    edge.nowMs = start + 30 * 60_000;
    const late = await send(edge.port, withBody(`PUT ${put}`, [], 'other'));
    assert.deepEqual(
      [late.status, late.json().message],
      [403, 'This upload link has expired: ask for a new one.'],
    );
    assert.equal((await send(edge.port, bare(`GET ${file}`))).body.toString(), 'bytes');
    edge.nowMs = start + 60 * 60_000;
    assert.equal((await send(edge.port, bare(`GET ${file}`))).status, 404);
    edge.nowMs = start;
  });

  for (const kind of ['a length', 'chunks']) {
    it(`that is interrupted stores nothing: ${kind}`, async () => {
      const { put, file } = await edge.presign('a.pdf');
      const client = await RawClient.open(edge.port);
      const head = kind === 'chunks' ? 'Transfer-Encoding: chunked' : 'Content-Length: 1000';
      client.write(`${bare(`PUT ${put}`, head)}${kind === 'chunks' ? '5\r\n' : ''}bytes`);
      const lines = edge.lines.length;
      await until(async () => (await edge.partial()).length > 0);
      client.close();
      await until(async () => (await edge.partial()).length === 0 && edge.lines.length > lines);
      assert.equal(await bytesAt(file), null);
      const line = edge.lines.at(-1);
      assert.deepEqual([line?.event, line?.fields.aborted], ['request', true]);
      assert.ok(!edge.lines.some(({ event }) => event === 'request failed'));
    });
  }

  it('that is interrupted leaves what was there before', async () => {
    const { put, file } = await edge.presign('a.pdf');
    await send(edge.port, withBody(`PUT ${put}`, [], 'whole'));
    const client = await RawClient.open(edge.port);
    client.write(`${bare(`PUT ${put}`, 'Content-Length: 1000')}half`);
    await until(async () => (await edge.partial()).length > 0);
    client.close();
    await until(async () => (await edge.partial()).length === 0);
    assert.equal(await bytesAt(file), 'whole');
  });

  it('may be sent again by many at once: whoever looks sees one of them whole, and the last one stays', async () => {
    const { put, file } = await edge.presign('a.pdf');
    const bodies = Array.from({ length: 24 }, (_, index) =>
      String.fromCharCode(65 + index).repeat(40_000 * (index + 1)),
    );
    const tags = new Map<string, string>();
    const racing = Promise.all(
      bodies.map(async (body) => {
        const answer = await send(edge.port, withBody(`PUT ${put}`, [octets], body));
        assert.equal(answer.status, 200);
        tags.set(answer.headers.etag ?? '', body);
      }),
    );
    const seen: (string | null)[] = [];
    const race = { over: false };
    const looking = (async () => {
      while (!race.over) {
        const { status, body } = await send(edge.port, bare(`GET ${file}`));
        seen.push(status === 200 ? body.toString('latin1') : null);
      }
    })();
    await racing;
    race.over = true;
    await looking;
    for (const one of seen) assert.ok(one === null || bodies.includes(one), 'a mixture, or a part');
    assert.equal(
      seen.lastIndexOf(null) <= seen.findIndex((one) => one !== null),
      true,
      'once there, it stays',
    );
    const { headers, body } = await send(edge.port, bare(`GET ${file}`));
    assert.equal(tags.get(headers.etag ?? ''), body.toString('latin1'));
    await send(edge.port, withBody(`PUT ${put}`, [octets], 'the last'));
    assert.equal(await bytesAt(file), 'the last');
    assert.deepEqual(await edge.partial(), []);
  });

  it('by many at once ends for all, each with its own bytes', async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { put, file } = await edge.presign(`${index}.pdf`);
        assert.equal((await send(edge.port, withBody(`PUT ${put}`, [], `bytes ${index}`))).status, 200);
        return bytesAt(file);
      }),
    );
    assert.deepEqual(
      all,
      Array.from({ length: 50 }, (_, index) => `bytes ${index}`),
    );
  });
});

/** Asks again until it is so; the limit of the test run ends it otherwise. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
