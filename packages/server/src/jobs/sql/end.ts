import { columns } from './columns.ts';

const endWhere = (which: string) => `
WITH ended AS (
  UPDATE octavo.job
  SET status = $3, outcome = $4, failure = $5, ended_at = $6, credits = $7, call = NULL, needs = NULL, beat_at = NULL
  WHERE id = $1 AND ${which}
  RETURNING ${columns}
)`;
const byAttempt = endWhere("attempt = $2 AND status = 'working'");
const byTenant = endWhere("tenant = $2 AND status IN ('waiting', 'working')");
const tell = `
SELECT ended.*, CASE WHEN $8 THEN pg_notify('octavo_job_ended', id::text) IS NULL END AS told FROM ended`;

/** Ends the job $1 if the attempt $2 still has it: a result is published once. $8: whether other processes wait to hear of it. */
export const end: string = byAttempt + tell;

const deliver = `, delivery AS (
  INSERT INTO octavo.delivery (job, tenant, link, host, body, due_at) SELECT id, tenant, $9, $10, $11, now() FROM ended
)`;

/** The same for a job with a callback: that $11 is to be sent to the link $9, of the host $10, is as durable as the end itself. */
export const endAndDeliver: string = byAttempt + deliver + tell;

/** Ends the job $1 of the tenant $2, whoever works on it; values as for `end`. */
export const cancel: string = byTenant + tell;

/** Values as for `endAndDeliver`. */
export const cancelAndDeliver: string = byTenant + deliver + tell;

/** Whether the job $1 has been ended by the attempt $2: for who got no answer to `end`, and found nothing to end afterwards. */
export const endedBy = `
SELECT ${columns} FROM octavo.job WHERE id = $1 AND attempt = $2 AND status IN ('success', 'failed')`;
