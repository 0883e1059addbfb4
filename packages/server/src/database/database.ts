import type { Pool } from 'pg';

/** A PostgreSQL, embedded or external, with one code path. Every call throws the Failure `databaseDown` when it does not answer in time. */
export interface Database extends Queryable {
  /** Runs `work` in one transaction: committed durably when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Calls `hear` for each NOTIFY on the channel. Goes on after a lost connection, and then calls `again`: what was notified
   * meanwhile is lost, so the listener has to look. Resolves once it listens.
   */
  listen(channel: string, hear: (payload: string) => void, again: () => void): Promise<void>;
  /** Whether it answers, and a sentence for the operator. */
  probe(): Promise<{ readonly ready: boolean; readonly says: string }>;
  /** For pg-boss alone. */
  readonly pool: Pool;
  /** Closes the connections, and stops the postmaster where it is ours. */
  close(): Promise<void>;
}

export interface Queryable {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}
