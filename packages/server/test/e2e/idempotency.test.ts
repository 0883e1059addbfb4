import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/database/database.ts';
import { open, urlOf } from '../database/harness.ts';
import { onePagePdf } from '../program/document.ts';
import { type Running, startOctavo } from '../program/server.ts';

describe('Idempotency-Key, on two servers with one database', () => {
  let root: string;
  let database: Database;
  let servers: Running[];
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'octavo-once-'));
    database = await open(join(root, 'postgres'));
    const env = {
      OCTAVO_DATABASE_URL: urlOf(join(root, 'postgres')),
      OCTAVO_WORKERS: '1',
      OCTAVO_PUBLIC_URL: 'http://octavo.example',
    };
    const data = join(root, 'data');
    servers = [await startOctavo(data, env), await startOctavo(data, { ...env, OCTAVO_ROLE: 'api' })];
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.close();
    await rm(root, { recursive: true, force: true });
  });

  const send = async (
    server: number,
    key: string,
    fields: Readonly<Record<string, string | Buffer>>,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields))
      body.append(name, typeof value === 'string' ? value : new File([new Uint8Array(value)], 'a.pdf'));
    const answer = await fetch(`${(servers[server] as Running).base}/pdf/merge`, {
      method: 'POST',
      headers: { 'idempotency-key': key, ...headers },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const jobs = async () => (await database.query('SELECT FROM octavo.job')).length;
  const stored = async () =>
    (await readdir(join(root, 'data', 'files'), { recursive: true })).filter((name) => /\/[^.]+$/.test(name));

  it('answers a form that comes again, with new bytes on the wire, as the form asks, and keeps nothing of it', async () => {
    const form = { file: onePagePdf('once'), name: 'once.pdf' };
    const first = await send(0, '"a-key"', form);
    assert.equal(first.status, 200);
    const files = await stored();
    const [again, accepted, preferred] = [
      await send(1, 'a-key', form),
      await send(1, 'a-key', { ...form, async: 'true' }),
      await send(0, 'a-key', form, { prefer: 'respond-async' }),
    ];
    assert.deepEqual(again, first);
    assert.deepEqual([accepted.body['url'], accepted.status], [first.body['url'], 200]);
    assert.deepEqual([preferred.body['jobId'], preferred.status], [accepted.body['jobId'], 202]);
    assert.equal(await jobs(), 1);
    const other = await send(1, 'a-key', { ...form, file: onePagePdf('other') });
    assert.equal(other.status, 422);
    assert.match(String(other.body['message']), /Idempotency-Key was sent with another call/);
    assert.deepEqual(await stored(), files);
  });

  it('finds the job of a call whose source is gone by now', async () => {
    const upload = new FormData();
    upload.append('file', new File([new Uint8Array(onePagePdf('gone'))], 'a.pdf'));
    const { base } = servers[0] as Running;
    const uploaded = await fetch(`${base}/file/upload`, { method: 'POST', body: upload });
    const { url } = (await uploaded.json()) as { url: string };
    const first = await send(0, 'gone', { url });
    assert.equal(first.status, 200);
    await fetch(`${base}/file/delete`, { method: 'POST', body: new URLSearchParams({ url }) });
    assert.equal((await send(0, 'another', { url })).status, 404);
    assert.deepEqual(await send(1, 'gone', { url }), first);
  });

  it('refuses keys that are none', async () => {
    const known = await jobs();
    for (const key of ['', 'two words', 'x'.repeat(256), '"open']) {
      const { status, body } = await send(0, key, { url: 'http://example.com' });
      assert.deepEqual([status, /Idempotency-Key/.test(String(body['message']))], [400, true], key);
    }
    assert.equal(await jobs(), known);
  });

  it('makes one job of 1,000 calls at once', async () => {
    const known = await jobs();
    const url = 'http://192.0.2.1/a.pdf';
    const race = async (n: number): Promise<unknown> => {
      for (;;) {
        const { status, body } = await send(n % 2, 'race', { url, async: 'true' });
        // What any client does of a server that is too busy for the moment.
        if (status !== 503 && status !== 429) return body['jobId'];
      }
    };
    const ids = await Promise.all(Array.from({ length: 1_000 }, (_, n) => race(n)));
    assert.deepEqual([new Set(ids).size, typeof ids[0]], [1, 'string']);
    assert.equal(await jobs(), known + 1);
  });
});
