import { columns } from './columns.ts';
import { settling } from './credits.ts';

/** One job. */
export const find = `SELECT ${columns} FROM octavo.job WHERE id = $1`;

/** Jobs that have waited since before $1 without being up for the taking: our row is the truth, so they have to be put up again. */
export const findLost = `
SELECT id FROM octavo.job
WHERE status = 'waiting' AND created_at < $1 AND NOT EXISTS (
  SELECT FROM pgboss.job AS sent WHERE sent.name = 'octavo-jobs' AND sent.id = job.id AND sent.state < 'active'
)
ORDER BY created_at LIMIT 1000`;

/** How many jobs are open. */
export const countOpen = `
SELECT count(*) FILTER (WHERE status = 'waiting')::integer AS waiting, count(*) FILTER (WHERE status = 'working')::integer AS working
FROM octavo.job WHERE status IN ('waiting', 'working')`;

/** Deletes jobs that have ended and expired before $1, so many at a time that nobody has to wait for it. Keys remember what they cost. */
export const deleteExpired: string = settling(`
  DELETE FROM octavo.job WHERE id IN (
    SELECT id FROM octavo.job WHERE expires_at < $1 AND status NOT IN ('waiting', 'working') LIMIT 1000
  ) RETURNING id, tenant, CASE WHEN settled THEN 0 ELSE credits END AS credits`);
