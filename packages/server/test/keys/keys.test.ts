import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { Failure } from '../../src/errors.ts';
import { createKeys } from '../../src/keys/keys.ts';
import { silentLog } from '../../src/platform/log.ts';

describe('API keys', () => {
  let directory: string;
  let database: Database;
  let asked = 0;
  let counted: Database;
  const clock = { ms: 0, now: () => clock.ms };
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'octavo-keys-'));
    database = await openEmbedded({ dataDirectory: directory, log: silentLog });
    await migrate(database);
    counted = {
      ...database,
      query: (sql, values) => {
        if (sql.startsWith('SELECT id, tenant')) asked++;
        return database.query(sql, values);
      },
    };
  });
  after(async () => {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  });
  const refused = (error: unknown) => error instanceof Failure && error.row === 'keyRefused';

  it('are long, random, told once, and kept as a digest alone', async () => {
    const keys = createKeys(database, { clock });
    const made = await Promise.all([keys.create('one'), keys.create('one')]);
    for (const { key } of made) assert.match(key, /^oct_[\w-]{43}$/);
    assert.notEqual(made[0].key, made[1].key);
    const rows = await database.query<{ text: string; length: number }>(
      'SELECT api_key::text AS text, length(digest) AS length FROM octavo.api_key',
    );
    assert.equal(rows.length, 2);
    for (const { text, length } of rows) {
      assert.equal(length, 32);
      for (const { key } of made) {
        assert.ok(!text.includes(key) && !text.includes(Buffer.from(key).toString('hex')));
      }
    }
  });

  it('are tenants of their own, none of them the open one', async () => {
    const keys = createKeys(database, { clock });
    const made = await Promise.all(['a', 'b', 'c'].map((name) => keys.create(name)));
    const tenants = await Promise.all(made.map(({ key }) => keys.verify(key)));
    assert.equal(new Set(tenants).size, 3);
    assert.ok(tenants.every((tenant) => tenant > 0));
    assert.deepEqual(await Promise.all(made.map(({ key }) => createKeys(database).verify(key))), tenants);
  });

  it('are refused where they are none, without a question to the database', async () => {
    const keys = createKeys(counted, { clock });
    asked = 0;
    for (const key of [
      undefined,
      '',
      '*****',
      '{{x-api-key}}',
      `oct_${'x'.repeat(42)}`,
      `oct_${'x'.repeat(44)}`,
    ]) {
      await assert.rejects(keys.verify(key), refused);
    }
    assert.equal(asked, 0);
    await assert.rejects(keys.verify(`oct_${'x'.repeat(43)}`), refused);
    assert.equal(asked, 1);
  });

  it('are believed for five seconds, good and bad, and asked for once by many', async () => {
    const keys = createKeys(counted, { clock });
    const { key } = await keys.create('busy');
    asked = 0;
    await Promise.all(Array.from({ length: 20 }, () => keys.verify(key)));
    clock.ms += 4_999;
    await keys.verify(key);
    assert.equal(asked, 1);
    clock.ms += 1;
    await keys.verify(key);
    assert.equal(asked, 2);
  });

  it('that are revoked are refused at once here, and within five seconds elsewhere', async () => {
    const [here, elsewhere] = [createKeys(database, { clock }), createKeys(database, { clock })];
    const { id, key } = await here.create('short');
    await elsewhere.verify(key);
    assert.equal(await here.revoke(id), true);
    await assert.rejects(here.verify(key), refused);
    await elsewhere.verify(key);
    clock.ms += 5_000;
    await assert.rejects(elsewhere.verify(key), refused);
    assert.equal(await here.revoke(id), false);
    assert.equal(await here.revoke(999_999), false);
  });

  it('are listed with what may be shown', async () => {
    const keys = createKeys(database, { clock });
    const { id, key } = await keys.create('listed');
    const find = async () => (await keys.list()).find((row) => row.id === id);
    const fresh = await find();
    assert.deepEqual(Object.keys(fresh ?? {}).toSorted(), [
      'admin',
      'createdAt',
      'creditsLeft',
      'creditsUsed',
      'id',
      'lastUsedAt',
      'name',
      'quota',
      'revokedAt',
    ]);
    assert.deepEqual([fresh?.name, fresh?.revokedAt, fresh?.lastUsedAt], ['listed', undefined, undefined]);
    await keys.verify(key);
    while ((await find())?.lastUsedAt === undefined);
    await keys.revoke(id);
    assert.ok((await find())?.revokedAt instanceof Date);
    const ids = (await keys.list()).map((row) => row.id);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
  });

  it('that nobody can look up are not refused: the database is down, and is asked again', async () => {
    let down = true;
    const keys = createKeys(
      {
        ...database,
        query: (sql, values) =>
          down ? Promise.reject(new Failure('databaseDown')) : database.query(sql, values),
      },
      { clock },
    );
    const { key } = await createKeys(database).create('later');
    await assert.rejects(
      keys.verify(key),
      (error) => error instanceof Failure && error.row === 'databaseDown',
    );
    down = false;
    assert.ok((await keys.verify(key)) > 0);
  });
});
