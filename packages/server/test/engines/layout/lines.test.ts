import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from '../../../src/engines/pdfium/layout/layout.ts';
import type { Glyph } from '../../../src/engines/pdfium/page.ts';
import { pageWith, settings, text } from './made-page.ts';

function lines(...glyphs: readonly (readonly Glyph[])[]): string[] {
  return linesOf(pageWith(glyphs), settings).map((line) => line.text);
}

describe('words and lines', () => {
  it('are parted by the blanks of the document', () => {
    assert.deepEqual(lines(text(50, 100, 'one line of it')), ['one line of it']);
  });

  it('are parted by gaps where the document has no blanks', () => {
    assert.deepEqual(lines(text(50, 100, 'set without any blank in it', { withoutBlanks: true })), [
      'set without any blank in it',
    ]);
  });

  it('are put together from what is drawn in another order', () => {
    assert.deepEqual(lines(text(100, 100, 'last'), text(50, 120, 'below'), text(50, 100, 'first')), [
      'first last',
      'below',
    ]);
  });

  it('hold letter-spaced words together', () => {
    assert.deepEqual(lines(text(50, 100, 'TOTAL', { spacing: 4 })), ['TOTAL']);
  });

  it('take a raised sign to the word that it stands at', () => {
    assert.deepEqual(lines(text(50, 100, 'area in m'), text(90.5, 96, '2', { size: 6 })), ['area in m2']);
  });

  it('leave a small line whole that stands close above a large one', () => {
    const small = text(50, 90, 'a small line right above it', { size: 8 });
    assert.deepEqual(lines(small, text(46, 100, 'Made larger', { size: 16 })), [
      'a small line right above it',
      'Made larger',
    ]);
  });

  it('begin with a letter that is as high as several lines', () => {
    assert.deepEqual(
      lines(
        text(50, 124, 'O', { size: 44 }),
        text(73, 100, 'nce there was a man'),
        text(73, 112, 'who had a boat, and'),
        text(73, 124, 'it was a good one.'),
      ),
      ['Once there was a man', 'who had a boat, and', 'it was a good one.'],
    );
  });

  it('keep an accent with its letter, also where it is set back over it', () => {
    const accent = { ...text(55, 100, '\u0302')[0]!, left: 50, right: 55 };
    assert.deepEqual(lines([...text(50, 100, 'a'), accent, ...text(55, 100, 'ne two')]), ['a\u0302ne two']);
  });

  it('run downwards, from the right to the left, where signs stand in the middle over their origins', () => {
    const column = (x: number, letters: string): Glyph[] =>
      [...letters].map((letter, index) => ({
        text: letter,
        x,
        y: 108 + index * 10,
        left: x - 5,
        right: x + 5,
        top: 100 + index * 10,
        bottom: 110 + index * 10,
        angle: 0,
        style: 10,
      }));
    assert.deepEqual(lines(column(80, '東京'), column(100, '日本語')), ['日本語', '東京']);
  });

  it('leave what is drawn over other text whole', () => {
    assert.deepEqual(lines(text(50, 100, 'shadow'), text(51, 100.5, 'shadow')), ['shadow shadow']);
  });

  it('keep turned text apart and read it along its own baseline', () => {
    const found = linesOf(
      pageWith([text(50, 100, 'upright text'), text(60, 300, 'turned text', { angle: 270 })]),
      settings,
    );
    assert.deepEqual(
      found.map(({ text: content, angle }) => [content, angle]),
      [
        ['upright text', 0],
        ['turned text', 270],
      ],
    );
  });
});

describe('text from right to left', () => {
  const shown = (visual: string): string[] => lines(text(50, 100, visual));

  it('is read in the order in which it is written', () => {
    assert.deepEqual(shown('םלוע םולש'), ['שלום עולם']);
  });

  it('keeps numbers and foreign words within it as they are', () => {
    assert.deepEqual(shown('PDF ץבוק 12.50 ריחמ'), ['מחיר 12.50 קובץ PDF']);
  });

  it('is turned around within a line that runs from left to right', () => {
    assert.deepEqual(shown('The word םולש means peace'), ['The word שלום means peace']);
  });

  it('has brackets that open before they close, however the document names them', () => {
    assert.deepEqual(shown('(םלוע) םולש'), ['שלום (עולם)']);
    assert.deepEqual(shown(')םלוע( םולש'), ['שלום (עולם)']);
  });

  it('has letters, where the document names their form within a word', () => {
    assert.deepEqual(shown('\ufee1\ufefc\ufeb3'), ['سلام']);
  });
});
