import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import type { EmbeddedDatabase } from '../../src/database/embedded.ts';
import { openExternal } from '../../src/database/external.ts';
import { Failure } from '../../src/errors.ts';
import type { JobsOptions } from '../../src/jobs/jobs.ts';
import { callbackBody } from '../../src/jobs/state.ts';
import { createPost } from '../../src/net/post.ts';
import { silentLog } from '../../src/platform/log.ts';
import { open, temporaryDirectory, until, urlOf } from '../database/harness.ts';
import { type Receiver, startReceiver } from '../net/receiver.ts';
import { type Acts, gate, startWorld, type World, write } from './harness.ts';

const loopback = createPost({ allow: ['127.0.0.0/8'], timeoutMs: 10_000 });
const acts: Acts = {
  write,
  async refuse() {
    throw new Failure('passwordWrong');
  },
};

describe('a callback', { timeout: 60_000 }, () => {
  const directory = temporaryDirectory();
  let database: EmbeddedDatabase;
  before(async () => (database = await open(directory)));
  after(() => database.close());

  const start = (more: Partial<JobsOptions> = {}) =>
    startWorld(database, directory, acts, { post: loopback, callbackAgainMs: [10, 10, 10, 10], ...more });
  const rows = () =>
    database.query<{ attempts: number }>('SELECT * FROM octavo.delivery WHERE due_at IS NOT NULL');
  const done = () => until(async () => (await rows()).length === 0);
  const bodies = (receiver: Receiver) => receiver.received.map(({ body }) => JSON.parse(body));
  const givenUp = ({ lines }: World) => lines.filter(({ event }) => event === 'callback was given up');

  it('hears what job/check says of a job that went well', async () => {
    await using receiver = await startReceiver();
    await using world = await start();
    const job = await world.end(await world.accept('write', { callback: receiver.at('/hook?a=b') }));
    await done();
    assert.equal(receiver.received.length, 1);
    assert.equal(receiver.received[0]?.path, '/hook?a=b');
    const [body] = bodies(receiver);
    const url = `http://octavo.example/files/${job.resultToken}/result.txt`;
    assert.deepEqual(body, JSON.parse(callbackBody(job, 'http://octavo.example', 1_000_000)));
    const { status, error, jobId, pageCount, remainingCredits } = body;
    assert.deepEqual([status, error, jobId, pageCount], ['success', false, job.id, 3]);
    assert.deepEqual([body.url, body.name, remainingCredits], [url, 'result.txt', 1_000_000]);
    assert.ok(body.duration >= 0 && body.duration < 60_000);
  });

  it('hears of a job that failed, and no password', async () => {
    await using receiver = await startReceiver();
    await using world = await start();
    const job = await world.end(await world.accept('refuse', { callback: receiver.at('/') }));
    await done();
    assert.deepEqual(bodies(receiver), [
      {
        status: 'failed',
        message: new Failure('passwordWrong').message,
        error: false,
        jobId: job.id,
        remainingCredits: 1_000_000,
      },
    ]);
    assert.ok(!JSON.stringify(receiver.received).includes('secret password'));
  });

  it('is tried again until it answers 2xx', async () => {
    await using receiver = await startReceiver((response, number) =>
      response.writeHead(number <= 2 ? 500 : 204).end(),
    );
    await using world = await start();
    await world.accept('write', { callback: receiver.at('/') });
    await receiver.count(3);
    await done();
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
    assert.equal(receiver.received.length, 3);
    assert.deepEqual(givenUp(world), []);
  });

  it('is given up after the last attempt, with a warning that does not name the link', async () => {
    const gone = await startReceiver();
    await gone[Symbol.asyncDispose]();
    await using world = await start({ callbackAgainMs: [1, 1] });
    const job = await world.accept('write', { callback: gone.at('/with/a/secret') });
    await until(() => givenUp(world).length > 0);
    await done();
    const reason = 'the connection failed (ECONNREFUSED)';
    const event = 'callback was given up';
    assert.deepEqual(
      givenUp(world).map((line) => ({ ...line, time: '' })),
      [{ time: '', level: 'warn', event, job: job.id, attempts: 3, reason }],
    );
    assert.ok(!JSON.stringify(world.lines).includes('secret'));
  });

  it('that is gone is not asked again', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(410).end());
    await using world = await start();
    await world.accept('write', { callback: receiver.at('/') });
    await receiver.count(1);
    await done();
    assert.equal(receiver.received.length, 1);
    assert.equal(givenUp(world).length, 1);
  });

  it('does not reach private addresses', async () => {
    await using receiver = await startReceiver();
    await using world = await start({ post: createPost({ allow: [], timeoutMs: 10_000 }) });
    const ended = await world.end(await world.accept('write', { callback: receiver.at('/') }));
    assert.equal(ended.status, 'success');
    await until(() => givenUp(world).length > 0);
    await done();
    assert.equal(receiver.received.length, 0);
  });

  it('that no text of a database can hold harms no job', async () => {
    await using world = await start();
    const callback = 'http://127.0.0.1:1/\0\uD800';
    assert.equal((await world.end(await world.accept('write', { callback }))).status, 'success');
    await done();
  });

  it('survives a stop, a restart and the row of its job', async () => {
    let answer: (response: ServerResponse) => void = () => {};
    await using receiver = await startReceiver((response) => answer(response));
    await using first = await start();
    const job = await first.end(await first.accept('write', { callback: receiver.at('/') }));
    await receiver.count(1);
    await first.jobs.stop(0);
    assert.deepEqual(
      (await rows()).map(({ attempts }) => attempts),
      [0],
    );
    await database.query('DELETE FROM octavo.job');
    answer = (response) => response.end();
    await using second = await start();
    await done();
    assert.equal(bodies(receiver)[1].jobId, job.id);
    assert.deepEqual(givenUp(second), []);
  });

  it('that is being sent is let to its end by a stop with time', async () => {
    const doors = gate();
    await using receiver = await startReceiver((response) => {
      doors.reach();
      void doors.opened.then(() => response.end());
    });
    await using world = await start();
    await world.accept('write', { callback: receiver.at('/') });
    await doors.reached;
    const stopped = world.jobs.stop(60_000);
    doors.open();
    await stopped;
    assert.deepEqual(await rows(), []);
    assert.equal(receiver.received.length, 1);
  });

  it('whose process died in an attempt is due again', async () => {
    await using receiver = await startReceiver();
    await database.query(
      `INSERT INTO octavo.delivery (job, link, body, attempts, due_at) VALUES
         (gen_random_uuid(), $1, '{}', 3, now() - interval '1 hour'),
         (gen_random_uuid(), $1, '{}', 3, now() + interval '1200 milliseconds')`,
      [receiver.at('/')],
    );
    await using _ = await start();
    await receiver.count(1);
    await done();
    assert.equal(receiver.received.length, 2);
  });

  it('that does not exist costs nothing', async () => {
    const seen: string[] = [];
    const watched: Database = {
      ...database,
      query: (sql, values) => (seen.push(sql), database.query(sql, values)),
      together: (statements) => (
        seen.push(...statements.map(({ sql }) => sql)),
        database.together(statements)
      ),
    };
    await using receiver = await startReceiver();
    await using world = await startWorld(watched, directory, acts, { post: loopback });
    await until(() => seen.some((sql) => sql.includes('octavo.delivery')));
    seen.length = 0;
    await world.end(await world.accept('write'));
    assert.ok(seen.some((sql) => sql.includes('UPDATE octavo.job')));
    assert.deepEqual(
      seen.filter((sql) => sql.includes('octavo.delivery')),
      [],
    );
    await world.accept('write', { callback: receiver.at('/') });
    await receiver.count(1);
    await done();
  });
});

