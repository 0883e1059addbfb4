import { ALIGNED_GLYPH, anchorsOf, type Anchors, isNumber } from './alignment.ts';
import type { Glyph } from '../page.ts';
import type { Word } from './model.ts';
import { sizeOf } from './segments.ts';
import { wordOfGlyphs } from './words.ts';

/** Within a word another one may begin where these meet: `1.2Total`, `each$5`. */
const endsWord = /[\p{Ll}\d)%.]$/u;
const beginsWord = /^[\p{Lu}\p{Sc}(]/u;

/** Of the height of text: a gap below it is none between words of one cell, whose blanks take 0.18 of the size and more. */
const TOUCHING_MAX = 0.17;
/** Letters of two cells that touch: more are running text. */
const LETTERS_MAX = 200;

/** Whether a word may end, and another one begin, between two glyphs without a gap. */
export function meet(before: Glyph, glyph: Glyph): boolean {
  return endsWord.test(before.text) && beginsWord.test(glyph.text);
}

interface Parted {
  readonly before: readonly Word[];
  readonly after: readonly Word[];
}

/**
 * The words of a text that reaches over a border, parted where they are those of two cells: text so long that it comes close to its
 * neighbour leaves no gap between columns. As some word ends close to any x, what is centred has to touch the text before it, and of
 * numbers both have to end where those of their columns do.
 */
export function partedWhereAligned(
  words: readonly Word[],
  own: Partial<Anchors>,
  next: Partial<Anchors>,
): Parted | undefined {
  if (words.reduce((sum, { glyphs }) => sum + glyphs.length, 0) > LETTERS_MAX) return undefined;
  return waysToPart(words).find(({ before, after }) => {
    const [left, right] = [anchorsOf(before), anchorsOf(after)];
    if (isClose(next.middle, right.middle) && touch(before.at(-1), after[0])) return true;
    const areNumbers = isNumber(before) && isNumber(after);
    return areNumbers && isClose(own.end, left.end) && isClose(next.end, right.end);
  });
}

function isClose(usual: number | undefined, value: number): boolean {
  return usual !== undefined && Math.abs(usual - value) <= ALIGNED_GLYPH;
}

function touch(before: Word | undefined, after: Word | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return after.left - before.right < TOUCHING_MAX * Math.min(sizeOf(before), sizeOf(after));
}

function waysToPart(words: readonly Word[]): Parted[] {
  return words.flatMap((word, at) => {
    const [before, after] = [words.slice(0, at), words.slice(at + 1)];
    const within = word.glyphs.flatMap((glyph, index): Parted[] => {
      const last = word.glyphs[index - 1];
      if (last === undefined || !meet(last, glyph)) return [];
      const [start, end] = [word.glyphs.slice(0, index), word.glyphs.slice(index)];
      return [{ before: [...before, wordOfGlyphs(word, start)], after: [wordOfGlyphs(word, end), ...after] }];
    });
    return at === 0 ? within : [{ before, after: [word, ...after] }, ...within];
  });
}
