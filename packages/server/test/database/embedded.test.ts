import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { processesIn } from '../../src/database/processes.ts';
import { Failure } from '../../src/errors.ts';
import { open, startScript, temporaryDirectory, until } from './harness.ts';

const isDatabaseDown = (error: unknown) => error instanceof Failure && error.row === 'databaseDown';

describe('the embedded database', () => {
  const directory = temporaryDirectory();
  const cluster = join(directory, 'database', 'cluster');

  it('keeps what was written, and leaves no process and no lock', async () => {
    await using first = await open(directory);
    await first.query('CREATE TABLE kept (n integer)');
    await first.query('INSERT INTO kept VALUES ($1)', [7]);
    await first.close();
    assert.deepEqual(processesIn(cluster), []);
    assert.equal(existsSync(join(cluster, 'postmaster.pid')), false);
    await using second = await open(directory);
    assert.deepEqual(await second.query('SELECT n FROM kept'), [{ n: 7 }]);
    await second.close();
  });

  it('is durable, and reached by nothing but its socket', async () => {
    await using database = await open(directory);
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'ssl'];
    const rows = await database.query<{ name: string; setting: string }>(
      'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
      [names],
    );
    const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    assert.deepEqual(settings, {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '',
      ssl: 'off',
    });
    await database.close();
  });

  it('refuses a second server with a sentence, and lets a command in', async () => {
    await using database = await open(directory);
    await assert.rejects(open(directory), /Another Octavo server uses the data directory/);
    await using beside = await open(directory, { shared: true });
    assert.deepEqual(await beside.query('SELECT 1 AS one'), [{ one: 1 }]);
    await beside.close();
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
    await database.close();
    await (await open(directory)).close();
  });

  it('takes over the postmaster that a killed server left', async () => {
    const server = startScript(new URL('opener.ts', import.meta.url), directory);
    const pid = Number(await server.line());
    await assert.rejects(open(directory), /Another Octavo server/);
    await server.kill();
    await using database = await open(directory);
    assert.equal(database.postmasterPid(), pid);
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
    await database.close();
    assert.deepEqual(processesIn(cluster), []);
  });

  it('starts where a process id file is left that names a living stranger', async () => {
    writeFileSync(
      join(cluster, 'postmaster.pid'),
      `${process.pid}\n/proc/self/cwd\n1\n5432\n/proc/self/cwd\n\n`,
    );
    await using database = await open(directory);
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
    await database.close();
  });

  it('starts again by itself after kill -9 of the postmaster', async () => {
    await using database = await open(directory);
    const killed = database.postmasterPid() as number;
    process.kill(killed, 'SIGKILL');
    await until(() => database.postmasterPid() !== killed);
    await until(() =>
      database.query('SELECT n FROM kept').then(
        () => true,
        (error) => assert.ok(isDatabaseDown(error)),
      ),
    );
    assert.equal((await database.probe()).ready, true);
    await database.close();
  });

  it('answers databaseDown within 2 s when all of it is stopped, and starts again by itself', async () => {
    await using database = await open(directory);
    await database.query('SELECT 1');
    const stopped = processesIn(cluster);
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    const began = performance.now();
    await Promise.all([
      assert.rejects(database.query('SELECT 1'), isDatabaseDown),
      assert.rejects(database.together([{ sql: 'SELECT 1' }]), isDatabaseDown),
      assert.rejects(
        database.transaction((tx) => tx.query('SELECT 1')),
        isDatabaseDown,
      ),
    ]);
    assert.ok(performance.now() - began < 5_000, `took ${performance.now() - began} ms`);
    await until(() =>
      database.query('SELECT 1').then(
        () => true,
        (error) => assert.ok(isDatabaseDown(error)),
      ),
    );
    assert.deepEqual(
      processesIn(cluster).filter((pid) => stopped.includes(pid)),
      [],
    );
    await database.close();
  });

  it('starts again by itself when its postmaster alone is stopped', async () => {
    await using database = await open(directory);
    const stopped = database.postmasterPid() as number;
    process.kill(stopped, 'SIGSTOP');
    await until(() => database.postmasterPid() !== stopped);
    await until(() =>
      database.query('SELECT 1').then(
        () => true,
        (error) => assert.ok(isDatabaseDown(error)),
      ),
    );
    await database.close();
  });

  it('refuses the data of another version with a sentence', async () => {
    const file = join(cluster, 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '9\n');
    await assert.rejects(open(directory), /made by PostgreSQL 9/);
    writeFileSync(file, version);
    await (await open(directory)).close();
  });
});

describe('a data directory with a long path', () => {
  const directory = join(temporaryDirectory(), 'd'.repeat(120));

  it('works as any other', async () => {
    mkdirSync(directory);
    await using database = await open(directory);
    assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
    await database.close();
  });
});
