import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { localCertificate } from '../../src/platform/certificates.ts';
import { startEdge } from './edge.ts';
import { bare, RawClient, send, withBody } from './raw.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((one) =>
  one?.some(({ address }) => address === '::1'),
);

describe('listening', () => {
  it(
    'on localhost is on 127.0.0.1 and on ::1, with one port',
    { skip: !hasIpv6 && 'this machine has no ::1' },
    async () => {
      await using edge = await startEdge({ host: 'localhost' });
      for (const host of ['127.0.0.1', '::1']) {
        const client = await RawClient.open(edge.port, undefined, host);
        client.write('GET /file/upload/get-presigned-url HTTP/1.0\r\n\r\n');
        const { url } = (await client.answer()).json();
        assert.equal(new URL(url).host, `${host === '::1' ? '[::1]' : host}:${edge.port}`);
        client.close();
      }
      await edge.stop();
    },
  );

  it('on a port that is taken says so to the operator', async () => {
    await using edge = await startEdge();
    await assert.rejects(startEdge({ port: edge.port }), {
      message: `Port ${edge.port} on 127.0.0.1 is taken by another program: stop it, or set OCTAVO_PORT.`,
    });
  });

  it(
    'on localhost leaves 127.0.0.1 free again where ::1 is taken',
    { skip: !hasIpv6 && 'this machine has no ::1' },
    async () => {
      const other = createServer();
      other.listen(0, '::1');
      await once(other, 'listening');
      const { port } = other.address() as { port: number };
      await assert.rejects(startEdge({ host: 'localhost', port }), /is taken/);
      await using edge = await startEdge({ port });
      assert.equal(edge.port, port);
      await edge.stop();
      other.close();
    },
  );

  it('on an address that the machine does not have says so', async () => {
    await assert.rejects(
      startEdge({ host: '192.0.2.1' }),
      /This machine has no address 192\.0\.2\.1: set OCTAVO_HOST/,
    );
  });

  it('with TLS gives https links, one write, and the envelope for what is no HTTP', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'octavo-tls-'));
    const certificate = await localCertificate(directory, Date.now());
    await using edge = await startEdge({ tls: certificate });
    const trust = { ca: await readFile(certificate.authorityFile, 'utf8') };
    const client = await RawClient.open(edge.port, trust);
    client.write(bare('GET /file/upload/get-presigned-url?name=a.pdf'));
    const answer = await client.answer();
    assert.match(answer.json().url, /^https:\/\/h\/files\//);
    assert.deepEqual(
      JSON.parse(answer.first.subarray(answer.first.indexOf('\r\n\r\n') + 4).toString()),
      answer.json(),
    );
    client.write(Buffer.from(bare('GET /file/upload/get-presigned-url?name=ü ö.pdf')));
    assert.equal((await client.answer()).json().name, 'ü ö.pdf');
    client.close();
    const broken = await RawClient.open(edge.port, trust);
    broken.write('nonsense\r\n\r\n');
    assert.equal((await broken.answer()).json().status, 400);
    broken.close();
    await rm(directory, { recursive: true });
  });
});

describe('a slow client', () => {
  it('that does not end its headers is refused', async () => {
    await using edge = await startEdge({ headersMsMax: 50 });
    const client = await RawClient.open(edge.port);
    client.write('GET /health HTTP/1.1\r\nHost: h\r\n');
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.json().error], [408, true]);
    await client.closed();
  });

  it('that says nothing at all is let go', async () => {
    await using edge = await startEdge({ headersMsMax: 50 });
    const client = await RawClient.open(edge.port);
    await client.closed();
  });

  it('that stops in the middle of its body is let go, and leaves nothing', async () => {
    await using edge = await startEdge({ idleMsMax: 200 });
    const { put } = await edge.presign('a.pdf');
    const client = await RawClient.open(edge.port);
    client.write(`${bare(`PUT ${put}`, 'Content-Length: 1000')}half`);
    await client.closed();
    while (edge.lines.length < 2) await new Promise((resolve) => setImmediate(resolve));
    while ((await edge.partial()).length > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await edge.stored(), []);
  });
});

