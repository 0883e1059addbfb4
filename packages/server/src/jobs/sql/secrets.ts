/** Secrets of the tenant $1, the newest first. */
export const secretsOf = `SELECT secret FROM octavo.webhook_secret WHERE tenant = $1 ORDER BY number DESC`;

/** Makes $2 the first secret of the tenant $1, unless there is one already. */
export const makeFirstSecret = `
INSERT INTO octavo.webhook_secret (tenant, number, secret)
SELECT $1::integer, 1, $2::text WHERE NOT EXISTS (SELECT FROM octavo.webhook_secret WHERE tenant = $1)
ON CONFLICT DO NOTHING`;

/** Adds the secret $2 of the tenant $1, and deletes all but the one before it. */
export const rotateSecrets = `
WITH made AS (
  INSERT INTO octavo.webhook_secret (tenant, number, secret)
  SELECT $1::integer, coalesce(max(number), 0) + 1, $2::text FROM octavo.webhook_secret WHERE tenant = $1
  RETURNING number
)
DELETE FROM octavo.webhook_secret USING made WHERE tenant = $1 AND webhook_secret.number < made.number - 1`;

/** Deletes all secrets of the tenant $1 but the newest. */
export const retireSecrets = `
DELETE FROM octavo.webhook_secret WHERE tenant = $1
  AND number < (SELECT max(number) FROM octavo.webhook_secret WHERE tenant = $1)
RETURNING number`;
