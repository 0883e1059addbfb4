import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import { hasCode } from '../../src/database/down.ts';
import { openExternal } from '../../src/database/external.ts';
import { Failure } from '../../src/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { open, temporaryDirectory, until, urlOf } from './harness.ts';

const isDatabaseDown = (error: unknown) => error instanceof Failure && error.row === 'databaseDown';
const external = (url: string) => openExternal({ url, connectionsMax: 4, log: silentLog });

describe('a database', () => {
  const directory = temporaryDirectory();
  let database: Database;
  before(async () => {
    database = await open(directory);
    await database.query('CREATE TABLE item (n integer PRIMARY KEY)');
  });
  after(() => database.close());

  const items = async () =>
    (await database.query<{ n: number }>('SELECT n FROM item ORDER BY n')).map(({ n }) => n);

  it('commits what a transaction resolves with', async () => {
    const result = await database.transaction(async (tx) => {
      await tx.query('INSERT INTO item VALUES ($1)', [1]);
      return tx.query('SELECT n FROM item');
    });
    assert.deepEqual(result, [{ n: 1 }]);
    assert.deepEqual(await items(), [1]);
  });

  it('rolls back what a transaction throws after, and throws it', async () => {
    const thrown = new Error('no');
    await assert.rejects(
      database.transaction(async (tx) => {
        await tx.query('INSERT INTO item VALUES ($1)', [2]);
        throw thrown;
      }),
      (error) => error === thrown,
    );
    assert.deepEqual(await items(), [1]);
  });

  it('runs statements together: all of them, or none', async () => {
    const insert = (n: number) => ({ sql: 'INSERT INTO item VALUES ($1) RETURNING n', values: [n] });
    assert.deepEqual(await database.together([insert(3), insert(4)]), [[{ n: 3 }], [{ n: 4 }]]);
    await assert.rejects(database.together([insert(5), insert(3), insert(6)]), (error) =>
      hasCode(error, '23505'),
    );
    assert.deepEqual(await items(), [1, 3, 4]);
  });

  it('does not call a wrong statement an outage, and goes on', async () => {
    await assert.rejects(database.query('SELECT nothing'), (error) => hasCode(error, '42703'));
    await assert.rejects(database.query('INSERT INTO item VALUES (1)'), (error) => hasCode(error, '23505'));
    assert.deepEqual(await items(), [1, 3, 4]);
  });

  it('survives the loss of every connection, busy or not', async () => {
    const busy = database.query('SELECT pg_sleep(1)');
    const lost = assert.rejects(busy, isDatabaseDown);
    const end =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL';
    await until(async () => {
      const sleeping = await database.query(
        `SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'`,
      );
      return sleeping.length > 0;
    });
    await database.query(end);
    await lost;
    assert.deepEqual(await items(), [1, 3, 4]);
  });

  it('ends a call that takes too long, and does not keep its connection', async () => {
    const began = performance.now();
    await assert.rejects(database.query('SELECT pg_sleep(60)'), isDatabaseDown);
    assert.ok(performance.now() - began < 5_000);
    await until(async () => {
      const left = await database.query(
        `SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60%' AND state = 'active'`,
      );
      return left.length === 0;
    });
  });

  it('hears what others notify, and looks again after a lost connection', async () => {
    const other = external(urlOf(directory));
    const heard: string[] = [];
    let again = 0;
    await other.listen(
      'news',
      (payload) => heard.push(payload),
      () => again++,
    );
    await other.listen(
      'weather',
      (payload) => heard.push(payload),
      () => again++,
    );
    await database.query(`SELECT pg_notify('news', 'one')`);
    await database.query(`SELECT pg_notify('weather', 'two')`);
    await until(() => heard.length === 2);
    assert.deepEqual(heard, ['one', 'two']);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'octavo listener'`,
    );
    await until(() => again === 2);
    await database.query(`SELECT pg_notify('news', 'three')`);
    await until(() => heard.length === 3);
    await other.close();
  });
});

describe('a database that is not there', () => {
  const withServer = async (server: Server, use: (url: string) => Promise<void>) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await use(`postgresql://octavo@127.0.0.1:${port}/octavo`);
    server.close();
  };
  const expectDown = async (url: string) => {
    const database = external(url);
    const began = performance.now();
    await Promise.all([
      assert.rejects(database.query('SELECT 1'), isDatabaseDown),
      assert.rejects(
        database.transaction((tx) => tx.query('SELECT 1')),
        isDatabaseDown,
      ),
    ]);
    assert.ok(performance.now() - began < 5_000);
    const { ready, says } = await database.probe();
    assert.equal(ready, false);
    assert.match(says, /^The PostgreSQL of OCTAVO_DATABASE_URL does not answer/);
    await database.close();
  };

  it('is said to be down where nobody listens', () => expectDown('postgresql://octavo@127.0.0.1:1/octavo'));

  it('is said to be down where somebody takes the connection and never answers', () =>
    withServer(
      createServer((socket) => socket.on('error', () => {})),
      expectDown,
    ));

  it('is said to be down where somebody hangs up', () =>
    withServer(
      createServer((socket) => socket.destroy()),
      expectDown,
    ));
});
