import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { againMsDefault, waitMs } from '../../src/jobs/schedule.ts';

const now = Date.UTC(2026, 0, 5, 12);

describe('the attempts at a callback', () => {
  it('are eight, each later than the one before, within a day', () => {
    assert.equal(againMsDefault.length, 7);
    assert.deepEqual(
      againMsDefault,
      againMsDefault.toSorted((a, b) => a - b),
    );
    const totalMs = againMsDefault.reduce((sum, one) => sum + one, 0);
    assert.ok(totalMs > 20 * 3_600_000 && totalMs < 24 * 3_600_000);
  });

  it('are anywhere before their bound', () => {
    for (const [random, ms] of [
      [0, 0],
      [0.25, 250],
      [0.999, 999],
    ] as const)
      assert.equal(
        waitMs(1_000, () => random, undefined, now),
        ms,
      );
  });

  it('are not before the time that the answer named, up to an hour', () => {
    for (const [retryAfter, ms] of [
      ['120', 120_000],
      [' 120 ', 120_000],
      ['0', 1],
      ['Mon, 05 Jan 2026 12:01:00 GMT', 60_000],
      ['Mon, 05 Jan 2026 11:59:00 GMT', 1],
      ['3601', 3_600_000],
      ['9999999999', 3_600_000],
      ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
      ['-5', 1],
      ['1e9', 1],
      ['soon', 1],
      ['', 1],
      ['9'.repeat(400), 1],
      ['Xxx, 99 Xxx 2026 99:99:99 GMT', 1],
    ] as const)
      assert.equal(
        waitMs(1, () => 0.5, retryAfter, now),
        ms,
        retryAfter,
      );
    assert.equal(
      waitMs(7_200_000, () => 0.75, '60', now),
      5_400_000,
    );
  });
});
