/**
 * Takes up to $1 deliveries that are due, for an attempt each. Who does not report within $2 milliseconds has died: then they are
 * due again.
 */
export const takeDue = `
WITH due AS (
  SELECT job FROM octavo.delivery WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE octavo.delivery
SET attempts = attempts + 1, due_at = now() + $2 * interval '1 millisecond'
FROM due WHERE delivery.job = due.job
RETURNING delivery.job, delivery.link, delivery.body, delivery.attempts`;

/** Milliseconds until the next is due; null where there is none. */
export const nextDue = `
SELECT (extract(epoch FROM min(due_at) - now()) * 1000)::float8 AS ms FROM octavo.delivery`;

/** Ends the delivery $1, unless it was taken for another attempt than $2 meanwhile. */
export const finishDelivery = `DELETE FROM octavo.delivery WHERE job = $1 AND attempts = $2`;

/** Puts off the delivery $1 for $3 milliseconds after its attempt $2. */
export const putOff = `
UPDATE octavo.delivery SET due_at = now() + $3 * interval '1 millisecond' WHERE job = $1 AND attempts = $2`;

/** Gives back the delivery $1 as if the attempt $2 had never begun. */
export const giveBackDelivery = `
UPDATE octavo.delivery SET due_at = now(), attempts = attempts - 1 WHERE job = $1 AND attempts = $2`;
