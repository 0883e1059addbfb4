import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Job } from '../../src/jobs/job.ts';
import { createProgressBoard } from '../../src/jobs/progress.ts';
import { stateOf } from '../../src/jobs/state.ts';
import { connectTo, open, temporaryDirectory, until } from '../database/harness.ts';
import { startHangingWorker } from './hanging-worker.ts';
import { gate, halfDone, startWorld, type World, write } from './harness.ts';

const fresh = (progress = 0) => ({ id: 'a', status: 'working', progress }) as Job;

function waiting() {
  const doors = gate();
  const wait = async (...args: Parameters<typeof write>) => {
    doors.reach();
    await doors.opened;
    return write(...args);
  };
  return { ...doors, acts: { wait, write } };
}

const seen = async (world: World, job: Job) => {
  const { status, progress, stage } = stateOf((await world.jobs.queue.find(job.tenant, job.id)) as Job, '');
  return { status, progress, stage };
};

describe('what is said of a job that runs', () => {
  it('counts sources, work and results, and never goes back', () => {
    const board = createProgressBoard();
    const job = fresh();
    const said: unknown[] = [];
    const look = () => said.push([board.seen(job).stage, board.seen(job).progress]);
    look();
    const one = board.begin(job, 4);
    look();
    one.fetched();
    one.fetched();
    look();
    one.working();
    look();
    one.worked(0.5);
    look();
    one.fetching();
    one.fetched();
    look();
    one.storing(0, 2);
    look();
    one.storing(1, 2);
    look();
    board.begin(job, 4);
    look();
    assert.deepEqual(said, [
      [undefined, 0],
      ['fetching', 0],
      ['fetching', 0.15],
      ['working', 0.15],
      ['working', 0.45],
      ['fetching', 0.525],
      ['storing', 0.9],
      ['storing', 0.95],
      ['fetching', 0.95],
    ]);
    const ended = { ...job, status: 'success' } as Job;
    assert.equal(board.seen(ended), ended);
    board.end('a');
    one.fetched();
    assert.equal(board.of('a'), undefined);
    board.begin(fresh(0.7), 0);
    assert.equal(board.of('a')?.progress, 0.7);
  });

  it('is what its stages are', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { acts, reached, open: finish } = waiting();
    await using world = await startWorld(database, directory, acts, { concurrency: 1 });
    const job = await world.accept('wait', { text: halfDone });
    await reached;
    assert.deepEqual(await seen(world, job), { status: 'working', progress: 0.45, stage: 'working' });
    const next = await world.accept('write');
    assert.deepEqual(await seen(world, next), { status: 'working', progress: 0, stage: 'waiting' });
    const late = await world.jobs.queue.waitForEnd(job.id, 0, new AbortController().signal);
    assert.equal(late?.progress, 0.45);
    finish();
    await world.end(job);
    assert.deepEqual(await seen(world, job), { status: 'success', progress: 1, stage: undefined });
    await world.end(next);
  });
});

describe('in another process', () => {
  const directory = temporaryDirectory();
  let server: Awaited<ReturnType<typeof open>>;
  before(async () => (server = await open(directory)));
  after(() => server.close());
  const connect = () => connectTo(directory);

  it('is heard of with the next beat, with no statement of its own, and does not go back with another worker', async () => {
    const crasher = await startHangingWorker(directory);
    await using apiSide = connect();
    await using api = await startWorld(apiSide, directory, {}, { role: 'api' });
    const job = await api.accept('hang', { text: halfDone });
    assert.equal(await crasher.line(), 'working');
    await until(async () => (await seen(api, job)).stage === 'working');
    assert.deepEqual(await seen(api, job), { status: 'working', progress: 0.45, stage: 'working' });
    await crasher.kill();
    await using workerSide = connect();
    const { acts, reached, open: finish } = waiting();
    await using worker = await startWorld(workerSide, directory, { hang: acts.wait }, { role: 'worker' });
    const progresses = new Set<unknown>();
    let taken = false;
    void reached.then(() => (taken = true));
    await until(async () => {
      progresses.add((await seen(api, job)).progress);
      return taken;
    });
    assert.deepEqual([...progresses], [0.45]);
    finish();
    assert.equal((await api.end(job)).status, 'success');
    await until(() => worker.jobs.running() === 0);
  });
});
