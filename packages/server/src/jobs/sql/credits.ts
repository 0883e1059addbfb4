/** Raises OC003 unless the tenant $1 has $2 credits left; nobody else spends them before the transaction has ended. */
export const assertCredits = `SELECT octavo.assert_credits($1, $2)`;

/** What the tenant $1 has left where a job costs $2; null where it has no limit. */
export const creditsLeft = `SELECT octavo.credits_left($1, $2) AS credits`;

/** Adds to the rows of keys what jobs cost that are changed so that they count no more themselves. Gives the ids of the jobs. */
export const settling = (change: string): string => `
WITH changed AS (${change}
), spent AS (
  SELECT tenant, sum(credits) AS credits FROM changed GROUP BY tenant
), locked AS (
  -- Whoever does that at the same time takes the keys in the same order.
  SELECT id, spent.credits FROM octavo.api_key JOIN spent USING (tenant) WHERE spent.credits <> 0 ORDER BY id FOR UPDATE OF api_key
), added AS (
  UPDATE octavo.api_key SET credits_settled = credits_settled + locked.credits FROM locked WHERE api_key.id = locked.id
)
SELECT id FROM changed`;

/** Of keys with a limit, so that what each accept has to add up stays short; some at a time. */
export const settleLimited: string = settling(`
  UPDATE octavo.job SET settled = true FROM (
    SELECT job.id AS due FROM octavo.job JOIN octavo.api_key ON api_key.tenant = job.tenant
    WHERE credits_max IS NOT NULL AND credits > 0 AND job.tenant > 0 AND NOT settled LIMIT 5000 FOR UPDATE OF job SKIP LOCKED
  ) AS unsettled WHERE id = due RETURNING id, tenant, credits`);
