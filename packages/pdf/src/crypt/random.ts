import { randomFillSync } from 'node:crypto';

/** Gives so many random bytes, which nothing else has or changes. */
export type Random = (count: number) => Uint8Array;

/** Bytes that are drawn at once: a call takes longer than the bytes. */
const POOL_BYTES = 4096;

/** Random bytes of the system, fit for keys. */
export function systemRandom(): Random {
  let pool = new Uint8Array(0);
  let at = 0;
  return (count) => {
    if (at + count > pool.length) {
      pool = randomFillSync(new Uint8Array(Math.max(POOL_BYTES, count)));
      at = 0;
    }
    at += count;
    return pool.subarray(at - count, at);
  };
}
