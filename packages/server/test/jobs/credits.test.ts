import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import { Failure } from '../../src/errors.ts';
import { endlessCredits } from '../../src/jobs/credits.ts';
import { createSweeper } from '../../src/jobs/sweeper.ts';
import { createKeys, type Keys } from '../../src/keys/keys.ts';
import { silentLog } from '../../src/platform/log.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { open, startScript, temporaryDirectory, until, urlOf } from '../database/harness.ts';
import { gate, startWorld, type World, write } from './harness.ts';

const unlimited = await endlessCredits.remaining(0);
const isUsedUp = (error: unknown) => error instanceof Failure && error.row === 'creditsUsedUp';

describe('the credits of a key', () => {
  const directory = temporaryDirectory();
  let database: Awaited<ReturnType<typeof open>>;
  let world: World;
  let keys: Keys;
  let nowMs = Date.now();
  const clock = { now: () => nowMs };
  let deaths = 0;
  const doors = gate();
  before(async () => {
    database = await open(directory);
    const refuse = () => Promise.reject(new Failure('passwordWrong'));
    const dieOnce = (...args: Parameters<typeof write>) => {
      if (deaths++ === 0) throw new BoxDied('crash', 'died');
      return write(...args);
    };
    const wait = async (...args: Parameters<typeof write>) => {
      doors.reach();
      await doors.opened;
      return write(...args);
    };
    world = await startWorld(database, directory, { write, refuse, dieOnce, wait }, { clock });
    keys = createKeys(database);
  });
  after(async () => {
    doors.open();
    await world.jobs.stop(0);
    await database.close();
  });

  const tenantWith = async (credits: number | null): Promise<number> => {
    const { id, key } = await keys.create('with credits');
    if (credits !== null) assert.equal(await keys.grant(id, credits), true);
    return keys.verify(key);
  };
  const run = async (act: string, tenant: number) => world.end(await world.accept(act, { tenant }));
  const remaining = (tenant: number) => world.jobs.credits.remaining(tenant);
  const sweep = async () => {
    const { storage } = world;
    await createSweeper({ database, storage, clock, log: silentLog, needed: nothingNeeded }).sweep();
  };
  const rowOf = async (tenant: number) => {
    const row = (await keys.list()).find(({ id }) => id === tenant);
    return [row?.creditsUsed, row?.creditsLeft];
  };

  it('are counted for each job that succeeded, once, and are unlimited at first', async () => {
    const [tenant, other] = [await tenantWith(null), await tenantWith(null)];
    assert.equal((await run('write', tenant)).credits, 1);
    assert.equal((await run('dieOnce', tenant)).credits, 1);
    assert.equal(deaths, 2);
    assert.equal((await run('refuse', tenant)).credits, 0);
    assert.equal((await run('write', 0)).credits, 1);
    assert.deepEqual(await rowOf(tenant), [2, null]);
    assert.deepEqual(await rowOf(other), [0, null]);
    assert.equal(await remaining(tenant), unlimited);
    assert.equal(await remaining(0), unlimited);
  });

  it('are given by number: then a job past it is not accepted', async () => {
    const tenant = await tenantWith(2);
    assert.equal(await remaining(tenant), 2);
    await run('write', tenant);
    await run('refuse', tenant);
    assert.equal(await remaining(tenant), 1);
    await run('write', tenant);
    assert.equal(await remaining(tenant), 0);
    await assert.rejects(world.accept('write', { tenant }), isUsedUp);
    assert.deepEqual(await rowOf(tenant), [2, 0]);
    const [row] = await database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM octavo.job WHERE tenant = $1',
      [tenant],
    );
    assert.equal(row?.count, 3);
    // Beside what it cost before.
    assert.equal(await keys.grant(tenant, 5), true);
    assert.equal(await remaining(tenant), 5);
    assert.deepEqual(await rowOf(tenant), [2, 5]);
    assert.equal(await keys.grant(tenant, null), true);
    assert.equal(await remaining(tenant), unlimited);
    assert.equal(await keys.grant(123_456, 1), false);
  });

  it('are held back for what has not ended', async () => {
    const tenant = await tenantWith(1);
    const waiting = await world.accept('wait', { tenant });
    await doors.reached;
    assert.equal(await remaining(tenant), 0);
    await assert.rejects(world.accept('write', { tenant }), isUsedUp);
    doors.open();
    await world.end(waiting);
    assert.deepEqual(await rowOf(tenant), [1, 0]);
  });

  it('are told to callbacks as they are after the job', async () => {
    const tenant = await tenantWith(2);
    const told = async (act: string) => {
      const job = await world.accept(act, { tenant, callback: 'http://client.example/' });
      await world.end(job);
      const [row] = await database.query<{ body: string }>(
        'SELECT body FROM octavo.delivery WHERE job = $1',
        [job.id],
      );
      const { credits, remainingCredits } = JSON.parse(row?.body ?? '{}') as Record<string, unknown>;
      return [credits, remainingCredits];
    };
    assert.deepEqual(await told('refuse'), [undefined, 2]);
    assert.deepEqual(await told('write'), [1, 1]);
  });

  it('come back where a result is lost', async () => {
    const tenant = await tenantWith(2);
    const jobs = [await run('write', tenant)];
    await sweep();
    jobs.push(await run('write', tenant));
    assert.equal(await remaining(tenant), 0);
    for (const job of jobs)
      await world.storage.delete(job.outcome?.storageKey.split('.')[0] ?? '', nothingNeeded);
    await world.jobs.audit(true);
    assert.equal(await remaining(tenant), 2);
    assert.deepEqual(await rowOf(tenant), [0, 2]);
  });

  it('stay used when jobs expire, whoever sweeps', async () => {
    const [tenant, other] = [await tenantWith(10), await tenantWith(null)];
    await Promise.all([tenant, tenant, tenant, other].map((one) => run('write', one)));
    await Promise.all([sweep(), sweep(), sweep()]);
    // Of a key with a limit they are added up before that.
    const unsettled = await database.query<{ tenant: number }>(
      'SELECT tenant FROM octavo.job WHERE tenant = ANY($1) AND credits > 0 AND NOT settled',
      [[tenant, other]],
    );
    assert.deepEqual(unsettled, [{ tenant: other }]);
    assert.deepEqual(await rowOf(tenant), [3, 7]);
    assert.equal((await run('write', tenant)).credits, 1);
    nowMs += 2 * 3_600_000;
    await Promise.all([sweep(), sweep(), sweep()]);
    assert.deepEqual(await database.query('SELECT FROM octavo.job WHERE credits > 0'), []);
    assert.deepEqual(await rowOf(tenant), [4, 6]);
    assert.deepEqual(await rowOf(other), [1, null]);
    await run('write', tenant);
    assert.deepEqual(await rowOf(tenant), [5, 5]);
    assert.equal(await remaining(tenant), 5);
  });
});

