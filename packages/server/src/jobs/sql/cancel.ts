import { columns } from './columns.ts';

/** Where it is told that a job was cancelled: its id. */
export const cancelledChannel = 'octavo_job_cancelled';

/** The job $1 of the tenant $2, with its call while it has one. */
export const findCall = `SELECT ${columns}, call FROM octavo.job WHERE id = $1 AND tenant = $2`;

/**
 * Lets pg-boss forget the job $1. One that is being claimed at this moment is passed over, as whoever waited for it here could be
 * waited for: who claims it finds that it has ended, and forgets it.
 */
export const forgetTurn = `
DELETE FROM pgboss.job WHERE name = 'octavo-jobs' AND id IN (
  SELECT id FROM pgboss.job WHERE name = 'octavo-jobs' AND id = $1 FOR UPDATE SKIP LOCKED
)`;

/** Tells whoever works on the job $1. */
export const tellCancelled = `SELECT pg_notify('${cancelledChannel}', $1)`;
