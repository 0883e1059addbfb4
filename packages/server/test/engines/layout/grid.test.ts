import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingSettings } from '../../../src/engines/capabilities.ts';
import { gridOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Glyph, Page } from '../../../src/engines/pdfium/page.ts';
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

describe('columns', () => {
  it('are not made by a wide blank in running text', () => {
    const page = pageWith([
      text(50, 60, 'A line that is set wide'),
      text(160, 60, 'for once'),
      text(50, 75, 'and one that goes over this place'),
    ]);
    assert.deepEqual(cells(page), [
      ['A line that is set wide for once'],
      ['and one that goes over this place'],
    ]);
  });

  it('part text that fills its cell up to the next one', () => {
    const page = pageWith([
      text(50, 60, 'Name'),
      text(150, 60, 'Town'),
      text(250, 60, 'Age'),
      text(50, 75, 'A very long name ab'),
      text(150, 75, 'Bath'),
      text(250, 75, '3'),
      text(50, 90, 'Short'),
      text(150, 90, 'York'),
      text(250, 90, '4'),
    ]);
    assert.deepEqual(cells(page)[1], ['A very long name ab', 'Bath', '3']);
  });

  it('part text that touches one that is centred in the next, and no other text that reaches into it', () => {
    const centred = (y: number, content: string, width: number) => text(166.75 - width / 2, y, content);
    const page = (...second: readonly Glyph[][]) =>
      pageWith([
        ...['Mon', 'Tue', 'Wed'].map((day, index) => text(50, 60 + 15 * index, day)),
        text(100, 60, 'Cod'),
        centred(60, 'Ann', 15),
        ...second,
        text(100, 90, 'Eel'),
        centred(90, 'Market', 30),
      ]);
    const touching = page(text(100, 75, 'Mackerel'), centred(75, 'Harbour inn', 52.5));
    assert.deepEqual(cells(touching)[1], ['Tue', 'Mackerel', 'Harbour inn']);
    const reaching = page(text(100, 75, 'Mackerel as long as any'));
    assert.deepEqual(cells(reaching)[1], ['Tue', 'Mackerel as long as any', '']);
  });

  it('part numbers that end where those of their columns do, and no text that has words there', () => {
    const page = (...second: readonly Glyph[][]) =>
      pageWith([
        ...['Mon', 'Tue', 'Wed'].map((day, index) => text(50, 60 + 15 * index, day)),
        textTo(160, 60, '12'),
        textTo(197.5, 60, '34'),
        ...second,
        textTo(160, 90, '56'),
        textTo(197.5, 90, '78'),
      ]);
    const numbers = page(textTo(165, 75, '1,234-'), textTo(202.5, 75, '8,765-'));
    assert.deepEqual(cells(numbers)[1], ['Tue', '1,234-', '8,765-']);
    const words = page(textTo(197.5, 75, 'Not sold forever'));
    assert.deepEqual(cells(words)[1], ['Tue', '', 'Not sold forever']);
  });

  it('take a line that is set to the right to the last of them', () => {
    const page = pageWith([
      textTo(400, 60, 'A long line at the right'),
      text(50, 75, 'one'),
      textTo(300, 75, '22'),
      textTo(400, 75, '333'),
      text(50, 90, 'two'),
      textTo(300, 90, '44'),
      textTo(400, 90, '555'),
    ]);
    assert.deepEqual(cells(page)[0], ['', '', 'A long line at the right']);
  });

  it('are as few as the rows need where a title goes into the next one', () => {
    const page = pageWith([
      text(50, 60, 'Item and what it is'),
      text(160, 60, 'Quantity'),
      text(50, 75, 'Bolt'),
      text(130, 75, '20'),
      text(50, 90, 'Nut'),
      text(130, 90, '30'),
    ]);
    assert.deepEqual(cells(page), [
      ['Item and what it is', 'Quantity'],
      ['Bolt', '20'],
      ['Nut', '30'],
    ]);
  });

  it('stand at both ends of leading dots, which are no text of a cell', () => {
    const page = pageWith([
      text(50, 60, 'Soup of the day ........ 4.20'),
      text(50, 75, 'Bread and butter........ 1.80'),
    ]);
    assert.deepEqual(cells(page), [
      ['Soup of the day', '4.20'],
      ['Bread and butter', '1.80'],
    ]);
  });

  it('hold a currency sign and its number together, however far apart', () => {
    const page = pageWith([text(50, 60, 'Sum'), text(150, 60, '$'), textTo(220, 60, '12.00')]);
    assert.deepEqual(cells(page), [['Sum', '$ 12.00']]);
    const behind = pageWith([text(50, 60, 'Sum'), text(150, 60, '12.00'), text(190, 60, '€')]);
    assert.deepEqual(cells(behind), [['Sum', '12.00 €']]);
    const before = pageWith([text(50, 60, '12.00'), text(90, 60, '€'), textTo(160, 60, '34.00')]);
    assert.deepEqual(cells(before), [['12.00', '€ 34.00']]);
    const nothing = pageWith([text(50, 60, '12.00'), text(90, 60, '€'), textTo(160, 60, '-')]);
    assert.equal(cells(nothing)[0]?.[0], '12.00');
  });
});
