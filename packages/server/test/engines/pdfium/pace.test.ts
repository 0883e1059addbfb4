import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isToBeDivided } from '../../../src/engines/pdfium/pace.ts';

it('pages are divided when their box has had its time, or sooner where they would take much longer', () => {
  assert.equal(isToBeDivided(300, { ms: 301, done: 1, left: 1 }), true);
  assert.equal(isToBeDivided(300, { ms: 61, done: 61, left: 939 }), true);
  assert.equal(isToBeDivided(300, { ms: 59, done: 59, left: 941 }), false, 'too soon to tell');
  assert.equal(isToBeDivided(300, { ms: 100, done: 100, left: 400 }), false, 'soon done');
  assert.equal(isToBeDivided(0, { ms: 1, done: 0, left: 9 }), false, 'one page at least');
  assert.equal(isToBeDivided(undefined, { ms: 9e9, done: 1, left: 9 }), false);
});
