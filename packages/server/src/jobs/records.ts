import type { Queryable } from '../database/database.ts';
import { listDeliveries, resendFailed, resendOne } from './sql/records.ts';

export const deliveryStates = ['waiting', 'sending', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What may be shown of a callback that was not heard yet: of its link the host alone, as the rest may hold secrets. */
export interface DeliveryRecord {
  /** Id of its job. Receivers get it as `webhook-id`. */
  readonly id: string;
  readonly tenant: number;
  /** `failed`: it was given up. */
  readonly state: DeliveryState;
  readonly host: string;
  readonly attempts: number;
  readonly createdAt: Date;
  /** When the last attempt ended. */
  readonly triedAt: Date | undefined;
  /** HTTP status of its answer. */
  readonly status: number | undefined;
  /** Why there was no answer. */
  readonly reason: string | undefined;
  /** Of one that waits. */
  readonly nextAt: Date | undefined;
}

export interface DeliveryQuery {
  readonly state?: DeliveryState | undefined;
  /** What the page before gave as `next`. */
  readonly after?: number;
  readonly limit: number;
}

/** Callbacks that were not heard yet, of all tenants. What was heard is gone. */
export interface DeliveryRecords {
  /** The oldest first. `next` is absent on the last page. */
  list(query: DeliveryQuery): Promise<{ readonly records: DeliveryRecord[]; readonly next?: number }>;
  /** Sends one now, with all attempts before it. False where there is none, or it is being sent. */
  resend(id: string): Promise<boolean>;
  /** The same for all that were given up. Their number. */
  resendFailed(): Promise<number>;
}

/** Works beside a running server too: it is told. */
export function createDeliveryRecords(database: Queryable): DeliveryRecords {
  const countOf = async (sql: string, ...values: unknown[]) =>
    (await database.query<{ count: number }>(sql, values))[0]?.count ?? 0;
  return {
    async list({ state = '', after = 0, limit }) {
      const rows = await database.query<RecordRow>(listDeliveries, [after, state, limit + 1]);
      const records = rows.slice(0, limit).map(toRecord);
      return rows.length > limit ? { records, next: rows[limit - 1]?.number ?? 0 } : { records };
    },
    resend: async (id) => isUuid(id) && (await countOf(resendOne, id)) > 0,
    resendFailed: () => countOf(resendFailed),
  };
}

interface RecordRow {
  readonly number: number;
  readonly job: string;
  readonly tenant: number;
  readonly state: DeliveryState;
  readonly host: string;
  readonly attempts: number;
  readonly created_at: Date;
  readonly last_at: Date | null;
  readonly last_status: number | null;
  readonly last_reason: string | null;
  readonly due_at: Date | null;
}

function toRecord(row: RecordRow): DeliveryRecord {
  return {
    id: row.job,
    tenant: row.tenant,
    state: row.state,
    host: row.host,
    attempts: row.attempts,
    createdAt: row.created_at,
    triedAt: row.last_at ?? undefined,
    status: row.last_status ?? undefined,
    reason: row.last_reason ?? undefined,
    nextAt: row.state === 'waiting' ? (row.due_at ?? undefined) : undefined,
  };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
