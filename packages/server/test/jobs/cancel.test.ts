import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import { Failure } from '../../src/errors.ts';
import type { EngineContext } from '../../src/engines/engine.ts';
import type { Job } from '../../src/jobs/job.ts';
import { connectTo, open, temporaryDirectory, until } from '../database/harness.ts';
import { startHangingWorker } from './hanging-worker.ts';
import { gate, startWorld, type World, write } from './harness.ts';

/** Works until it is let, and says when it is told to die; it does not, so that a result would come all the same. */
function work() {
  const doors = gate();
  const died = gate();
  return {
    began: doors.reached,
    finish: doors.open,
    died: died.reached,
    acts: {
      write,
      async work(context: EngineContext, text: string) {
        doors.reach();
        context.signal.addEventListener('abort', died.reach);
        await doors.opened;
        return write(context, text);
      },
    },
  };
}

const cancel = (world: World, job: Job, tenant = job.tenant) => world.jobs.queue.cancel(tenant, job.id);

describe('a job that is cancelled', () => {
  const directory = temporaryDirectory();
  let database: Database & AsyncDisposable;
  before(async () => (database = await open(directory)));
  after(() => database.close());

  const start = (acts: Parameters<typeof startWorld>[2], more: Parameters<typeof startWorld>[3] = {}) =>
    startWorld(database, directory, acts, { concurrency: 1, ...more });
  const inQueue = async () =>
    (await database.query(`SELECT FROM pgboss.job WHERE name = 'octavo-jobs'`)).length;

  it('dies where it runs; who waits for it hears so, and it has no result', async () => {
    const { acts, began, died, finish } = work();
    await using world = await start(acts);
    const job = await world.accept('work', { tenant: 3 });
    const waiting = world.end(job);
    await began;
    const cancelled = await cancel(world, job);
    assert.deepEqual([cancelled?.status, cancelled?.failure?.row], ['aborted', 'jobCancelled']);
    assert.deepEqual(await waiting, cancelled);
    await died;
    finish();
    await until(() => world.jobs.running() === 0);
    assert.deepEqual(await world.jobs.queue.find(3, job.id), cancelled);
    assert.equal(await inQueue(), 0);
    assert.deepEqual(await database.query('SELECT call, needs FROM octavo.job WHERE id = $1', [job.id]), [
      { call: null, needs: null },
    ]);
  });

  it('never runs where it waits', async () => {
    const { acts, began, finish } = work();
    await using world = await start(acts);
    const first = await world.accept('work');
    await began;
    const ran: string[] = [];
    acts.write = async (...args) => {
      ran.push(args[1]);
      return write(...args);
    };
    const job = await world.accept('write', { text: 'cancelled' });
    assert.equal((await cancel(world, job))?.status, 'aborted');
    const other = await world.accept('write', { text: 'other' });
    finish();
    for (const one of [first, other]) assert.equal((await world.end(one))?.status, 'success');
    assert.deepEqual(ran, ['other']);
    assert.equal(await inQueue(), 0);
  });

  it('is cancelled once, stays as it has ended, and is nobody else’s', async () => {
    const { acts, began, finish } = work();
    await using world = await start(acts);
    const job = await world.accept('work', { tenant: 3 });
    await began;
    assert.equal(await cancel(world, job, 4), null);
    const [once, twice] = await Promise.all([cancel(world, job), cancel(world, job)]);
    assert.deepEqual(once, twice);
    assert.deepEqual(await cancel(world, job), once);
    finish();
    const done = await world.end(await world.accept('write', { text: 'stays' }));
    assert.deepEqual(await cancel(world, done), done);
    assert.equal(await world.read(done), 'stays');
    for (const id of ['', 'x', '00000000-0000-0000-0000-000000000000'])
      assert.equal(await world.jobs.queue.cancel(3, id), null);
  });

  it('never becomes a success, whoever is first', async () => {
    await using world = await start({ write }, { concurrency: 4 });
    const jobs = await Promise.all(Array.from({ length: 60 }, () => world.accept('write')));
    const told = await Promise.all(jobs.map((job) => cancel(world, job)));
    await until(() => world.jobs.running() === 0);
    for (const job of told) {
      assert.ok(job?.status === 'aborted' || job?.status === 'success');
      const rows = await database.query('SELECT status FROM octavo.job WHERE id = $1', [job.id]);
      assert.deepEqual(rows, [{ status: job.status }]);
      assert.equal((await world.jobs.queue.find(0, job.id))?.status, job.status);
    }
    await until(async () => (await inQueue()) === 0);
    const ids = jobs.map(({ id }) => id.replaceAll('-', ''));
    let results = 0;
    for await (const key of world.storage.keys()) if (ids.some((id) => key.includes(id))) results++;
    assert.equal(results, told.filter((job) => job?.status === 'success').length);
  });

  it('tells its callback', async () => {
    const heard = Promise.withResolvers<string>();
    const { acts, began, finish } = work();
    await using world = await start(acts, {
      post: async (_link, body) => {
        heard.resolve(body);
        return { status: 200, retryAfter: undefined };
      },
    });
    const job = await world.accept('work', { callback: 'http://example.com/heard' });
    await began;
    await cancel(world, job);
    assert.partialDeepStrictEqual(JSON.parse(await heard.promise), {
      jobId: job.id,
      status: 'aborted',
      error: false,
    });
    finish();
  });

  it('goes on where the database did not take it, and once only where its answer was lost', async () => {
    for (const isTaken of [false, true]) {
      const { acts, began, died, finish } = work();
      let cut = false;
      const cutting: Database = {
        ...database,
        async together(statements) {
          const cancels = cut && statements.some(({ sql }) => sql.includes('tenant = $2'));
          const rows = cancels && !isTaken ? [] : await database.together(statements);
          if (cancels) throw new Failure('databaseDown');
          return rows;
        },
      };
      await using world = await startWorld(cutting, directory, acts, { concurrency: 1 });
      const job = await world.accept('work');
      const waiting = world.end(job);
      await began;
      cut = true;
      await assert.rejects(
        cancel(world, job),
        (error) => error instanceof Failure && error.row === 'databaseDown',
      );
      cut = false;
      if (isTaken) await died;
      finish();
      assert.equal((await waiting).status, isTaken ? 'aborted' : 'success');
    }
  });

  it('frees what it reads', async () => {
    const { acts, began, finish } = work();
    await using world = await start(acts);
    const job = await world.accept('work');
    await began;
    await database.query('UPDATE octavo.job SET needs = $2 WHERE id = $1', [job.id, ['a key']]);
    await cancel(world, job);
    assert.deepEqual(await database.query(`SELECT FROM octavo.job WHERE needs IS NOT NULL`), []);
    finish();
  });
});

