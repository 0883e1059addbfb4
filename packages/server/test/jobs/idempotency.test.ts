import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import { openExternal } from '../../src/database/external.ts';
import { Failure } from '../../src/errors.ts';
import type { Job, NewJob } from '../../src/jobs/job.ts';
import { silentLog } from '../../src/platform/log.ts';
import { open, temporaryDirectory, urlOf } from '../database/harness.ts';
import { gate, startWorld, type World, write } from './harness.ts';

const isFailure = (row: string) => (error: unknown) => error instanceof Failure && error.row === row;

const hourMs = 3_600_000;

function call(text: string, more: Partial<NewJob['call']['job']> = {}): NewJob {
  const job = {
    async: true,
    name: '',
    password: 'secret password',
    expiration: 60,
    callback: '',
    httpusername: '',
    httppassword: '',
  };
  return {
    tenant: 7,
    operation: '/act',
    call: { own: { act: 'write', text }, job: { ...job, ...more } },
    resultName: 'result.txt',
    needs: [],
    base: '',
  };
}

describe('a call with an Idempotency-Key', () => {
  const directory = temporaryDirectory();
  let server: Database & AsyncDisposable;
  let nowMs = Date.now();
  const doors = gate();
  let world: World;
  before(async () => {
    server = await open(directory);
    const wait = async (...args: Parameters<typeof write>) => {
      doors.reach();
      await doors.opened;
      return write(...args);
    };
    world = await startWorld(
      server,
      directory,
      { write, wait },
      { concurrency: 1, waitingMax: 2, clock: { now: () => nowMs } },
    );
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    await server.close();
  });
  const keys = () =>
    server.query<{ key: Buffer; call: Buffer }>('SELECT key, call FROM octavo.idempotency_key');
  const once = (fresh: NewJob, key: string) => world.jobs.queue.acceptOnce(fresh, key);

  it('makes one job, which answers those after it as it is by then', async () => {
    const first = await once(call('a'), 'one');
    assert.deepEqual([first.isNew, first.job.status], [true, 'waiting']);
    const ended = await world.end(first.job);
    assert.deepEqual(await once(call('a'), 'one'), { job: ended, isNew: false });
    assert.deepEqual(await once(call('a', { async: false }), 'one'), { job: ended, isNew: false });
    assert.deepEqual(await world.jobs.queue.findByKey(call('a'), 'one'), ended);
    assert.equal(await world.jobs.queue.findByKey(call('a'), 'two'), null);
  });

  it('is refused where another call had the key; other keys and other tenants are apart', async () => {
    for (const other of [
      call('b'),
      call('a', { name: 'b' }),
      call('a', { password: '' }),
      { ...call('a'), operation: '/copy' },
    ])
      await assert.rejects(once(other, 'one'), isFailure('keyReused'));
    for (const [other, key] of [
      [call('a'), 'ONE'],
      [{ ...call('a'), tenant: 8 }, 'one'],
    ] as const) {
      const { job, isNew } = await once(other, key);
      assert.ok(isNew);
      await world.end(job);
    }
  });

  it('takes files that came with it for the same where their bytes and names are', async () => {
    const slot = (id: string) => ({
      kind: 'upload' as const,
      id: id.padStart(32, '0'),
      tenant: 7,
      expiresAt: nowMs + hourMs,
    });
    const withPart = async (id: string, bytes: string, name = 'a.pdf'): Promise<NewJob> => {
      const link = slot(id);
      const { key } = await world.jobs.files.put(link, [Buffer.from(bytes)] as never, 100);
      const own = { act: 'write', text: 'x', url: [{ kind: 'part', token: world.links.file(link), name }] };
      return { ...call('x'), call: { ...call('x').call, own }, needs: [key] };
    };
    const { job } = await once(await withPart('1', 'bytes'), 'part');
    assert.equal((await once(await withPart('2', 'bytes'), 'part')).job.id, job.id);
    await assert.rejects(once(await withPart('3', 'other'), 'part'), isFailure('keyReused'));
    await assert.rejects(once(await withPart('4', 'bytes', 'b.pdf'), 'part'), isFailure('keyReused'));
    await world.end(job);
  });

  it('leaves no key where its job is refused, and finds its job where it would be refused', async () => {
    const blocking = await world.accept('wait', { tenant: 7 });
    await doors.reached;
    const earlier = await once(call('known'), 'known');
    const waiting = await world.accept('write', { tenant: 7 });
    const known = (await keys()).length;
    await assert.rejects(once(call('refused'), 'refused'), isFailure('overloaded'));
    assert.equal((await keys()).length, known);
    assert.equal((await once(call('known'), 'known')).job.id, earlier.job.id);
    doors.open();
    for (const job of [blocking, earlier.job, waiting]) await world.end(job);
    const { job, isNew } = await once(call('refused'), 'refused');
    assert.ok(isNew);
    await world.end(job);
  });

  it('is kept as digests that say nothing of the call', async () => {
    for (const { key, call: digest } of await keys()) assert.deepEqual([key.length, digest.length], [32, 32]);
    const [a, b] = [await once(call('same'), 'k1'), await once(call('same'), 'k2')];
    assert.notEqual(a.job.id, b.job.id);
    const rows = await server.query<{ call: Buffer }>(
      'SELECT call FROM octavo.idempotency_key WHERE job = ANY($1::uuid[])',
      [[a.job.id, b.job.id]],
    );
    assert.equal(new Set(rows.map((row) => row.call.toString('hex'))).size, 2);
    for (const { job } of [a, b]) await world.end(job);
  });

  it('says so where its result has expired, and may be sent anew after a day', async () => {
    const { job } = await once(call('old', { expiration: 10 }), 'old');
    await world.end(job);
    nowMs += 11 * 60_000;
    await assert.rejects(once(call('old', { expiration: 10 }), 'old'), isFailure('keyJobExpired'));
    await server.query('DELETE FROM octavo.job WHERE id = $1', [job.id]);
    await assert.rejects(once(call('old', { expiration: 10 }), 'old'), isFailure('keyJobExpired'));
    nowMs += 24 * hourMs;
    const again = await once(call('another'), 'old');
    assert.ok(again.isNew);
    await world.end(again.job);
  });

  it('is forgotten by the sweeper after a day', async () => {
    nowMs += 25 * hourMs;
    await using sweeping = await startWorld(
      server,
      directory,
      {},
      { clock: { now: () => nowMs }, sweepMs: 10 },
    );
    assert.ok(sweeping);
    while ((await keys()).length > 0) await pause(10);
  });
});

