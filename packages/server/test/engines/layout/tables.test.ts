import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TableSettings } from '../../../src/engines/capabilities.ts';
import { tablesOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Glyph, Page } from '../../../src/engines/pdfium/page.ts';
import { across, pageWith, settings, text, textTo } from './made-page.ts';

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

  it('are not found in text in two columns, nor in lists', () => {
    const columns = pageWith([
      ...linesAt(
        50,
        100,
        12,
        'The harbour wakes long',
        'before the town does, and',
        'boats come in with it.',
      ),
      ...linesAt(200, 100, 12, 'Somebody counts them', 'aloud, and somebody else', 'writes the number down.'),
    ]);
    assert.deepEqual(tables(columns), []);
    const list = pageWith([
      ...linesAt(50, 100, 15, '1.', '2.', '3.'),
      ...linesAt(70, 100, 15, 'Look', 'Count', 'Tell'),
    ]);
    assert.deepEqual(tables(list), []);
  });

  it('have the lines of one cell in one row', () => {
    const page = pageWith([
      ...linesAt(50, 100, 20, 'Code', 'S-1'),
      text(50, 152, 'S-2'),
      ...linesAt(120, 100, 20, 'What it is', 'Shirt of blue cotton'),
      ...linesAt(120, 132, 20, 'with long sleeves', 'Scarf'),
      ...linesAt(300, 100, 20, 'Price', '35.00'),
      text(300, 152, '12.50'),
    ]);
    assert.deepEqual(tables(page), [
      [
        ['Code', 'What it is', 'Price'],
        ['S-1', 'Shirt of blue cotton\nwith long sleeves', '35.00'],
        ['S-2', 'Scarf', '12.50'],
      ],
    ]);
  });

  it('have the rows between lines that part them', () => {
    const page = pageWith(
      [
        ...linesAt(50, 100, 12, 'Key', 'a', 'b'),
        text(50, 148, 'c'),
        ...linesAt(120, 100, 12, 'Meaning', 'the first', 'the second', 'goes on', 'the third'),
      ],
      { rulings: [103, 115, 139].map((y) => across(y, 50, 200)) },
    );
    assert.deepEqual(tables(page)[0]?.[2], ['b', 'the second\ngoes on']);
  });

  it('are two where they stand beside each other', () => {
    const one = [
      ...linesAt(50, 100, 15, 'City', 'Riga', 'Ghent'),
      ...linesAt(100, 100, 15, 'Since', '1201', '630'),
    ];
    const other = [
      ...linesAt(250, 100, 15, 'Item', 'Bolt', 'Nut'),
      ...linesAt(300, 100, 15, 'Price', '1.50', '0.25'),
    ];
    assert.deepEqual(
      tables(pageWith([...one, ...other])).map(([head]) => head),
      [
        ['City', 'Since'],
        ['Item', 'Price'],
      ],
    );
  });

  it('have as many rows and columns as a call asks for, and rows that do not fit if it allows them', () => {
    const page = pageWith([
      ...linesAt(50, 100, 15, 'Item', 'Bolt'),
      ...linesAt(200, 100, 15, 'Price', '1.50'),
      text(50, 130, 'A line of text that goes over both of them'),
      ...linesAt(50, 145, 15, 'Nut', 'Pin'),
      ...linesAt(200, 145, 15, '0.25', '0.75'),
    ]);
    assert.deepEqual(
      tables(page).map((rows) => rows.length),
      [2, 2],
    );
    assert.deepEqual(
      tables(page, { oddRowsMax: 1 }).map((rows) => rows.length),
      [5],
    );
    assert.deepEqual(tables(page, { rowsMin: 3 }), []);
    assert.deepEqual(tables(page, { columnsMin: 3 }), []);
  });
});

/** Texts at one x, so many points below each other. */
function linesAt(x: number, y: number, pitch: number, ...lines: readonly string[]): Glyph[][] {
  return lines.map((line, index) => text(x, y + index * pitch, line));
}
