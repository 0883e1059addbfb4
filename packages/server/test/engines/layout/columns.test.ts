import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingSettings } from '../../../src/engines/capabilities.ts';
import { gridOf, linesOf, tablesOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, ruled, settings, text } from './made-page.ts';

function cells(page: Page, changed: Partial<ReadingSettings>): string[][] {
  return gridOf(page, { ...settings, ...changed }).rows.map((row) =>
    row.cells.map((cell) => cell?.text ?? ''),
  );
}

describe('what makes columns', () => {
  const glyphs = [
    text(52, 115, 'a wide'),
    text(110, 115, 'gap'),
    text(152, 115, 'b'),
    text(52, 135, 'c'),
    text(152, 135, 'd'),
  ];
  const withLines = pageWith(glyphs, { rulings: ruled([50, 150, 250], [100, 120, 140]) });
  const without = pageWith(glyphs);

  it('are lines and gaps', () => {
    assert.equal(cells(withLines, {})[0]?.length, 2);
    assert.equal(cells(without, {})[0]?.length, 3);
  });

  it('are gaps alone', () => {
    assert.deepEqual(cells(withLines, { columnDetection: 'content' }), cells(without, {}));
  });

  it('are lines alone', () => {
    assert.deepEqual(cells(without, { columnDetection: 'borders' })[0], ['a wide gap b']);
    assert.deepEqual(cells(withLines, { columnDetection: 'borders' })[0], ['a wide gap', 'b']);
    const tables = tablesOf(
      without,
      { ...settings, columnDetection: 'bordered-tables' },
      { rowsMin: 1, columnsMin: 1, oddRowsMax: 0, emptyLinesBetween: 0, mendsBorders: false },
    );
    assert.deepEqual(tables, []);
  });

  it('are wider gaps where a call asks for that', () => {
    assert.equal(cells(without, { columnGap: 20 })[0]?.length, 1);
  });
});

describe('columns of a newspaper', () => {
  const columns = pageWith([
    ...['The harbour wakes long', 'before the town does, and', 'boats come in with it.'].map((line, index) =>
      text(50, 100 + index * 12, line),
    ),
    ...['Somebody counts them', 'aloud, and somebody else', 'writes the number down.'].map((line, index) =>
      text(200, 100 + index * 12, line),
    ),
  ]);

  it('are read one by one only where a call asks for that', () => {
    assert.equal(linesOf(columns, settings).length, 3);
    assert.deepEqual(
      linesOf(columns, { ...settings, columnByColumn: true }).map((line) => line.text)[3],
      'Somebody counts them',
    );
    assert.equal(cells(columns, { columnByColumn: true }).length, 6);
  });
});
