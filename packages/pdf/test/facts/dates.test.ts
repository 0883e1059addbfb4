import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentDate } from '../../src/document/facts/dates.ts';

describe('dates of a document', () => {
  const cases: readonly [raw: string, iso: string | undefined, offsetMinutes: number | undefined][] = [
    ["D:20200807111729+02'00'", '2020-08-07T11:17:29+02:00', 120],
    ["D:20200807111729-05'30", '2020-08-07T11:17:29-05:30', -330],
    ['D:20200807111729+0530', '2020-08-07T11:17:29+05:30', 330],
    ["D:20200807111729+05'", '2020-08-07T11:17:29+05:00', 300],
    ['D:20200807111729Z', '2020-08-07T11:17:29+00:00', 0],
    ["D:20200807111729Z00'00'", '2020-08-07T11:17:29+00:00', 0],
    ["D:20200807111729-00'00'", '2020-08-07T11:17:29+00:00', 0],
    ['D:20200807111729', '2020-08-07T11:17:29', undefined],
    ['D:202008071117', '2020-08-07T11:17:00', undefined],
    ['D:2020080711', '2020-08-07T11:00:00', undefined],
    ['D:20200807', '2020-08-07T00:00:00', undefined],
    ['D:202008', '2020-08-01T00:00:00', undefined],
    ['D:2020', '2020-01-01T00:00:00', undefined],
    ['20200807111729', '2020-08-07T11:17:29', undefined],
    [' D:20200807111729 ', '2020-08-07T11:17:29', undefined],
    ['D:20000229', '2000-02-29T00:00:00', undefined],
    ['D:191010203040506', '2001-02-03T04:05:06', undefined],
    ['2020-08-07T11:17:29+02:00', '2020-08-07T11:17:29+02:00', 120],
    ['2020-08-07T11:17:29.123Z', '2020-08-07T11:17:29+00:00', 0],
    ['2020-08-07T11:17', '2020-08-07T11:17:00', undefined],
    ['2020-08', '2020-08-01T00:00:00', undefined],
    ['2020-8-7', '2020-08-07T00:00:00', undefined],
    ['D:20210229', undefined, undefined],
    ['D:20201301', undefined, undefined],
    ['D:20200101250000', undefined, undefined],
    ["D:20200101000000+24'00'", undefined, undefined],
    ["D:20200101000000+01'60'", undefined, undefined],
    ['D:2020-08-07 noon', undefined, undefined],
    ['Fri Aug 7 2020', undefined, undefined],
    ['D:', undefined, undefined],
    ['', undefined, undefined],
  ];
  for (const [raw, iso, offsetMinutes] of cases)
    it(`are read: ${raw}`, () => assert.deepEqual(documentDate(raw), { raw, iso, offsetMinutes }));

  it('are no longer than a date can be', () => {
    const found = documentDate('1'.repeat(1e6));
    assert.equal(found.raw, '1'.repeat(100));
    assert.equal(found.iso, undefined);
  });
});
