import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { select } from '../../../src/engines/pdfium/writers/select.ts';
import { jsonPath } from '../../../src/operations/json-path.ts';

const document = {
  page: [
    { index: '0', row: { text: 'a' } },
    { index: '1', row: [{ text: 'b' }, { text: 'c' }] },
  ],
};

describe('paths into JSON', () => {
  const cases: readonly (readonly [path: string, found: readonly unknown[]])[] = [
    ['$', [{ document }]],
    ['$..text', ['a', 'b', 'c']],
    ['$.document.page[*].index', ['0', '1']],
    ['$[\'document\']["page"][1].row[0].text', ['b']],
    ['$.document.page[-1].row[-1].text', ['c']],
    ['$..row..text', ['a', 'b', 'c']],
    ['$..row[*].text', ['b', 'c']],
    ['$.document.page[0].*', ['0', { text: 'a' }]],
    ['$.document.page[7]', []],
    ['$.document.constructor', []],
    ['$.document.page.length', []],
    [' $.document.page[0].row.text ', ['a']],
  ];
  for (const [path, found] of cases)
    it(`${path} leads to ${found.length}`, () => {
      assert.deepEqual(select({ document }, jsonPath(path) ?? []), { found, isAll: true });
    });

  for (const path of [
    'text',
    '$text',
    '$.',
    '$..',
    '$[',
    '$[?(@.text)]',
    '$[(@.length-1)]',
    '$[0:2]',
    '$[0,1]',
    "$['a','b']",
    '$..a..b..c',
    `$${'.a'.repeat(21)}`,
    `$.${'a'.repeat(600)}`,
  ])
    it(`${path.slice(0, 40)} is none`, () => assert.equal(jsonPath(path), undefined));
});