describe('a job that another process works on', () => {
  const directory = temporaryDirectory();
  let server: Awaited<ReturnType<typeof open>>;
  before(async () => (server = await open(directory)));
  after(() => server.close());
  const connect = () => connectTo(directory);

  it('dies there, and those who wait elsewhere hear of it', async () => {
    await using apiSide = connect();
    await using otherSide = connect();
    await using workerSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    await using other = await startWorld(otherSide, directory, {}, { role: 'api' });
    const { acts, began, died, finish } = work();
    await using worker = await startWorld(workerSide, directory, acts, { role: 'worker' });
    const job = await api.accept('work');
    const waiting = other.end(job);
    await began;
    assert.equal((await cancel(api, job))?.status, 'aborted');
    assert.equal((await waiting).status, 'aborted');
    await died;
    finish();
    await until(() => worker.jobs.running() === 0);
    assert.equal((await other.jobs.queue.find(0, job.id))?.status, 'aborted');
  });

  it('dies there also where the word of it is lost', async () => {
    await using apiSide = connect();
    await using workerSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    const { acts, began, died, finish } = work();
    const deaf = { ...workerSide, listen: async () => {} };
    await using worker = await startWorld(deaf, directory, acts, { role: 'worker' });
    const job = await api.accept('work');
    await began;
    await cancel(api, job);
    await died;
    finish();
    await until(() => worker.jobs.running() === 0);
  });

  it('is not taken up again when its worker was killed', async () => {
    const crasher = await startHangingWorker(directory);
    await using apiSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    const job = await api.accept('hang');
    assert.equal(await crasher.line(), 'working');
    const [cancelled] = await Promise.all([cancel(api, job), crasher.kill()]);
    assert.equal(cancelled?.status, 'aborted');
    await using workerSide = connect();
    let ran = false;
    const hang = async (...args: Parameters<typeof write>) => {
      ran = true;
      return write(...args);
    };
    await using worker = await startWorld(workerSide, directory, { hang, write }, { role: 'worker' });
    assert.equal((await api.end(await api.accept('write'))).status, 'success');
    assert.deepEqual([ran, (await api.jobs.queue.find(0, job.id))?.status], [false, 'aborted']);
    await until(() => worker.jobs.running() === 0);
    assert.deepEqual(await server.query(`SELECT FROM pgboss.job WHERE name = 'octavo-jobs'`), []);
  });
});
