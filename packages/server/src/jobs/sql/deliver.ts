/**
 * Takes up to $1 deliveries that are due, for an attempt each. Who does not report within $2 milliseconds has died: then they are
 * due again. No host gets more than $3 at the same time; $4 of the names $5 have so many already.
 */
export const takeDue = `
WITH busy AS (
  SELECT * FROM unnest($5::text[], $4::integer[]) AS busy (host, count)
), near AS (
  SELECT job, host, due_at FROM octavo.delivery
  WHERE due_at <= now() AND host NOT IN (SELECT host FROM busy WHERE count >= $3)
  ORDER BY due_at LIMIT 1000
), placed AS (
  SELECT job, row_number() OVER (PARTITION BY host ORDER BY due_at) + coalesce(busy.count, 0) AS place
  FROM near LEFT JOIN busy USING (host)
), due AS (
  SELECT job FROM octavo.delivery
  WHERE due_at <= now() AND job IN (SELECT job FROM placed WHERE place <= $3)
  ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE octavo.delivery
SET attempts = attempts + 1, turn = turn + 1, taken_at = now(), due_at = now() + $2 * interval '1 millisecond'
FROM due WHERE delivery.job = due.job
RETURNING delivery.job, delivery.tenant, delivery.link, delivery.host, delivery.body, delivery.attempts, delivery.turn`;

/** Milliseconds until the next is due; null where there is none. */
export const nextDue = `
SELECT (extract(epoch FROM min(due_at) - now()) * 1000)::float8 AS ms FROM octavo.delivery`;

/** Ends the delivery $1, unless it was taken for another turn than $2 meanwhile. */
export const finishDelivery = `DELETE FROM octavo.delivery WHERE job = $1 AND turn = $2`;

/** Puts off the delivery $1 for $3 milliseconds after its turn $2, or gives it up where $3 is null. Its answer was $4, or none because of $5. */
export const failDelivery = `
UPDATE octavo.delivery SET
  due_at = now() + $3::float8 * interval '1 millisecond', taken_at = NULL,
  last_at = now(), last_status = $4, last_reason = $5
WHERE job = $1 AND turn = $2`;

/** Gives back the delivery $1 as if its turn $2 had never begun. */
export const giveBackDelivery = `
UPDATE octavo.delivery SET due_at = now(), attempts = attempts - 1, taken_at = NULL WHERE job = $1 AND turn = $2`;

/** Makes those due that anybody had taken: for a server that knows that nobody else is there. */
export const freeTaken = `
UPDATE octavo.delivery SET due_at = now(), taken_at = NULL WHERE taken_at IS NOT NULL AND due_at > now()`;
