import { columns } from './columns.ts';

/** A claim that a crash of the database forgets is a claim that nobody made: it need not wait for the disk. */
export const withoutWaiting = 'SET LOCAL synchronous_commit = off';

/**
 * Takes the next jobs, by the text that pg-boss takes them with, and claims their rows under the attempt $1. A row of the result
 * without `tenant` is a turn that no open job belongs to (any more).
 */
export const claim = (take: string): string => `
WITH taken AS (${take}),
claimed AS (
  UPDATE octavo.job
  SET status = 'working', attempt = $1, claims = claims + 1, beat_at = now(), stage = NULL,
    started_at = coalesce(started_at, $2)
  FROM taken
  WHERE job.id = taken.id AND job.status IN ('waiting', 'working')
  RETURNING job.*
)
SELECT taken.id AS turn_id, taken."retryCount" AS turn, ${columns.replaceAll(/\w+/g, 'claimed.$&')},
  claimed.call, claimed.needs, claimed.claims
FROM taken LEFT JOIN claimed ON claimed.id = taken.id`;
