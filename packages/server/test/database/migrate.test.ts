import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Database } from '../../src/database/database.ts';
import { openExternal } from '../../src/database/external.ts';
import { migrate, secret } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations.ts';
import { silentLog } from '../../src/platform/log.ts';
import { open, temporaryDirectory, urlOf } from './harness.ts';

describe('migrations', () => {
  const directory = temporaryDirectory();
  let databases: Database[];
  before(async () => {
    databases = [await open(directory)];
    for (let n = 0; n < 3; n++)
      databases.push(openExternal({ url: urlOf(directory), connectionsMax: 2, log: silentLog }));
  });
  after(async () => {
    for (const database of databases.toReversed()) await database.close();
  });

  it('run once, however many servers start at the same time', async () => {
    await Promise.all(databases.map(migrate));
    const rows = await databases[0]?.query('SELECT number FROM octavo.migration ORDER BY number');
    assert.deepEqual(
      rows,
      migrations.map((_, index) => ({ number: index + 1 })),
    );
    await Promise.all(databases.map(migrate));
  });

  it('make one secret of 32 bytes for all servers', async () => {
    const secrets = await Promise.all(databases.map(secret));
    assert.equal(secrets[0]?.length, 32);
    for (const one of secrets) assert.deepEqual(one, secrets[0]);
  });

  it('refuse a database of a newer version with a sentence', async () => {
    await databases[0]?.query('INSERT INTO octavo.migration (number) VALUES (1000)');
    await assert.rejects(migrate(databases[1] as Database), /made by a newer Octavo/);
  });
});