describe('credits and the hot path', () => {
  const directory = temporaryDirectory();

  it('cost a key without a limit no statement', async () => {
    await using database = await open(directory);
    const sent: string[] = [];
    const watched: Database = {
      ...database,
      query: (sql, values) => {
        sent.push(sql);
        return database.query(sql, values);
      },
      together: (statements) => {
        sent.push(...statements.map(({ sql }) => sql));
        return database.together(statements);
      },
    };
    await using world = await startWorld(watched, directory, {}, { role: 'api' });
    const tenant = (await createKeys(database).create('free')).id;
    const accepting = async () => {
      sent.length = 0;
      await world.accept('write', { tenant });
      await world.jobs.credits.remaining(tenant);
      return sent.length;
    };
    const first = await accepting();
    assert.equal(await accepting(), first - 1);
    assert.deepEqual(
      sent.filter((sql) => sql.includes('credits')),
      [],
    );
  });
});

describe('several processes', () => {
  const directory = temporaryDirectory();

  it('together accept no job more than a key has credits, however they race', async () => {
    await using database = await open(directory);
    await using world = await startWorld(database, directory, {}, { role: 'api' });
    const keys = createKeys(database);
    const { id: tenant } = await keys.create('racing');
    await keys.grant(tenant, 25);
    const spenders = [1, 2, 3].map(() =>
      startScript(new URL('spender.ts', import.meta.url), directory, urlOf(directory), `${tenant}`, '4'),
    );
    for (const spender of spenders) assert.equal(await spender.line(), 'ready');
    // Nobody gets ahead before all wait.
    const start = gate();
    const held = database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(1868, $1)', [tenant]);
      start.reach();
      await start.opened;
    });
    await start.reached;
    await database.query('NOTIFY spend');
    await until(async () => {
      const [row] = await database.query<{ count: number }>(
        `SELECT count(DISTINCT pid)::integer AS count FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`,
        [tenant],
      );
      return row?.count === 12;
    });
    start.open();
    await held;
    const accepted = await Promise.all(spenders.map(async (spender) => Number(await spender.line())));
    assert.equal(
      accepted.reduce((sum, one) => sum + one),
      25,
    );
    assert.ok(
      accepted.every((one) => one > 0),
      'all of them raced',
    );
    assert.equal(await world.jobs.credits.remaining(tenant), 0);
  });
});
