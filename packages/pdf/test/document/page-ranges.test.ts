import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePageRanges, splitRanges } from '../../src/document/page-ranges.ts';
import { PdfError } from '../../src/index.ts';

/** What is a page by its form, and none of the document, against what is no page at all. */
function codeFor(text: string): string {
  return /^!?\d+(-\d+)?$/.test(text) ? 'page-index' : 'page-range';
}

describe('page ranges', () => {
  const cases: readonly [text: string, first: 0 | 1, expected: number[]][] = [
    ['', 1, [0, 1, 2, 3, 4]],
    ['  ', 0, [0, 1, 2, 3, 4]],
    ['1', 1, [0]],
    ['0', 0, [0]],
    ['1,3', 0, [1, 3]],
    [' 2 - 4 , 1 ', 1, [1, 2, 3, 0]],
    ['3-', 0, [3, 4]],
    ['4-2', 1, [3, 2, 1]],
    ['!0', 0, [4]],
    ['!1', 1, [4]],
    ['!2-!0', 0, [2, 3, 4]],
    ['0,0', 0, [0, 0]],
    ['5-', 1, [4]],
  ];
  for (const [text, first, expected] of cases)
    it(`'${text}' counted from ${first}`, () =>
      assert.deepEqual(parsePageRanges(text, 5, first, 100), expected));

  for (const text of [
    '6',
    '0',
    '1-6',
    '!6',
    '!0',
    'x',
    '1,',
    '-',
    '-3',
    '1--3',
    '1-2-3',
    '1;2',
    '99999999999999999999',
  ])
    it(`refuses '${text}'`, () =>
      assert.throws(
        () => parsePageRanges(text, 5, 1, 100),
        (error) => error instanceof PdfError && error.code === codeFor(text),
      ));

  it('says which pages there are', () => {
    assert.throws(() => parsePageRanges('6', 5, 1, 100), /pages go from 1 to 5/);
    assert.throws(() => parsePageRanges('5', 5, 0, 100), /pages go from 0 to 4/);
  });

  it('stops at its limit', () => {
    assert.equal(parsePageRanges('1-5,1-5', 5, 1, 10).length, 10);
    assert.throws(
      () => parsePageRanges('1-5,1-5', 5, 1, 9),
      (error) => error instanceof PdfError && error.code === 'limit',
    );
  });
});

describe('ranges of a split', () => {
  const cases: readonly [text: string, expected: number[][]][] = [
    [
      '1-2,3-',
      [
        [0, 1],
        [2, 3, 4],
      ],
    ],
    ['*', [[0], [1], [2], [3], [4]]],
    [' 2 , * , !1', [[1], [0], [1], [2], [3], [4], [4]]],
    ['3-2', [[2, 1]]],
    ['!2-!1', [[3, 4]]],
    ['!2-', [[3, 4]]],
    ['1-!1', [[0, 1, 2, 3, 4]]],
    ['', [[0, 1, 2, 3, 4]]],
    ['1,1', [[0], [0]]],
  ];
  for (const [text, expected] of cases)
    it(`'${text}' is ${expected.length} parts`, () => assert.deepEqual(splitRanges(text, 5), expected));

  for (const text of ['1,', ',', '1,,2', '0', '6', '**', '*-', '1-*', 'x'])
    it(`refuses '${text}'`, () =>
      assert.throws(
        () => splitRanges(text, 5),
        (error) => error instanceof PdfError && error.code === codeFor(text),
      ));

  it('stops at its limit, for all parts together', () => {
    assert.equal(splitRanges('*,1-5', 5, 10).length, 6);
    for (const text of ['1-5,*', '1-5,1-5', '*,*', '1-5,1-4,1'])
      assert.throws(
        () => splitRanges(text, 5, 9),
        (error) => error instanceof PdfError && error.code === 'limit',
      );
  });
});
