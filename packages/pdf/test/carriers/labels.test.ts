import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildPdf, pagesPdf, type Objects } from '../builder.ts';
import { merged, type Result } from './result.ts';

/** A document of some pages with labels. */
function labelled(count: number, nums: string, more: Objects = {}): Buffer {
  const kids = Array.from({ length: count }, (_, index) => `${index + 10} 0 R`);
  const pages = Object.fromEntries(
    kids.map((_, index) => [index + 10, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>']),
  );
  return buildPdf({
    1: `<< /Type /Catalog /Pages 2 0 R /PageLabels ${nums} >>`,
    2: `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${count} >>`,
    ...pages,
    ...more,
  });
}

const labels = (result: Result): unknown => result.plain(result.at('PageLabels', 'Nums'));
const roman = '<< /Nums [0 << /S /r >> 2 << /S /D /P (A-) /St 5 >>] >>';
const decimal = { S: '/D' };

describe('page labels', () => {
  it('are not there if no document has any', () => {
    assert.equal(merged(pagesPdf(1), pagesPdf(1)).at('PageLabels'), null);
  });

  it('go on in each document as they were', () => {
    const own = (first: number): unknown[] => [first, { S: '/r' }, first + 2, { S: '/D', P: '(A-)', St: 5 }];
    assert.deepEqual(labels(merged(labelled(4, roman), labelled(3, roman))), [...own(0), ...own(4)]);
  });

  it('count 1, 2, 3 in documents without', () => {
    const result = merged(pagesPdf(2), labelled(1, '<< /Nums [0 << /P (x) >>] >>'), pagesPdf(3), pagesPdf(1));
    assert.deepEqual(labels(result), [0, decimal, 2, { P: '(x)' }, 3, decimal, 6, decimal]);
  });

  it('count 1, 2, 3 before the first of a document', () => {
    const result = merged(labelled(3, '<< /Nums [1 << /S /A >>] >>'));
    assert.deepEqual(labels(result), [0, decimal, 1, { S: '/A' }]);
  });

  it('are read from kids, and from objects of their own', () => {
    const tree = { 4: '<< /Kids [5 0 R] >>', 5: '<< /Limits [0 0] /Nums [0 6 0 R] >>', 6: '<< /S /R >>' };
    assert.deepEqual(labels(merged(labelled(1, '4 0 R', tree))), [0, { S: '/R' }]);
  });

  it('beyond the last page do not reach into the next document', () => {
    const file = labelled(2, '<< /Nums [0 << /S /r >> 2 << /S /A >> 99 << /S /a >>] >>');
    assert.deepEqual(labels(merged(file, pagesPdf(1))), [0, { S: '/r' }, 2, decimal]);
  });
});

describe('page labels: hostile', () => {
  const cases: readonly [title: string, nums: string, more: Objects, found: unknown][] = [
    [
      'a tree that is its own kid',
      '4 0 R',
      { 4: '<< /Kids [4 0 R] /Nums [0 << /S /r >>] >>' },
      [0, { S: '/r' }],
    ],
    ['a circle without labels', '4 0 R', { 4: '<< /Kids [5 0 R] >>', 5: '<< /Kids [4 0 R] >>' }, null],
    ['wrong types', '(x)', {}, null],
    ['a page as a tree', '10 0 R', {}, null],
    [
      'odd keys and values',
      '<< /Nums [-1 << /S /r >> (x) 7 0.5 << >> 9000000000 << >> 0 [] 0 << /S /r >> 1] >>',
      {},
      null,
    ],
    [
      'disorder, and keys that come twice',
      '<< /Nums [1 << /S /A >> 0 << /S /r >> 1 << /S /D >>] >>',
      {},
      [0, { S: '/r' }, 1, { S: '/A' }],
    ],
  ];
  for (const [title, nums, more, found] of cases)
    it(title, () => assert.deepEqual(labels(merged(labelled(2, nums, more))), found));

  it('100,000 labels for one page', () => {
    const nums = Array.from({ length: 100_000 }, (_, index) => `${index} << /S /r >>`).join(' ');
    assert.deepEqual(labels(merged(labelled(1, `<< /Nums [${nums}] >>`))), [0, { S: '/r' }]);
  });
});
