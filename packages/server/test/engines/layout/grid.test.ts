import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingSettings } from '../../../src/engines/capabilities.ts';
import { gridOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, settings, text, textTo } from './made-page.ts';

function cells(page: Page, changed: Partial<ReadingSettings> = {}): string[][] {
  return gridOf(page, { ...settings, ...changed }).rows.map((row) =>
    row.cells.map((cell) => cell?.text ?? ''),
  );
}

describe('the grid of a page', () => {
  it('has one row for each line, with the same number of cells', () => {
    const page = pageWith([
      text(50, 60, 'Acme Ltd'),
      textTo(500, 75, 'No. 77'),
      text(50, 100, 'Item'),
      text(200, 100, 'Qty'),
      textTo(400, 100, 'Price'),
      textTo(500, 100, 'Sum'),
      text(50, 115, 'Bolt'),
      text(200, 115, '2'),
      textTo(400, 115, '1.50'),
      textTo(500, 115, '3.00'),
    ]);
    assert.deepEqual(cells(page), [
      ['Acme Ltd', '', '', ''],
      ['', '', '', 'No. 77'],
      ['Item', 'Qty', 'Price', 'Sum'],
      ['Bolt', '2', '1.50', '3.00'],
    ]);
  });

  it('has the columns that a call asks for', () => {
    const page = pageWith([text(50, 100, 'one two'), text(200, 100, 'three')]);
    assert.deepEqual(cells(page, { columnEdges: [0, 150, 300] }), [['one two', 'three', '']]);
  });
});
