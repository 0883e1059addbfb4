import { columns } from './columns.ts';

/** Takes the key $2 of the tenant $1 for the call $3 and its job $4, until $5, or raises OC004; $6 is now. */
export const takeKey = `SELECT octavo.take_key($1, $2, $3, $4, $5, $6)`;

/** The call that has the key $2 of the tenant $1 at $3, and its job; a row without \`tenant\` where that is gone. */
export const findKey = `
WITH known AS (
  SELECT call AS key_call, job AS key_job FROM octavo.idempotency_key WHERE tenant = $1 AND key = $2 AND expires_at > $3
)
SELECT key_call, ${columns} FROM known LEFT JOIN octavo.job ON job.id = key_job`;

/** Forgets keys that have expired before $1, so many at a time that nobody has to wait for it. */
export const forgetKeys = `
DELETE FROM octavo.idempotency_key WHERE (tenant, key) IN (
  SELECT tenant, key FROM octavo.idempotency_key WHERE expires_at < $1 LIMIT 1000
) RETURNING key`;
