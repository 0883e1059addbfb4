import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  deletedMark,
  incomingKey,
  incomingName,
  lastingMark,
  readName,
  viewOf,
} from '../../src/storage/s3-name.ts';

const slot = '209901010000/a';
const sha256 = '0'.repeat(64);
const until = Date.parse('2098-12-31T23:30Z');
const name = incomingName(slot, { until, sizeBytes: 5, contentType: 'x/y', end: 'files/token/a.pdf' });
const at = (timeMs: number) => new Date(timeMs);
const listed = (one: string, sizeBytes = 0) => ({ name: one, sizeBytes, tag: '', storedAt: at(0) });
const sent = (tag: string, timeMs: number, sizeBytes = 5) => ({
  ...listed(name, sizeBytes),
  tag,
  storedAt: at(timeMs),
});
const now = Date.parse('2098-12-31T23:00Z');

it('tells what the name of an object means', () => {
  assert.deepEqual(readName(name), { kind: 'incoming', slot, until: '209812312330', sizeBytes: 5 });
  const key = incomingKey(viewOf(slot, []), sent('a', now), sha256);
  assert.equal(readName(key)?.kind, 'version');
  assert.equal(readName(deletedMark(key))?.kind, 'mark');
  for (const wrong of [`${slot}.incoming`, name.replace('-5/', '-x/'), `${name}/b`, `${name}+`])
    assert.equal(readName(wrong), null, wrong);
});

it('makes a version behind all that was there, whatever the clock of the bucket says', () => {
  const first = incomingKey(viewOf(slot, []), sent('a', now), sha256);
  for (const timeMs of [now + 1, now, now - 3_600_000]) {
    const view = viewOf(slot, [listed(first, 5), sent('b', timeMs)]);
    assert.equal(view.isNews, true);
    assert.ok(incomingKey(view, sent('b', timeMs), sha256) > first);
  }
  assert.equal(viewOf(slot, [listed(first, 5), sent('a', now)]).isNews, false, 'the same is no news');
});

it('hides by a lasting mark what others make of what was there, and not what is sent later', () => {
  const incoming = sent('a', now);
  for (const before of [
    [],
    [listed(incomingKey(viewOf(slot, []), sent('b', now + 500), 'f'.repeat(64)), 5)],
  ]) {
    const view = viewOf(slot, [...before, incoming]);
    // Of the clocks of bucket and server, either may be ahead.
    for (const markedMs of [now - 60_000, now, now + 60_000]) {
      const mark = lastingMark(view, markedMs);
      const late = incomingKey(view, incoming, 'f'.repeat(64));
      const names = [...before, listed(mark), listed(late, 5)].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const hidden = viewOf(slot, names);
      assert.deepEqual([hidden.newest, hidden.isNews], [mark, false]);
      const again = viewOf(slot, [...names, incoming]);
      assert.equal(again.isNews, true);
      assert.ok(incomingKey(again, incoming, sha256) > mark);
    }
  }
});

it('has nothing of what is not as long as it was said to be', () => {
  assert.equal(viewOf(slot, [sent('a', now, 4)]).isNews, false);
});
