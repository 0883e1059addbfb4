import type { Line, Word } from '../layout/model.ts';
import { lettersOf } from '../layout/words.ts';
import type { Box } from '../page.ts';

/** Lines as one text, with a line break between them. */
export interface PageText {
  readonly text: string;
  /** What each unit of UTF-16 in it is shown by; undefined for what stands between words and lines. */
  readonly boxes: readonly (Box | undefined)[];
  /** The line that each unit stands in, by its position. */
  readonly lines: readonly number[];
}

export function pageText(lines: readonly Line[]): PageText {
  let text = '';
  const boxes: (Box | undefined)[] = [];
  const numbers: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      text += '\n';
      boxes.push(undefined);
      numbers.push(index - 1);
    }
    text += line.text;
    for (const box of boxesOfLine(line)) {
      boxes.push(box);
      numbers.push(index);
    }
  }
  return { text, boxes, lines: numbers };
}

/** The words of a line in the order of its text, which for right-to-left text is another one than they are shown in. */
function boxesOfLine({ text, words }: Line): (Box | undefined)[] {
  const boxes = Array.from({ length: text.length }, (): Box | undefined => undefined);
  const joined = (some: readonly Word[]) => some.map((word) => word.text).join(' ');
  const isInOrder = joined(words) === text;
  const inOrder = isInOrder ? words : words.toReversed();
  const isKnown = isInOrder || joined(inOrder) === text;
  let at = 0;
  for (const word of inOrder) {
    const start = isKnown ? at : freePlace(text, word.text, boxes);
    at += word.text.length + 1;
    if (start < 0) continue;
    for (const [offset, box] of boxesOfWord(word).entries()) boxes[start + offset] = box;
  }
  return boxes;
}

/** Where a word stands that no other one has taken. */
function freePlace(text: string, word: string, taken: readonly (Box | undefined)[]): number {
  let start = text.indexOf(word);
  while (start >= 0 && taken[start] !== undefined) start = text.indexOf(word, start + 1);
  return start;
}

/** The glyph of each unit; the whole word where its letters are not in an order that is known. */
function boxesOfWord(word: Word): Box[] {
  for (const glyphs of [word.glyphs, word.glyphs.toReversed()]) {
    const letters = glyphs.map(lettersOf);
    if (letters.join('') === word.text)
      return glyphs.flatMap((glyph, index) => parts(glyph, (letters[index] as string).length, word.angle));
  }
  return Array.from({ length: word.text.length }, () => word);
}

/** A glyph that stands for several letters has each of them in a part of it. */
function parts(glyph: Box, count: number, angle: number): Box[] {
  if (count === 1 || angle !== 0) return Array.from({ length: count }, () => glyph);
  const step = (glyph.right - glyph.left) / count;
  return Array.from({ length: count }, (_, index) => ({
    left: glyph.left + index * step,
    top: glyph.top,
    right: glyph.left + (index + 1) * step,
    bottom: glyph.bottom,
  }));
}
