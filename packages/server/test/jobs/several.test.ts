import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import type { Job } from '../../src/jobs/job.ts';
import { connectTo, open, temporaryDirectory, until } from '../database/harness.ts';
import { startHangingWorker } from './hanging-worker.ts';
import { gate, startWorld, write } from './harness.ts';

describe('several processes on one database', () => {
  const directory = temporaryDirectory();
  let server: Awaited<ReturnType<typeof open>>;
  before(async () => (server = await open(directory)));
  after(() => server.close());

  const connect = () => connectTo(directory);

  const beatOf = async ({ id }: Job) => {
    const [row] = await server.query<{ beat_at: Date }>('SELECT beat_at FROM octavo.job WHERE id = $1', [id]);
    return row?.beat_at.getTime() ?? 0;
  };

  it('start at the same time', async () => {
    await using first = connect();
    await using second = connect();
    await using third = connect();
    await using started = new AsyncDisposableStack();
    const worlds = await Promise.all(
      [first, second, third].map(async (one) => started.use(await startWorld(one, directory, { write }))),
    );
    const jobs = await Promise.all(worlds.map((world) => world.accept('write')));
    for (const [n, job] of jobs.entries())
      assert.equal((await worlds[(n + 1) % 3]?.end(job))?.status, 'success');
  });

  it('hear of the end of a job that another runs', async () => {
    await using apiSide = connect();
    await using workerSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    await using worker = await startWorld(workerSide, directory, { write }, { role: 'worker' });
    const ended = await api.end(await api.accept('write', { text: 'far away' }));
    assert.equal(ended.status, 'success');
    assert.equal(await api.read(ended), 'far away');
    await until(() => worker.jobs.running() === 0);
  });

  it('wait for a job by hundreds without asking for it', async () => {
    await using apiSide = connect();
    await using workerSide = connect();
    let asked = 0;
    const counted: Database = {
      ...apiSide,
      query: (sql, values) => {
        asked++;
        return apiSide.query(sql, values);
      },
    };
    await using api = await startWorld(counted, directory, {}, { role: 'api' });
    const doors = gate();
    const wait = async (...args: Parameters<typeof write>) => {
      doors.reach();
      await doors.opened;
      return write(...args);
    };
    await using worker = await startWorld(workerSide, directory, { wait }, { role: 'worker' });
    const job = await api.accept('wait');
    await doors.reached;
    asked = 0;
    const waiting = Array.from({ length: 300 }, () => api.end(job));
    await until(() => asked >= 300);
    const earlier = await beatOf(job);
    await until(async () => (await beatOf(job)) > earlier);
    assert.equal(asked, 300);
    doors.open();
    for (const ended of await Promise.all(waiting)) assert.equal(ended.status, 'success');
    await until(() => worker.jobs.running() === 0);
  });

  it('look again when their connection was lost while a job ended', async () => {
    await using apiSide = connect();
    await using workerSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    const doors = gate();
    const wait = async (...args: Parameters<typeof write>) => {
      doors.reach();
      await doors.opened;
      return write(...args);
    };
    await using worker = await startWorld(workerSide, directory, { wait }, { role: 'worker' });
    const waiting = api.end(await api.accept('wait'));
    await doors.reached;
    // The listener of the waiting process is deaf from here on until it has connected again.
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'octavo listener'`,
    );
    doors.open();
    assert.equal((await waiting).status, 'success');
    await until(() => worker.jobs.running() === 0);
  });

  it('end the job of a worker that was killed within 50 s', async () => {
    const crasher = await startHangingWorker(directory);
    await using apiSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    const job = await api.accept('hang');
    assert.equal(await crasher.line(), 'working');
    await using workerSide = connect();
    await using worker = await startWorld(workerSide, directory, { hang: write }, { role: 'worker' });
    await crasher.kill();
    const began = performance.now();
    assert.equal((await api.end(job)).status, 'success');
    assert.ok(performance.now() - began < 50_000);
    await until(() => worker.jobs.running() === 0);
  });

  it('leave the jobs of a living worker alone', async () => {
    await using first = connect();
    await using second = connect();
    const doors = gate();
    let runs = 0;
    const wait = async (...args: Parameters<typeof write>) => {
      runs++;
      doors.reach();
      await doors.opened;
      return write(...args);
    };
    await using one = await startWorld(first, directory, { wait }, { role: 'all' });
    const job = await one.accept('wait');
    await doors.reached;
    await using two = await startWorld(second, directory, { wait }, { role: 'worker' });
    const earlier = await beatOf(job);
    await until(async () => (await beatOf(job)) > earlier);
    doors.open();
    assert.equal((await one.end(job)).status, 'success');
    assert.equal(runs, 1);
    await until(() => two.jobs.running() === 0);
  });
});
