/** Says that the worker of the jobs $1 with the attempts $2 is alive. Gives the attempts of those that it still has. */
export const beat = `
UPDATE octavo.job SET beat_at = now()
FROM unnest($1::uuid[], $2::integer[]) AS mine (id, attempt)
WHERE job.id = mine.id AND job.attempt = mine.attempt AND job.status = 'working'
RETURNING job.id, job.attempt`;

/** Counts a death of the box of the job $1 under the attempt $2, and gives the number so far. */
export const countBoxDeath = `
UPDATE octavo.job SET box_deaths = box_deaths + 1
WHERE id = $1 AND attempt = $2 AND status = 'working'
RETURNING box_deaths`;
