import type { Database } from '../database/database.ts';
import { Failure } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { type Credits, creditsOf } from './credits.ts';
import { endStatement, hasCallback } from './ending.ts';
import type { Job } from './job.ts';
import type { Recent } from './recent.ts';
import { hasEnded, toJob, type JobRow, type StoredCall } from './row.ts';
import { findCall, forgetTurn, tellCancelled } from './sql/cancel.ts';
import { cancel, cancelAndDeliver } from './sql/end.ts';
import { tellDue } from './sql/records.ts';
import type { Waiters } from './waiters.ts';

export interface CancelParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly credits: Pick<Credits, 'remaining'>;
  readonly recent: Recent;
  readonly waiters: Waiters;
  /** Ends what works on a job in this process. */
  readonly stopWork: (id: string) => void;
  /** Called when there may be something for a callback to hear. */
  readonly deliver: () => void;
}

/**
 * Ends a job of the tenant as `aborted`, durably: from then on no attempt at it can publish a result. Who works on it hears of that
 * afterwards, at its next beat at the latest. Gives the job; one that had ended as it was, and null where there is none.
 */
export async function cancelJob(tenant: number, id: string, parts: CancelParts): Promise<Job | null> {
  const { database, recent, waiters } = parts;
  const [row] = await database.query<JobRow & { readonly call: StoredCall | null }>(findCall, [id, tenant]);
  if (row === undefined) return null;
  const known = toJob(row);
  if (hasEnded(known) || row.call === null) return known;
  const statements = await statementsOf(known, row.call, parts);
  try {
    const [rows] = await database.together(statements);
    // It may have ended since it was looked at.
    const changed = rows?.[0] ?? (await database.query(findCall, [id, tenant]))[0];
    if (changed === undefined) return null;
    const job = toJob(changed as JobRow);
    recent.keep(job);
    waiters.ended(job.id, job);
    if (job.status === 'aborted') parts.stopWork(job.id);
    return job;
  } catch (error) {
    // It may have been done all the same: then the next beat finds the claim gone.
    recent.forget(known.id);
    throw error;
  } finally {
    if (hasCallback(row.call)) parts.deliver();
  }
}

async function statementsOf(known: Job, call: StoredCall, { database, clock, credits }: CancelParts) {
  const { row, status, message } = new Failure('jobCancelled');
  const job: Job = {
    ...known,
    status: 'aborted',
    failure: { row, status, message },
    credits: creditsOf('aborted'),
    endedAt: new Date(clock.now()),
  };
  const tell = !database.alone;
  const ending = { sql: cancel, sqlAndDeliver: cancelAndDeliver, by: job.tenant, tell, credits };
  return [
    await endStatement(job, call, ending),
    { sql: forgetTurn, values: [job.id] },
    ...(tell ? [{ sql: tellCancelled, values: [job.id] }] : []),
    ...(tell && hasCallback(call) ? [{ sql: tellDue }] : []),
  ];
}
