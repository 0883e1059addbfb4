/** Where it is told that deliveries have become due by somebody's word. */
export const dueChannel = 'octavo_delivery_due';

/** Tells it. */
export const tellDue = `SELECT pg_notify('${dueChannel}', '')`;

/** Up to $3 deliveries in the order in which they were made, from the one after $1 on; of the state $2, or all where it is empty. */
export const listDeliveries = `
WITH told AS (
  SELECT number::float8, job, tenant, host, attempts, created_at, last_at, last_status, last_reason, due_at,
    CASE WHEN due_at IS NULL THEN 'failed' WHEN taken_at IS NOT NULL AND due_at > now() THEN 'sending' ELSE 'waiting' END AS state
  FROM octavo.delivery
)
SELECT * FROM told WHERE number > $1 AND $2 IN ('', state) ORDER BY number LIMIT $3`;

const resend = (which: string) => `
WITH again AS (
  UPDATE octavo.delivery SET due_at = now(), attempts = 0, taken_at = NULL WHERE ${which} RETURNING job
), told AS (
  SELECT pg_notify('${dueChannel}', '') FROM (SELECT FROM again LIMIT 1) AS one
)
SELECT count(*)::integer AS count, (SELECT count(*) FROM told) AS told FROM again`;

/** Makes the delivery $1 due with all its attempts before it, unless it is being sent. */
export const resendOne: string = resend('job = $1 AND (taken_at IS NULL OR due_at <= now())');

/** Makes all due that were given up. */
export const resendFailed: string = resend('due_at IS NULL');

/** Deletes deliveries that were given up more than $1 milliseconds ago, so many at a time that nobody has to wait for it. */
export const deleteGivenUp = `
DELETE FROM octavo.delivery WHERE job IN (
  SELECT job FROM octavo.delivery WHERE due_at IS NULL AND last_at <= now() - $1::float8 * interval '1 millisecond' LIMIT 1000
) RETURNING job`;