describe('callbacks of several workers', { timeout: 60_000 }, () => {
  const directory = temporaryDirectory();
  const jobsMax = 40;

  it('are sent by one of them each', async () => {
    await using server = await open(directory);
    await using receiver = await startReceiver();
    const connect = () => {
      const one = openExternal({ url: urlOf(directory), connectionsMax: 4, log: silentLog });
      return { ...one, [Symbol.asyncDispose]: () => one.close() };
    };
    await using first = connect();
    await using second = connect();
    await using api = await startWorld(first, directory, {}, { role: 'api' });
    // Both find a heap of them when they start, and make more.
    await server.query(
      `INSERT INTO octavo.delivery (job, link, body, due_at)
       SELECT gen_random_uuid(), $1, '{}', now() FROM generate_series(1, ${jobsMax})`,
      [receiver.at('/old')],
    );
    for (let n = 0; n < jobsMax; n++) await api.accept('write', { callback: receiver.at(`/${n}`) });
    const workers = await Promise.all(
      [first, second].map((one) => startWorld(one, directory, acts, { role: 'worker', post: loopback })),
    );
    await until(async () => (await api.jobs.count()).waiting === 0);
    await receiver.count(2 * jobsMax);
    await until(async () => (await server.query('SELECT job FROM octavo.delivery')).length === 0);
    for (const worker of workers) await worker.jobs.stop(0);
    assert.equal(receiver.received.length, 2 * jobsMax);
    assert.equal(new Set(receiver.received.map(({ path }) => path)).size, jobsMax + 1);
    await api.jobs.stop(0);
  });
});
