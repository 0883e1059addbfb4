import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { EmbeddedDatabase } from '../../src/database/embedded.ts';
import { createClaims } from '../../src/jobs/claims.ts';
import { endlessCredits } from '../../src/jobs/credits.ts';
import { createDispatch, type Dispatch } from '../../src/jobs/dispatch.ts';
import { createProgressBoard } from '../../src/jobs/progress.ts';
import { Failure } from '../../src/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { type Acts, gate, startWorld, type World, write } from './harness.ts';

describe('the runner', () => {
  const directory = temporaryDirectory();
  let database: EmbeddedDatabase;
  let world: World;
  let tries = 0;
  const directories = new Set<string>();
  const acts: Acts = {
    write,
    async dieTwice(context, text) {
      directories.add(context.directory);
      if (++tries <= 2) throw new BoxDied(tries === 1 ? 'crash' : 'memory', 'died');
      return write(context, text);
    },
    async dieAlways() {
      tries++;
      throw new BoxDied('crash', 'died');
    },
    async takeForever(context) {
      assert.ok(context.wallMsMax <= 60_000 && context.wallMsMax > 50_000);
      throw new BoxDied('wall-clock', 'too long');
    },
    async refuse() {
      throw new Failure('passwordWrong');
    },
    async mistake() {
      throw new TypeError('a bug');
    },
    async password(context) {
      return write(context, context.password);
    },
  };
  before(async () => {
    database = await open(directory);
    world = await startWorld(database, directory, acts);
  });
  after(async () => {
    await world.jobs.stop(0);
    await database.close();
  });
  const run = async (act: string) => world.end(await world.accept(act));

  it('tries again when a box dies, each time in a directory of its own', async () => {
    tries = 0;
    const ended = await run('dieTwice');
    assert.equal(ended.status, 'success');
    assert.equal(tries, 3);
    assert.equal(directories.size, 3);
  });

  it('gives up when the box has died three times', async () => {
    tries = 0;
    const ended = await run('dieAlways');
    assert.equal(tries, 3);
    assert.equal(ended.status, 'failed');
    assert.deepEqual(ended.failure, {
      row: 'boxDied',
      status: 500,
      message: 'The document could not be processed: its process ended 3 times.',
    });
  });

  it('does not try again what took too long', async () => {
    const { failure } = await run('takeForever');
    assert.deepEqual(failure, { row: 'jobTooLong', status: 445, message: 'The job was ended after 60 s.' });
  });

  it('fails a job with the failure that was thrown', async () => {
    const { failure, outcome } = await run('refuse');
    assert.equal(failure?.row, 'passwordWrong');
    assert.equal(failure?.status, 441);
    assert.equal(outcome, undefined);
  });

  it('fails a job whose code has a mistake, and logs it under the id of the job', async () => {
    const ended = await run('mistake');
    assert.equal(ended.failure?.row, 'internal');
    const line = world.lines.find(({ event }) => event === 'job failed by a mistake of ours');
    assert.equal(line?.['job'], ended.id);
    assert.match(String(line?.['reason']), /TypeError: a bug\n/);
  });

  it('gives the engine the password of the call', async () => {
    assert.equal(await world.read(await run('password')), 'secret password');
  });

  it('works on many jobs, each once', async () => {
    const accepted = await Promise.all(
      Array.from({ length: 40 }, (_, n) => world.accept('write', { text: `${n}` })),
    );
    const ended = await Promise.all(accepted.map(world.end));
    assert.deepEqual(
      await Promise.all(ended.map(world.read)),
      ended.map((_, n) => `${n}`),
    );
  });
});

describe('a runner with a time limit', () => {
  const directory = temporaryDirectory();

  it('ends a job that does not hear its signal', async () => {
    await using database = await open(directory);
    const forever = () => new Promise<string>(() => {});
    await using world = await startWorld(database, directory, { forever }, { wallMsMax: 50 });
    const ended = await world.end(await world.accept('forever'));
    assert.equal(ended.failure?.row, 'jobTooLong');
    await world.jobs.stop(0);
    await database.close();
  });
});