describe('the same call, 1,000 times at once', () => {
  const directory = temporaryDirectory();
  let server: Awaited<ReturnType<typeof open>>;
  before(async () => (server = await open(directory)));
  after(() => server.close());

  it('makes one job, also over two processes', async () => {
    await using stack = new AsyncDisposableStack();
    const worlds = await Promise.all(
      [1, 2].map(async () => {
        const database = openExternal({ url: urlOf(directory), connectionsMax: 16, log: silentLog });
        stack.defer(() => database.close());
        return stack.use(await startWorld(database, directory, {}, { role: 'api' }));
      }),
    );
    // As a client does, whom a busy database has let wait for too long.
    const send = async (world: World): Promise<{ job: Job; isNew: boolean }> => {
      for (;;) {
        try {
          return await world.jobs.queue.acceptOnce(call('racing'), 'racing');
        } catch (error) {
          if (!isFailure('databaseDown')(error)) throw error;
        }
      }
    };
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => send(worlds[n % 2] as World)));
    assert.equal(new Set(answers.map(({ job }) => job.id)).size, 1);
    assert.ok(answers.filter(({ isNew }) => isNew).length <= 1);
    assert.equal((await server.query('SELECT FROM octavo.job')).length, 1);
    assert.equal((await server.query(`SELECT FROM pgboss.job WHERE name = 'octavo-jobs'`)).length, 1);
  });
});
