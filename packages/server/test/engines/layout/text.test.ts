import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, settings, text, textTo } from './made-page.ts';

function shown(page: Page): string[] {
  return textOf(page, settings).flatMap(({ parts, emptyLinesBefore }) => {
    let line = '';
    for (const { column, text: part } of parts) line = line.padEnd(column) + part;
    return [...Array<string>(emptyLinesBefore).fill(''), line];
  });
}

describe('text that keeps its place', () => {
  it('has cells below each other, also where they end at one place', () => {
    const page = pageWith([
      text(50, 100, 'Item'),
      textTo(150, 100, 'Price'),
      text(50, 112, 'Bolt'),
      textTo(150, 112, '1.50'),
      text(50, 124, 'Nut'),
      textTo(150, 124, '12.25'),
    ]);
    assert.deepEqual(shown(page), ['Item           Price', 'Bolt            1.50', 'Nut            12.25']);
  });

  it('has an empty line where the page has one', () => {
    assert.deepEqual(shown(pageWith([text(50, 100, 'one'), text(50, 124, 'two')])), ['one', '', 'two']);
  });

  it('has two blanks between cells, however narrow their letters', () => {
    const page = pageWith([
      text(50, 100, 'a column of small letters', { size: 4 }),
      text(102, 100, 'next'),
      text(50, 112, 'short', { size: 4 }),
      text(102, 112, 'next'),
    ]);
    assert.deepEqual(shown(page), ['a column of small letters  next', 'short                      next']);
  });
});
