/** Raises OC002 where the tenant $1 has no room for one more file as of $2. */
export const assertRoom = `SELECT octavo.assert_quota($1, '', 0, $2)`;

/**
 * Counts $3 bytes for an upload to the slot $1 of the tenant $2 that expires at $4, while it comes; $5 is now. Gives what was counted
 * for the slot before. Raises OC002 where there is no room.
 */
export const reserveUpload = `SELECT octavo.reserve_upload($1, $2, $3, $4, $5) AS before`;

/** Counts a file that is stored: values as for the reservation. */
export const countFile = `
INSERT INTO octavo.counted_file (slot, tenant, bytes, expires_at, at, stored) VALUES ($1, $2, $3, $4, $5, true)
ON CONFLICT (slot) DO UPDATE SET bytes = $3, at = $5, stored = true`;

/** The same for the slots $1. */
export const forgetFiles = `DELETE FROM octavo.counted_file WHERE slot = ANY($1::text[])`;

/** An upload that came to nothing, unless another one to the same slot is stored by now. */
export const forgetUnstored = `DELETE FROM octavo.counted_file WHERE slot = $1 AND NOT stored`;

export const forgetFile = `DELETE FROM octavo.counted_file WHERE slot = $1`;

/** The same, unless something may still be sent there after $2. */
export const forgetDeleted = `DELETE FROM octavo.counted_file WHERE slot = $1 AND (stored OR at <= $2)`;

/** Says that the upload to the slot $1 may come until $2, with nothing heard of it before. */
export const expectUntil = `UPDATE octavo.counted_file SET at = $2 WHERE slot = $1 AND NOT stored`;

/** Files that have expired before $1, some at a time. */
export const forgetExpired = `
DELETE FROM octavo.counted_file WHERE slot IN (
  SELECT slot FROM octavo.counted_file WHERE expires_at < $1 LIMIT 1000
) RETURNING slot`;

/** Uploads of which nothing was heard since $1: their server may have died, or none was there. */
export const findUnheard = `
SELECT slot FROM octavo.counted_file WHERE NOT stored AND at < $1 LIMIT 1000`;

/** Counts what is there for the slot $1: $2 bytes. */
export const settleFile = `UPDATE octavo.counted_file SET bytes = $2, stored = true WHERE slot = $1`;
