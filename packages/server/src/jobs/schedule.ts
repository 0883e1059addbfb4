const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * How long after each failed attempt at a callback the next one is made at the latest: 8 attempts within a day. After the last
 * there is none.
 */
export const againMsDefault: readonly number[] = [
  10 * second,
  minute,
  10 * minute,
  hour,
  3 * hour,
  7 * hour,
  12.5 * hour,
];
/** More patience than this is not asked of us with success. */
const retryAfterMsMax = hour;

/**
 * Milliseconds until the next attempt: any part of the bound ("full jitter"), so that a receiver that comes back does not hear
 * all at the same moment, but not before the time that its Retry-After names.
 */
export function waitMs(
  boundMs: number,
  random: () => number,
  retryAfter: string | undefined,
  nowMs: number,
): number {
  const asked = retryAfter === undefined ? 0 : askedMs(retryAfter, nowMs);
  return Math.max(Math.ceil(random() * boundMs), Math.min(asked, retryAfterMsMax));
}

/** Retry-After as seconds or as a date (RFC 9110, 10.2.3); 0 for anything else. */
function askedMs(retryAfter: string, nowMs: number): number {
  const text = retryAfter.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * second;
  const ms = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(text)
    ? Date.parse(text) - nowMs
    : 0;
  return ms > 0 ? ms : 0;
}