async function startDispatch(database: EmbeddedDatabase): Promise<Dispatch & AsyncDisposable> {
  const dispatch = createDispatch(database, silentLog);
  await dispatch.start();
  return { ...dispatch, [Symbol.asyncDispose]: () => dispatch.stop() };
}

describe('two runs of one job', () => {
  const directory = temporaryDirectory();

  it('publish once, and the loser leaves no file', async () => {
    await using database = await open(directory);
    const first = gate();
    let runs = 0;
    const slow = async (context: Parameters<Acts[string]>[0]) => {
      const run = ++runs;
      if (run === 1) {
        first.reach();
        await first.opened;
      }
      return write(context, `run ${run}`);
    };
    await using world = await startWorld(database, directory, { slow, write });
    await using dispatch = await startDispatch(database);
    const claims = createClaims({
      progress: createProgressBoard(),
      database,
      dispatch,
      clock: { now: () => Date.now() },
      credits: endlessCredits,
    });

    const job = await world.accept('slow');
    await first.reached;
    const [lostClaim] = await database.query<{ attempt: number }>('SELECT attempt FROM octavo.job');
    // As if the worker had been given up for dead.
    assert.equal(await claims.releaseDead(0), 1);
    // Any wake will do: this one is of another job.
    await world.accept('write');
    const ended = await world.end(job);
    assert.equal(await world.read(ended), 'run 2');
    first.open();
    await world.jobs.stop(60_000);
    assert.equal(await world.read(ended), 'run 2');
    assert.deepEqual(await world.jobs.queue.find(0, job.id), ended);
    const won = ended.outcome?.storageKey ?? '';
    const lost = won.replace(/-\d+\..*$/, `-${lostClaim?.attempt}`);
    assert.ok(!won.startsWith(`${lost}.`));
    assert.equal(await world.storage.find(lost), null);
    const kept: string[] = [];
    for await (const key of world.storage.keys())
      if (key.includes(job.id.replaceAll('-', ''))) kept.push(key);
    assert.deepEqual(kept, [won]);
    await database.close();
  });

  it('are told apart when both want to end it', async () => {
    await using database = await open(directory);
    await using world = await startWorld(database, directory, { write }, { role: 'api' });
    await using dispatch = await startDispatch(database);
    const claims = createClaims({
      progress: createProgressBoard(),
      database,
      dispatch,
      clock: { now: () => Date.now() },
      credits: endlessCredits,
    });
    const never = new AbortController().signal;
    const how = (storageKey: string) => ({
      outcome: { storageKey, sizeBytes: 1, pageCount: 1, warnings: [] },
    });

    const job = await world.accept('write');
    const [first] = await claims.take(1);
    await claims.releaseDead(0);
    const [second] = await claims.take(1);
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual([first.job.id, second.job.id], [job.id, job.id]);
    assert.notEqual(first.attempt, second.attempt);
    assert.deepEqual(await claims.beat([first, second]), [first]);

    const both = await Promise.all([claims.end(first, how('a'), never), claims.end(second, how('b'), never)]);
    assert.deepEqual(
      both.map((one) => one?.outcome?.storageKey),
      [undefined, 'b'],
    );
    // Who got no answer asks again, and hears that it was the one.
    assert.equal((await claims.end(second, how('b'), never))?.outcome?.storageKey, 'b');
    assert.equal(await claims.end(first, how('a'), never), null);
    assert.deepEqual(await claims.take(1), []);
    await world.jobs.stop(0);
    await database.close();
  });
});

describe('a job that takes its server down', () => {
  const directory = temporaryDirectory();

  it('ends as failed when it has been claimed 10 times', async () => {
    await using database = await open(directory);
    await using accepting = await startWorld(database, directory, {}, { role: 'api' });
    const job = await accepting.accept('write');
    await accepting.jobs.stop(0);
    await database.query('UPDATE octavo.job SET claims = 10');
    await using world = await startWorld(database, directory, { write });
    const ended = await world.end(job);
    assert.equal(ended.failure?.row, 'boxDied');
    await world.jobs.stop(0);
    await database.close();
  });
});
