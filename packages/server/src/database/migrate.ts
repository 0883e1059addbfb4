import { randomBytes } from 'node:crypto';

import type { Pool, PoolClient } from 'pg';

import type { Database } from './database.ts';
import { isDown, sentence } from './down.ts';
import { migrations } from './migrations.ts';

/** Held while tables are made: two servers may start at once. Any number that nobody else uses. */
const lockKey = 0x0c7a_0001;
const connectMsMax = 20_000;
const againMs = 250;

/** Brings our tables to this version, in one transaction. Throws a sentence where the database is of a newer Octavo. */
export function migrate(database: Database): Promise<void> {
  return exclusively(database, async (client) => migrateFrom(client, await versionOf(client)));
}

/** Runs `work` while no other server on the database does. What it asks of `client` is one transaction. */
export async function exclusively(
  database: Database,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await connected(database.pool);
  let broken = true;
  try {
    await client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    await work(client);
    await client.query('COMMIT');
    broken = false;
  } finally {
    // A transaction that failed ends with its connection.
    client.release(broken);
  }
}

/** Servers and their database are often started together: waits for it, and says so in a sentence when it does not come. */
async function connected(pool: Pool): Promise<PoolClient> {
  for (const endsAt = performance.now() + connectMsMax; ;) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isDown(error) || performance.now() > endsAt)
        throw new Error(`The database cannot be used: ${sentence(error)}.`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}

async function versionOf(client: PoolClient): Promise<number> {
  const known = await client.query<{ there: boolean }>(
    `SELECT to_regclass('octavo.migration') IS NOT NULL AS there`,
  );
  if (known.rows[0]?.there !== true) {
    await client.query('CREATE SCHEMA IF NOT EXISTS octavo');
    await client.query(
      'CREATE TABLE octavo.migration (number integer PRIMARY KEY, run_at timestamptz NOT NULL DEFAULT now())',
    );
    return 0;
  }
  const last = await client.query<{ number: number }>(
    'SELECT coalesce(max(number), 0) AS number FROM octavo.migration',
  );
  return last.rows[0]?.number ?? 0;
}

async function migrateFrom(client: PoolClient, version: number): Promise<void> {
  if (version > migrations.length)
    throw new Error(
      `The database was made by a newer Octavo (${version}, and this one knows ${migrations.length}): update this server.`,
    );
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    await client.query(sql);
    await client.query('INSERT INTO octavo.migration (number) VALUES ($1)', [index + 1]);
  }
}

/** The key of all links: made by whoever asks first, the same for all servers on one database. 32 bytes. */
export async function secret(database: Database): Promise<Uint8Array> {
  await database.query(
    `INSERT INTO octavo.setting (name, value) VALUES ('link secret', $1) ON CONFLICT (name) DO NOTHING`,
    [randomBytes(32).toString('base64')],
  );
  const rows = await database.query<{ value: string }>(
    `SELECT value FROM octavo.setting WHERE name = 'link secret'`,
  );
  return Buffer.from(rows[0]?.value ?? '', 'base64');
}
