import { columnAt } from './columns.ts';
import type { Line, Word } from './model.ts';
import type { PageRow } from './page-rows.ts';

/** Points: text that begins, or ends, this close to other text below it is aligned with it. */
export const ALIGNED = 1;
/** Points: the same within a word, for some letter of it is close to any x. */
export const ALIGNED_GLYPH = 0.5;
/** Rows that have to begin, or end, at one x for it to be the side of a column. */
export const ALIGNED_ROWS_MIN = 2;

/** The value that most are close to; undefined where too few are. */
export function usualOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  let best = { count: ALIGNED_ROWS_MIN - 1, value: undefined as number | undefined };
  let from = 0;
  for (const [index, value] of sorted.entries()) {
    while (value - (sorted[from] ?? 0) > ALIGNED) from++;
    const count = index - from + 1;
    if (count > best.count) best = { count, value: sorted[(from + index) >> 1] };
  }
  return best.value;
}

/** x of the middle of a text, and of where it ends: of a number where its last digit does, as `)`, `-` and `€` hang over the side of a column. */
export interface Anchors {
  readonly middle: number;
  readonly end: number;
}

export function anchorsOf(words: readonly Word[]): Anchors {
  const [left, right] = [words[0]?.left ?? 0, words.at(-1)?.right ?? 0];
  const digits = isNumber(words) ? words.flatMap(({ glyphs }) => glyphs.filter(isDigit)) : [];
  return { middle: (left + right) / 2, end: digits.at(-1)?.right ?? right };
}

export function isNumber(words: readonly Word[]): boolean {
  return words.some(({ text }) => /\d/u.test(text)) && !words.some(({ text }) => /\p{L}/u.test(text));
}

function isDigit({ text }: { readonly text: string }): boolean {
  return /\d/u.test(text);
}

/** At which middle, and at which end, the texts of each column stand below each other; undefined where too few do. */
export function alignmentsOf(
  rows: readonly PageRow[],
  borders: readonly number[],
): readonly Partial<Anchors>[] {
  const anchors = Array.from({ length: borders.length + 1 }, (): Anchors[] => []);
  for (const { parts } of rows) {
    for (const part of parts) {
      const column = columnAt(borders, part);
      if (part.right > (borders[column] ?? Infinity)) continue;
      anchors[column]?.push(anchorsOf(wordsIn(part.lines)));
    }
  }
  return anchors.map((of) => {
    const [middle, end] = [usualOf(of.map((one) => one.middle)), usualOf(of.map((one) => one.end))];
    return { ...(middle === undefined ? {} : { middle }), ...(end === undefined ? {} : { end }) };
  });
}

/** Of text that is not between lines: the words of its line. */
export function wordsIn(lines: readonly Line[]): readonly Word[] {
  return lines[0]?.words ?? [];
}
