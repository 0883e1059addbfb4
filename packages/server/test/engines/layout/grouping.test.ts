import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingSettings } from '../../../src/engines/capabilities.ts';
import { gridOf } from '../../../src/engines/pdfium/layout/layout.ts';
import { pageWith, settings, text } from './made-page.ts';

/** A table in which a name and a note go over two lines, and a line far below it. */
const page = pageWith([
  text(50, 100, 'Item'),
  text(150, 100, 'Note'),
  text(250, 100, 'Price'),
  text(50, 120, 'Bolt'),
  text(150, 120, 'made of'),
  text(250, 120, '1.50'),
  text(150, 132, 'steel'),
  text(50, 152, 'Nut'),
  text(250, 152, '12.25'),
  text(250, 400, 'end'),
]);

function rows(chosen: Partial<ReadingSettings>): string[][] {
  return gridOf(page, { ...settings, ...chosen }).rows.map(({ cells }) =>
    cells.map((cell) => cell?.text ?? ''),
  );
}

describe('grouped lines', () => {
  it('are as they stand where nothing is said', () => {
    assert.deepEqual(rows({}), [
      ['Item', 'Note', 'Price'],
      ['Bolt', 'made of', '1.50'],
      ['', 'steel', ''],
      ['Nut', '', '12.25'],
      ['', '', 'end'],
    ]);
  });

  it('join the row above where they have nothing in the first column, but not from far away', () => {
    const joined = [
      ['Item', 'Note', 'Price'],
      ['Bolt', 'made of\nsteel', '1.50'],
      ['Nut', '', '12.25'],
      ['', '', 'end'],
    ];
    assert.deepEqual(rows({ lineGrouping: 'rows' }), joined);
    assert.deepEqual(rows({ lineGrouping: 'orphans' }), joined);
  });

  it('have a blank between them where they are unwrapped', () => {
    assert.deepEqual(rows({ lineGrouping: 'rows', unwrap: true })[1], ['Bolt', 'made of steel', '1.50']);
  });

  it('are one cell for each column where columns are grouped', () => {
    assert.deepEqual(rows({ lineGrouping: 'columns' }), [
      ['Item\nBolt\nNut', 'Note\nmade of\nsteel', 'Price\n1.50\n12.25'],
      ['', '', 'end'],
    ]);
  });

  it('that stand alone in the first column join only where lone lines do', () => {
    const wrapped = pageWith([
      text(50, 100, 'A long'),
      text(150, 100, 'x'),
      text(50, 112, 'name'),
      text(50, 124, 'Nut'),
      text(150, 124, 'y'),
    ]);
    const cells = (lineGrouping: ReadingSettings['lineGrouping']) =>
      gridOf(wrapped, { ...settings, lineGrouping }).rows.map((row) => row.cells[0]?.text);
    assert.deepEqual(cells('orphans'), ['A long\nname', 'Nut']);
    assert.deepEqual(cells('rows'), ['A long', 'name', 'Nut']);
  });
});
