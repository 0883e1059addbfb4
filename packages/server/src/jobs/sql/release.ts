/** Gives back the job $1 of the attempt $2, as if it had never been claimed. */
export const release = `
UPDATE octavo.job
SET status = 'waiting', attempt = NULL, beat_at = NULL, claims = claims - 1
WHERE id = $1 AND attempt = $2 AND status = 'working'
RETURNING id`;

/** Gives back jobs whose worker was not heard of for $1 seconds; 0 means all of them. */
export const releaseDead = `
UPDATE octavo.job
SET status = 'waiting', attempt = NULL, beat_at = NULL
WHERE status = 'working' AND beat_at <= now() - $1 * interval '1 second'
RETURNING id`;
