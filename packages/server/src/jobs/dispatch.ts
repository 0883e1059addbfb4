import { PgBoss, type Db, type JobInsert } from 'pg-boss';

import type { Database, Statement } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import { exclusively } from '../database/migrate.ts';
import type { Log } from '../platform/log.ts';

const queueName = 'octavo-jobs';

/** What pg-boss knows of a job that it handed out: its id, and which handing-out this is. */
export interface Turn {
  readonly id: string;
  readonly retryCount: number;
}

/**
 * pg-boss says who works on what. It writes the statements and we run them: together with those on our own row, in one transaction
 * and one round trip. Its background work is off: finished jobs are deleted at once, and our own row says who has died.
 */
export interface Dispatch {
  /** Makes or updates its tables. */
  start(): Promise<void>;
  /** Puts jobs up for the taking; those that are there already are skipped. */
  send(ids: readonly string[]): Promise<Statement>;
  /** The text that takes up to `count` jobs and gives the rows of their turns: `id`, `"retryCount"`. It has no values. */
  take(count: number): Promise<string>;
  /** Removes a job whose turn this is. */
  remove(turn: Turn): Promise<Statement>;
  /** Puts jobs up again, before all others, whatever pg-boss has of them. */
  sendAgain(ids: readonly string[]): Promise<Statement[]>;
  stop(): Promise<void>;
}

/** Uses the database's own connections. */
export function createDispatch(database: Database, log: Log): Dispatch {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.pool.query(text, values) },
    supervise: false,
    schedule: false,
    registerInstance: false,
    queueCacheIntervalSeconds: 3_600,
    bamIntervalSeconds: 3_600,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log.warn('dispatch complains', { reason: sentence(error) }));
  boss.on('warning', ({ message }) => log.warn('dispatch warns', { reason: message }));
  const insert = (jobs: JobInsert[]) => capture((db) => boss.insert(queueName, jobs, { db }));
  const start = async () => {
    await boss.start();
    // The limit is ours to judge, by the row of the job: here it must never be reached.
    if ((await boss.getQueue(queueName)) === null)
      await boss.createQueue(queueName, { retryLimit: 1_000_000 });
  };
  const taking = new Map<number, string>();

  return {
    // Of two that make its tables at the same time, one would fail.
    start: () => exclusively(database, start),
    send: (ids) => insert(ids.map((id) => ({ id }))),
    async take(count) {
      const known = taking.get(count);
      if (known !== undefined) return known;
      const { sql } = await capture((db) => boss.fetch(queueName, { batchSize: count, db }));
      taking.set(count, sql);
      return sql;
    },
    remove: (turn) => capture((db) => boss.deleteJob(queueName, turn as never, { db })),
    async sendAgain(ids) {
      const gone = await capture((db) => boss.deleteJob(queueName, [...ids], { db }));
      return [gone, await insert(ids.map((id) => ({ id, priority: 1 })))];
    },
    stop: () => boss.stop({ graceful: false, close: false }),
  };
}

/** Lets pg-boss write a statement without running it: its calls take a database of the caller's, and this one only listens. */
async function capture(call: (db: Db) => Promise<unknown>): Promise<Statement> {
  let captured: Statement | undefined;
  await call({
    async executeSql(sql, values) {
      captured ??= { sql, values };
      // What its calls look at afterwards.
      return { rows: [{ count: '0' }] };
    },
  });
  if (captured === undefined) throw new Error('pg-boss wrote no statement');
  return captured;
}
