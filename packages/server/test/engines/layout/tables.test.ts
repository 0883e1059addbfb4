import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TableSettings } from '../../../src/engines/capabilities.ts';
import { tablesOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, settings, text, textTo } from './made-page.ts';

const usual: TableSettings = {
  rowsMin: 1,
  columnsMin: 1,
  oddRowsMax: 0,
  emptyLinesBetween: 0,
  mendsBorders: false,
};

function tables(page: Page, changed: Partial<TableSettings> = {}): string[][][] {
  const found = tablesOf(page, settings, { ...usual, ...changed });
  return found.map(({ grid }) => grid.rows.map((row) => row.cells.map((cell) => cell?.text ?? '')));
}

describe('tables without lines', () => {
  it('are rows with gaps at the same places', () => {
    const page = pageWith([
      text(50, 60, 'What was ordered is listed here'),
      text(50, 100, 'Item'),
      textTo(300, 100, 'Price'),
      text(50, 115, 'Bolt'),
      textTo(300, 115, '1.50'),
      text(50, 160, 'and that was all there is to say of it.'),
    ]);
    assert.deepEqual(tables(page), [
      [
        ['Item', 'Price'],
        ['Bolt', '1.50'],
      ],
    ]);
  });

  it('are not found in running text', () => {
    const page = pageWith([text(50, 100, 'A line of text.'), text(50, 112, 'And another line of it.')]);
    assert.deepEqual(tables(page), []);
  });
});
