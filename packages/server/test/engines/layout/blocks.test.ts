import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blocksOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Glyph, Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, settings, text } from './made-page.ts';

function blocks(page: Page): string[][] {
  return blocksOf(page, settings).map(({ lines }) => lines.map((line) => line.text));
}

/** Lines of running text below each other. */
function column(x: number, y: number, ...lines: readonly string[]): Glyph[] {
  return lines.flatMap((line, index) => text(x, y + index * 12, line));
}

const left = ['The harbour wakes long', 'before the town does, and', 'boats come in with it.'];
const right = ['Somebody counts them', 'aloud, and somebody else', 'writes the number down.'];

describe('blocks', () => {
  it('are lines close to each other', () => {
    const page = pageWith([text(50, 100, 'one'), text(50, 112, 'two'), text(50, 140, 'three')]);
    assert.deepEqual(blocks(page), [['one', 'two'], ['three']]);
  });

  it('are headings and paragraphs: other letters, or a first line that is set in, begin a new one', () => {
    const page = pageWith([
      text(50, 100, 'A heading', { size: 16 }),
      column(50, 114, 'The first line of it', 'and the second one.'),
      column(65, 138, 'Another paragraph'),
      column(50, 150, 'begins with this one.'),
    ]);
    assert.deepEqual(blocks(page), [
      ['A heading'],
      ['The first line of it', 'and the second one.'],
      ['Another paragraph', 'begins with this one.'],
    ]);
  });

  it('come column by column, below what goes over both', () => {
    const page = pageWith([
      text(130, 60, 'A heading over both columns'),
      column(50, 100, ...left),
      column(200, 100, ...right),
    ]);
    assert.deepEqual(blocks(page), [['A heading over both columns'], left, right]);
  });

  it('come column by column where lines do not stand at the same height', () => {
    const page = pageWith([column(50, 100, ...left), column(200, 106, ...right)]);
    assert.deepEqual(blocks(page), [left, right]);
  });

  it('are rows where cells stand beside each other', () => {
    const page = pageWith([
      column(50, 100, 'Item', 'Bolt', 'Nut'),
      column(200, 100, 'Price', '1.50', '0.25'),
    ]);
    assert.deepEqual(blocks(page), [['Item Price', 'Bolt 1.50', 'Nut 0.25']]);
  });
});
