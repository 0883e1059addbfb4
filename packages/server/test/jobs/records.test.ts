import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';

import type { EmbeddedDatabase } from '../../src/database/embedded.ts';
import { openExternal } from '../../src/database/external.ts';
import type { JobsOptions } from '../../src/jobs/jobs.ts';
import { createDeliveryRecords, type DeliveryRecord } from '../../src/jobs/records.ts';
import { createPost } from '../../src/net/post.ts';
import { silentLog } from '../../src/platform/log.ts';
import { open, startScript, temporaryDirectory, until, urlOf } from '../database/harness.ts';
import { startReceiver } from '../net/receiver.ts';
import { startWorld, type World, write } from './harness.ts';

const post = createPost({ allow: ['127.0.0.0/8'], timeoutMs: 10_000 });
const hour = 3_600_000;

describe('a callback that was not heard', { timeout: 60_000 }, () => {
  const directory = temporaryDirectory();
  let database: EmbeddedDatabase;
  let answer: (response: ServerResponse) => void;
  before(async () => (database = await open(directory)));
  after(() => database.close());

  const start = (more: Partial<JobsOptions> = {}) =>
    startWorld(database, directory, { write }, { post, callbackAgainMs: [], ...more });
  const all = async (world: World) => (await world.jobs.deliveries.list({ limit: 100 })).records;
  /** When all have been given up. */
  const settled = async (world: World): Promise<DeliveryRecord[]> => {
    let records: DeliveryRecord[] = [];
    await until(async () => {
      records = await all(world);
      return records.length > 0 && records.every(({ state }) => state === 'failed');
    });
    return records;
  };
  const gone = (world: World) => until(async () => (await all(world)).length === 0);

  it('stays as a record that shows no more of its link than the host', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(500).end());
    await using world = await start();
    const job = await world.accept('write', { tenant: 3, callback: receiver.at('/a/secret?of=me#x') });
    const [record] = (await settled(world)) as [DeliveryRecord];
    assert.deepEqual(
      { ...record, createdAt: 0, triedAt: 0 },
      {
        id: job.id,
        tenant: 3,
        state: 'failed',
        host: new URL(receiver.at('/')).host,
        attempts: 1,
        createdAt: 0,
        triedAt: 0,
        status: 500,
        reason: undefined,
        nextAt: undefined,
      },
    );
    assert.ok(record.createdAt instanceof Date && record.triedAt instanceof Date);
    assert.doesNotMatch(JSON.stringify(record), /secret|of=me/);
    await database.query('DELETE FROM octavo.delivery');
  });

  it('is sent again by a word, with all attempts before it, under the same id', async () => {
    answer = (response) => response.writeHead(410).end();
    await using receiver = await startReceiver((response) => answer(response));
    await using world = await start({ callbackAgainMs: [1] });
    const jobs = [0, 1, 2].map(() => world.accept('write', { callback: receiver.at('/') }));
    const ids = (await Promise.all(jobs)).map(({ id }) => id);
    await until(async () => (await all(world)).filter(({ state }) => state === 'failed').length === 3);
    assert.equal(receiver.received.length, 3);

    answer = (response) => response.writeHead(500).end();
    assert.equal(await world.jobs.deliveries.resend(ids[1] as string), true);
    await receiver.count(5);
    const failed = await settled(world);
    assert.deepEqual(failed.map(({ id, attempts, status }) => [id === ids[1], attempts, status]).toSorted(), [
      [false, 1, 410],
      [false, 1, 410],
      [true, 2, 500],
    ]);

    answer = (response) => response.end();
    // As another process does it.
    const beside = createDeliveryRecords(database);
    assert.equal(await beside.resendFailed(), 3);
    await gone(world);
    const heard = receiver.received.map(({ headers }) => headers['webhook-id']);
    assert.deepEqual(new Set(heard.slice(-3)), new Set(ids));
    assert.equal(heard.length, 8);
    assert.equal(await beside.resendFailed(), 0);
    for (const id of [...ids, '', 'x', "' OR true --"]) assert.equal(await beside.resend(id), false);
  });

  it('is not sent again while it is being sent', async () => {
    const held = Promise.withResolvers<void>();
    await using receiver = await startReceiver((response) => void held.promise.then(() => response.end()));
    await using world = await start();
    const { id } = await world.accept('write', { callback: receiver.at('/') });
    await receiver.count(1);
    assert.deepEqual(
      (await all(world)).map(({ state, attempts, nextAt }) => [state, attempts, nextAt]),
      [['sending', 1, undefined]],
    );
    assert.equal(await world.jobs.deliveries.resend(id), false);
    held.resolve();
    await gone(world);
    assert.equal(receiver.received.length, 1);
  });

  it('that somebody else has taken over meanwhile is not touched by who was too slow', async () => {
    const held = Promise.withResolvers<void>();
    await using receiver = await startReceiver(
      (response) => void held.promise.then(() => response.writeHead(500).end()),
    );
    await using world = await start({ callbackAgainMs: [hour] });
    await world.accept('write', { callback: receiver.at('/') });
    await receiver.count(1);
    await database.query(
      `UPDATE octavo.delivery SET turn = turn + 1, attempts = attempts + 1, due_at = now() + interval '20 seconds'`,
    );
    const rows = () => database.query('SELECT * FROM octavo.delivery');
    const theirs = await rows();
    held.resolve();
    await world.jobs.stop(60_000);
    assert.deepEqual(await rows(), theirs);
    await database.query('DELETE FROM octavo.delivery');
  });

  it('that was redirected counts as not heard, and waits for its next attempt', async () => {
    await using other = await startReceiver();
    await using receiver = await startReceiver((response) =>
      response.writeHead(302, { location: other.at('/') }).end(),
    );
    await using world = await start({ callbackAgainMs: [hour, hour] });
    const { id } = await world.accept('write', { callback: receiver.at('/') });
    const seen = Date.now();
    const record = await until(async () => (await all(world)).find(({ status }) => status !== undefined));
    assert.deepEqual([record.attempts, record.status, other.received.length], [1, 302, 0]);
    const nextMs = record.nextAt?.getTime() ?? 0;
    assert.ok(nextMs <= seen + hour + 60_000, 'the whole time at most');
    // One that waits can be sent at once, too.
    assert.equal(await world.jobs.deliveries.resend(id), true);
    await receiver.count(2);
    await database.query('DELETE FROM octavo.delivery');
  });

  it('waits as long as its answer asked', async () => {
    await using receiver = await startReceiver((response) =>
      response.writeHead(503, { 'retry-after': '600' }).end(),
    );
    await using world = await start({ callbackAgainMs: [1] });
    const sentAt = Date.now();
    await world.accept('write', { callback: receiver.at('/') });
    const at = await until(async () => {
      const [record] = await all(world);
      return record?.status === 503 ? record.nextAt : undefined;
    });
    assert.ok(at.getTime() >= sentAt + 600_000);
    assert.equal(receiver.received.length, 1);
    await database.query('DELETE FROM octavo.delivery');
  });

  it('is listed in pages, the oldest first, and by its state', async () => {
    await using world = await start({ post: () => Promise.reject(new Error('nobody is there')) });
    await database.query(
      `INSERT INTO octavo.delivery (job, link, host, body, due_at, last_at)
       SELECT gen_random_uuid(), 'http://a.example/', 'h' || n, '{}',
         CASE WHEN n % 2 = 0 THEN now() + interval '1 hour' END, now() FROM generate_series(1, 7) AS n`,
    );
    const hosts: string[] = [];
    let pages = 0;
    for (let next: number | undefined = 0; next !== undefined; pages++) {
      const page = await world.jobs.deliveries.list({ limit: 3, after: next });
      hosts.push(...page.records.map(({ host }) => host));
      next = page.next;
    }
    assert.deepEqual([hosts.join(' '), pages], ['h1 h2 h3 h4 h5 h6 h7', 3]);
    for (const [state, found] of [
      ['failed', 'h1 h3 h5 h7'],
      ['waiting', 'h2 h4 h6'],
      ['sending', ''],
    ] as const) {
      const { records } = await world.jobs.deliveries.list({ state, limit: 100 });
      assert.equal(records.map(({ host }) => host).join(' '), found);
    }
    await database.query('DELETE FROM octavo.delivery');
  });

  it('is forgotten some time after it was given up, and not before', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(410).end());
    {
      await using world = await start();
      await world.accept('write', { callback: receiver.at('/') });
      await settled(world);
    }
    {
      await using world = await start({ callbackKeptMs: hour });
      assert.equal((await all(world)).length, 1);
    }
    await database.query(`UPDATE octavo.delivery SET last_at = now() - interval '61 minutes'`);
    await using world = await start({ callbackKeptMs: hour });
    assert.deepEqual(await all(world), []);
  });
});

