import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gridOf, tablesOf } from '../../../src/engines/pdfium/layout/layout.ts';
import { strokesOf } from '../../../src/engines/pdfium/layout/strokes.ts';
import { across, down, pageWith, settings, text } from './made-page.ts';

describe('a page with very much on it', () => {
  it('has no more lines looked at than a table needs', () => {
    const rulings = Array.from({ length: 20_000 }, (_, index) =>
      index % 2 === 0 ? across(index * 4, 0, 600 + index) : down(index * 4, 0, 800 + index),
    );
    const { vertical, horizontal } = strokesOf(pageWith([], { rulings }));
    assert.equal(vertical.length, 2000);
    assert.equal(horizontal.length, 2000);
  });

  it('has a grid of no more than a million places, with all its text', () => {
    const glyphs = Array.from({ length: 1500 }, (_, index) => [
      ...text(index * 20, index * 12, 'a'),
      ...text(index * 20 + 30, index * 12, 'b'),
    ]);
    const { rows } = gridOf(pageWith(glyphs), settings);
    const cells = rows.flatMap((row) => row.cells);
    assert.ok(cells.length <= 1_000_000);
    assert.equal(cells.map((cell) => cell?.text.replaceAll(/\s/g, '') ?? '').join(''), 'ab'.repeat(1500));
  });

  it('has no table of more columns than one can have', () => {
    const row = (y: number) => Array.from({ length: 400 }, (_, index) => text(index * 20, y, 'a'));
    const tables = { rowsMin: 1, columnsMin: 1, oddRowsMax: 0, emptyLinesBetween: 0, mendsBorders: false };
    assert.deepEqual(tablesOf(pageWith([...row(100), ...row(112), ...row(124)]), settings, tables), []);
  });
});
