import type { Socket } from 'node:net';
import { Client, Pool, type ClientConfig, type PoolClient, type QueryConfig, type QueryResult } from 'pg';

import { Failure } from '../errors.ts';
import type { Log } from '../platform/log.ts';
import type { Database, Queryable, Statement } from './database.ts';
import { asFailure, isDown, sentence } from './down.ts';
import { createListener } from './listener.ts';

/** Every call ends within 2 s: this long for a connection, and all of it in this long. */
const connectMsMax = 900;
const callMsMax = 1_800;

/** What both kinds of database share: a pool, a listener, and calls that end in time. */
export type Connected = Omit<Database, 'alone' | 'probe'>;

/** Opens a pool; connects only when it is used. Errors of idle connections go to the log, never to the process. */
export function connect(config: ClientConfig, options: { log: Log; connectionsMax: number }): Connected {
  const pool = new Pool({
    ...config,
    application_name: 'octavo',
    max: options.connectionsMax,
    connectionTimeoutMillis: connectMsMax,
    idleTimeoutMillis: 30_000,
    // The first call after a quiet time must not wait for a new process.
    min: 2,
    keepAlive: true,
    pipeline: true,
  });
  pool.on('error', ({ message }) => {
    if (!pool.ending) options.log.warn('database connection lost', { reason: message });
  });
  // A client that is checked out has no listener of the pool: without one a lost connection would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const listener = createListener(config, options.log);

  /** Lends a connection; one that failed is thrown away. */
  async function lend<T>(work: (client: PoolClient, msLeft: () => number) => Promise<T>): Promise<T> {
    const endsAt = performance.now() + callMsMax;
    const client = await pool.connect().catch((error: unknown) => {
      throw new Failure('databaseDown', {}, { detail: sentence(error), cause: error });
    });
    let broken = false;
    try {
      return await work(client, () => Math.max(1, endsAt - performance.now()));
    } catch (error) {
      broken = isDown(error);
      throw asFailure(error);
    } finally {
      client.release(broken);
    }
  }

  return {
    query: <Row extends object>(sql: string, values?: readonly unknown[]) =>
      lend(async (client, msLeft) => rowsOf<Row>(await client.query(prepared({ sql, values }, msLeft())))),
    transaction: (work) => lend((client, msLeft) => inTransaction(client, msLeft, work)),
    together: (statements) => lend((client, msLeft) => allAtOnce(client, msLeft(), statements)),
    listen: listener.listen,
    pool,
    async close() {
      await Promise.all([listener.close(), pool.end()]);
    },
  };
}

async function inTransaction<T>(
  client: PoolClient,
  msLeft: () => number,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  // Not awaited: it leaves with the first statement, and that one reports what is wrong with the connection.
  client.query('BEGIN').catch(() => {});
  try {
    const result = await work({
      query: async <Row extends object>(sql: string, values?: readonly unknown[]) =>
        rowsOf<Row>(await client.query(prepared({ sql, values }, msLeft()))),
    });
    await client.query(plain('COMMIT', msLeft()));
    return result;
  } catch (error) {
    if (!isDown(error)) await client.query(plain('ROLLBACK', msLeft()));
    throw error;
  }
}

/** The first error is the one to report: those after it only say that the transaction was aborted. */
async function allAtOnce(
  client: PoolClient,
  msLeft: number,
  statements: readonly Statement[],
): Promise<object[][]> {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  // One packet instead of four: each would wake the other side.
  stream.cork();
  process.nextTick(() => stream.uncork());
  const sent = [
    client.query('BEGIN'),
    ...statements.map((statement) => client.query(prepared(statement))),
    // The limit of the last is the limit of all: when it passes, the connection is cut under all of them.
    client.query(plain('COMMIT', msLeft)),
  ];
  const settled = await Promise.allSettled(sent);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return settled.slice(1, -1).map((one) => (one as PromiseFulfilledResult<QueryResult>).value.rows);
}

const names = new Map<string, string>();

function prepared(statement: Statement, msMax?: number): QueryConfig {
  const name = names.get(statement.sql) ?? `s${names.size}`;
  names.set(statement.sql, name);
  return { name, text: statement.sql, values: statement.values as unknown[] | undefined, ...limit(msMax) };
}

function plain(text: string, msMax: number): QueryConfig {
  return { text, ...limit(msMax) };
}

/** The driver cuts the connection when this passes. Its types leave it out of a single query. */
function limit(msMax: number | undefined): object {
  return msMax === undefined ? {} : { query_timeout: Math.ceil(msMax) };
}

function rowsOf<Row extends object>(result: QueryResult): Row[] {
  return result.rows as Row[];
}

/** Whether a new connection gets an answer within the time. */
export async function answers(config: ClientConfig, msMax: number): Promise<string | null> {
  const client = new Client({
    ...config,
    connectionTimeoutMillis: msMax,
    query_timeout: msMax,
    pipeline: true,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return sentence(error);
  } finally {
    client.end().catch(() => {});
  }
}