describe('a receiver that hangs', { timeout: 60_000 }, () => {
  const directory = temporaryDirectory();

  it('holds up nobody else', async () => {
    await using database = await open(directory);
    let opened = 0;
    await using hanging = await startReceiver(() => opened++);
    await using quick = await startReceiver();
    await using world = await startWorld(database, directory, { write }, { post });
    await database.query(
      `INSERT INTO octavo.delivery (job, link, host, body, due_at)
       SELECT gen_random_uuid(), $1, 'hanging', '{}', now() - interval '1 minute' FROM generate_series(1, 2000)`,
      [hanging.at('/')],
    );
    for (let n = 0; n < 5; n++) await world.accept('write', { callback: quick.at('/') });
    await quick.count(5);
    await hanging.count(8);
    // More of the same: nobody gives up, and nobody gets a ninth connection.
    for (let n = 0; n < 5; n++) await world.accept('write', { callback: quick.at('/') });
    await quick.count(10);
    assert.equal(opened, 8);
    await database.query('DELETE FROM octavo.delivery');
  });
});

describe('kill -9 in the middle of an attempt', { timeout: 60_000 }, () => {
  const hang = () => startReceiver((response, number) => number > 1 && response.end());

  it('has it made again by the next start, at once, under the same id', async () => {
    const directory = temporaryDirectory();
    await using receiver = await hang();
    const script = new URL('crasher.ts', import.meta.url);
    const server = startScript(script, directory, '', 'all', receiver.at('/'));
    const id = await server.line();
    await receiver.count(1);
    await server.kill();
    await using database = await open(directory);
    await using world = await startWorld(database, directory, {}, { post });
    await receiver.count(2);
    await until(async () => (await world.jobs.deliveries.list({ limit: 1 })).records.length === 0);
    assert.deepEqual(
      receiver.received.map(({ headers }) => headers['webhook-id']),
      [id, id],
    );
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
  });

  it('leaves it to the others when its time is over, and not before', async () => {
    const directory = temporaryDirectory();
    await using server = await open(directory);
    await using receiver = await hang();
    const script = new URL('crasher.ts', import.meta.url);
    const crasher = startScript(script, directory, urlOf(directory), 'all', receiver.at('/'));
    const id = await crasher.line();
    await receiver.count(1);
    await crasher.kill();
    const other = openExternal({ url: urlOf(directory), connectionsMax: 4, log: silentLog });
    await using _ = { [Symbol.asyncDispose]: () => other.close() };
    await using world = await startWorld(other, directory, {}, { role: 'worker', post });
    const [record] = (await world.jobs.deliveries.list({ limit: 1 })).records;
    assert.deepEqual([record?.id, record?.state, receiver.received.length], [id, 'sending', 1]);
    await server.query(`UPDATE octavo.delivery SET due_at = now()`);
    await receiver.count(2);
    await until(async () => (await server.query('SELECT FROM octavo.delivery')).length === 0);
    assert.deepEqual(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])), new Set([id]));
  });
});
