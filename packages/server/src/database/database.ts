import type { Pool } from 'pg';

/** A PostgreSQL, embedded or external, with one code path. Every call throws the Failure `databaseDown` when it does not answer in time. */
export interface Database extends Queryable {
  /** Runs `work` in one transaction: committed durably when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Runs the statements in one transaction and one round trip. Gives the rows of each. */
  together(statements: readonly Statement[]): Promise<object[][]>;
  /**
   * Calls `hear` for each NOTIFY on the channel. Goes on after a lost connection, and then calls `again`: what was notified
   * meanwhile is lost, so the listener has to look. Resolves once it listens.
   */
  listen(channel: string, hear: (payload: string) => void, again: () => void): Promise<void>;
  /** Whether it answers, and a sentence for the operator. */
  probe(): Promise<{ readonly ready: boolean; readonly says: string }>;
  /** True where no other process can use it: then nobody else has to be told of anything. */
  readonly alone: boolean;
  /** For pg-boss and the migrations alone: its calls may take longer, and throw errors of the driver. */
  readonly pool: Pool;
  /** Closes the connections, and stops the postmaster where it is ours. */
  close(): Promise<void>;
}

export interface Queryable {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** SQL with its values. The text is prepared once on each connection: it must not hold values of its own. */
export interface Statement {
  readonly sql: string;
  readonly values?: readonly unknown[];
}