describe('stopping', () => {
  const link = 'http://a/b.pdf';

  it('lets what runs end, refuses what is new, and closes the connections', async () => {
    await using edge = await startEdge({ syncWaitMs: 60_000 });
    const waiting = await RawClient.open(edge.port);
    waiting.write(bare(`GET /pdf/merge?url=${link}`));
    const uploading = await RawClient.open(edge.port);
    const { put, file } = await edge.presign('a.pdf');
    uploading.write(`${bare(`PUT ${put}`, 'Content-Length: 5')}by`);
    await edge.queue.waiters(1);
    while ((await edge.partial()).length === 0) await new Promise((resolve) => setImmediate(resolve));

    const closed = edge.server.close(60_000);
    uploading.write('tes');
    const uploaded = await uploading.answer();
    assert.deepEqual([uploaded.status, uploaded.headers.connection], [200, 'close']);
    const [id] = [...edge.queue.jobs.keys()] as [string];
    edge.queue.end(id, {
      status: 'success',
      outcome: { storageKey: 'x', sizeBytes: 1, pageCount: 1, warnings: [] },
    });
    const done = await waiting.answer();
    assert.deepEqual([done.status, done.headers.connection], [200, 'close']);
    await closed;
    await assert.rejects(send(edge.port, bare('GET /health')));
    const token = file.split('/')[2] as string;
    assert.ok(edge.links.read(token));
    assert.equal((await edge.stored()).length, 1);
  });

  it('tells those who still wait at the end of its time to ask job/check', async () => {
    await using edge = await startEdge({ syncWaitMs: 60_000 });
    const client = await RawClient.open(edge.port);
    client.write(bare(`GET /pdf/merge?url=${link}`));
    await edge.queue.waiters(1);
    const closed = edge.server.close(0);
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.headers.connection], [445, 'close']);
    await client.closed();
    await closed;
  });

  it('answers late calls by 503, and job/check by "working"', async () => {
    await using edge = await startEdge();
    const asking = await Promise.all(
      [
        bare(`GET /pdf/merge?url=${link}`),
        bare('GET /job/check?jobid=1'),
        bare('GET /file/upload/get-presigned-url'),
      ].map(async (line) => {
        const client = await RawClient.open(edge.port);
        // The connection is busy with the first half of a request when the server begins to stop.
        client.write(line.slice(0, 20));
        return { client, rest: line.slice(20) };
      }),
    );
    await send(edge.port, bare('GET /version'));
    const closed = edge.server.close(60_000);
    const answers = await Promise.all(
      asking.map(async ({ client, rest }) => {
        client.write(rest);
        return client.answer();
      }),
    );
    const [merge, check, presign] = answers.map((answer) => ({ ...answer, body: answer.json() }));
    assert.deepEqual([merge?.status, merge?.headers['retry-after'], merge?.body.error], [503, '2', true]);
    assert.deepEqual([check?.status, check?.body.status, check?.body.error], [200, 'working', false]);
    assert.equal(presign?.status, 503);
    for (const answer of answers) assert.equal(answer.headers.connection, 'close');
    await closed;
  });

  it('ends in time whatever a client does', async () => {
    await using edge = await startEdge();
    const { put } = await edge.presign('a.pdf');
    const client = await RawClient.open(edge.port);
    client.write(`${bare(`PUT ${put}`, 'Content-Length: 1000')}half`);
    while ((await edge.partial()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    await edge.server.close(10);
    await client.closed();
    while ((await edge.partial()).length > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await edge.stored(), []);
  });

  it('may be asked for twice', async () => {
    await using edge = await startEdge();
    await Promise.all([edge.server.close(0), edge.server.close(0)]);
    assert.equal(
      (await send(edge.port, withBody('GET /', [], '')).catch((error: Error) => error)) instanceof Error,
      true,
    );
  });
});
