import { settling } from './credits.ts';

/** Of the keys $1 those that jobs need which have not ended. */
export const findNeeded = `
SELECT DISTINCT need FROM octavo.job
CROSS JOIN LATERAL unnest(needs) AS need JOIN unnest($1::text[]) AS asked (key) ON asked.key = need
WHERE status IN ('waiting', 'working')`;

/** What is known of the jobs $1: whose result a stored file may be. */
export const findOwners = `SELECT id, status, outcome, attempt FROM octavo.job WHERE id = ANY($1::uuid[])`;

/** Jobs whose result has to be in storage, after the job $1: some at a time. */
export const findPublished = `
SELECT id, outcome FROM octavo.job
WHERE status = 'success' AND expires_at > $2 AND id > $1 ORDER BY id LIMIT 500`;

/** Says that the result of the job $1 was deleted: $2 is its outcome without it. */
export const forgetResult = `UPDATE octavo.job SET outcome = $2 WHERE id = $1 AND status = 'success'`;

/** Says that the result of the job $1 is lost: $2 is its failure. Its key gets back what it cost. */
export const loseResult: string = settling(`
  UPDATE octavo.job SET status = 'failed', outcome = NULL, failure = $2, credits = 0, settled = false
  FROM (SELECT id AS lost, CASE WHEN settled THEN -credits ELSE 0 END AS back FROM octavo.job WHERE id = $1 FOR UPDATE) AS before
  WHERE id = lost AND status = 'success' RETURNING id, tenant, back AS credits`);
