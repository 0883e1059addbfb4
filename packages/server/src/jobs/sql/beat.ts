/** Says that the worker of the jobs $1 with the attempts $2 is alive, and how far it is with each ($3, $4). Gives the attempts of those that it still has. */
export const beat = `
UPDATE octavo.job SET beat_at = now(), progress = greatest(job.progress, mine.progress), stage = mine.stage
FROM unnest($1::uuid[], $2::integer[], $3::real[], $4::text[]) AS mine (id, attempt, progress, stage)
WHERE job.id = mine.id AND job.attempt = mine.attempt AND job.status = 'working'
RETURNING job.id, job.attempt`;

/** Counts a death of the box of the job $1 under the attempt $2, and gives the number so far. */
export const countBoxDeath = `
UPDATE octavo.job SET box_deaths = box_deaths + 1
WHERE id = $1 AND attempt = $2 AND status = 'working'
RETURNING box_deaths`;
