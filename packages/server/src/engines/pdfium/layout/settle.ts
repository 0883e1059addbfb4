import { ALIGNED, ALIGNED_GLYPH, ALIGNED_ROWS_MIN, alignmentsOf, usualOf, wordsIn } from './alignment.ts';
import { bordersBetween, columnAt, firstAbove, withoutNeedless } from './columns.ts';
import { lineOf } from './lines.ts';
import type { Line, Word } from './model.ts';
import { meet, partedWhereAligned } from './overlong.ts';
import type { PageRow, Part } from './page-rows.ts';
import { sizeOf } from './segments.ts';
import { wordOfGlyphs } from './words.ts';

/** Of the height of text: a gap that is less wide, and at no place where others are, is a wide blank of running text. */
const NARROW_GAP = 1.2;
/** Rows with a narrow gap at one place from which it is between columns, though no text is aligned there: as of centred text. */
const NARROW_ROWS_MIN = 3;
/** Rows above and below, of which one has to begin at the same x for text to be parted there: a long title goes over many columns. */
const ROWS_NEAR = 2;

/** Rows with the borders between their columns, after both were brought to agree. */
export interface Settled {
  readonly rows: readonly PageRow[];
  readonly borders: readonly number[];
}

/**
 * Finds the columns of rows: joins what a wide blank parts, and parts what stands too close where columns begin. Borders at `fixed` are
 * there from the start; those of them that `kept` names stay, also where nothing needs them.
 */
export function settled(
  rows: readonly PageRow[],
  fixed: readonly number[] = [],
  kept: readonly number[] = [],
): Settled {
  const partsOf = (of: readonly PageRow[]): (readonly Part[])[] => of.map((row) => row.parts);
  const joined = withoutWideBlanks(rows, bordersBetween(partsOf(rows), fixed));
  const parted = partedAtColumns(joined, bordersBetween(partsOf(joined), fixed));
  const borders = bordersBetween(partsOf(parted), fixed);
  return { rows: parted, borders: withoutNeedless(borders, partsOf(parted), kept) };
}

/** Joins neighbours where the gap between them is narrow, and no other row has one at this place. */
export function withoutWideBlanks(
  rows: readonly PageRow[],
  borders = bordersBetween(rows.map(({ parts }) => parts)),
): PageRow[] {
  const starts: number[] = [];
  const ends: number[] = [];
  const rowsOfBorder = new Map<number, number>();
  for (const { parts } of rows) {
    for (let index = 1; index < parts.length; index++) {
      const [left, right] = [parts[index - 1] as Part, parts[index] as Part];
      ends.push(left.right);
      starts.push(right.left);
      const border = onlyBorder(borders, left, right);
      if (border !== undefined) rowsOfBorder.set(border, (rowsOfBorder.get(border) ?? 0) + 1);
    }
  }
  starts.sort((a, b) => a - b);
  ends.sort((a, b) => a - b);
  const isAligned = (sorted: readonly number[], value: number): boolean =>
    firstAbove(sorted, value + ALIGNED) - firstAbove(sorted, value - ALIGNED) >= ALIGNED_ROWS_MIN;
  const isGap = (left: Part, right: Part): boolean => {
    if (left.isRuled || right.isRuled || !isNarrow(left, right)) return true;
    if (isAligned(starts, right.left) || isAligned(ends, left.right)) return true;
    const border = onlyBorder(borders, left, right);
    return border !== undefined && (rowsOfBorder.get(border) ?? 0) >= NARROW_ROWS_MIN;
  };
  return rows.map((row) => {
    const groups: Part[][] = [];
    for (const part of row.parts) {
      const group = groups.at(-1);
      const last = group?.at(-1);
      if (group === undefined || last === undefined || isGap(last, part)) groups.push([part]);
      else group.push(part);
    }
    if (groups.length === row.parts.length) return row;
    const parts = groups.map((group) =>
      group.length === 1 ? (group[0] as Part) : partOf(group.flatMap(wordsOf)),
    );
    return { ...row, parts };
  });
}

/** The border between two neighbours, if it is the only one. */
function onlyBorder(borders: readonly number[], left: Part, right: Part): number | undefined {
  const first = firstAbove(borders, left.right - 0.5);
  return firstAbove(borders, right.left + 0.5) === first + 1 ? borders[first] : undefined;
}

function isNarrow(left: Part, right: Part): boolean {
  const before = left.lines[0]?.words.at(-1);
  const after = right.lines[0]?.words[0];
  if (before === undefined || after === undefined) return false;
  return after.left - before.right < NARROW_GAP * Math.min(sizeOf(before), sizeOf(after));
}

function wordsOf({ lines }: Part): readonly Word[] {
  return wordsIn(lines);
}

export function partOf(words: readonly Word[]): Part {
  const line: Line = lineOf(words);
  return { lines: [line], left: line.left, right: line.right, isRuled: false, rows: 1 };
}

/** Parts what goes over a border where a word begins just where the column does, or where both sides are aligned, in rows that stand in other columns too. */
function partedAtColumns(rows: readonly PageRow[], borders: readonly number[]): PageRow[] {
  const starts = startsOf(rows, borders);
  let alignments: ReturnType<typeof alignmentsOf> | undefined;
  return rows.map((row, index) => {
    const near = rows
      .slice(Math.max(0, index - ROWS_NEAR), index + ROWS_NEAR + 1)
      .filter((other) => other !== row);
    const startOf = (column: number): number | undefined => {
      const start = starts.get(column);
      const isNear =
        start !== undefined &&
        near.some(({ parts }) => parts.some(({ left }) => Math.abs(left - start) <= ALIGNED));
      return isNear ? start : undefined;
    };
    const parts = row.parts.flatMap((part) => {
      if (part.isRuled || part.lines.length !== 1 || row.parts.length < 2) return [part];
      const atStarts = partedAt(part, borders, startOf);
      if (atStarts.length > 1) return atStarts;
      const column = columnAt(borders, part);
      if (column === columnAt(borders, { left: part.right - ALIGNED })) return [part];
      // Few pages have such a part.
      alignments ??= alignmentsOf(rows, borders);
      const parted = partedWhereAligned(
        wordsOf(part),
        alignments[column] ?? {},
        alignments[column + 1] ?? {},
      );
      return parted === undefined ? [part] : [partOf(parted.before), partOf(parted.after)];
    });
    return parts.length === row.parts.length ? row : { ...row, parts };
  });
}

/** Where the parts in each column begin, if several begin at one place. */
function startsOf(rows: readonly PageRow[], borders: readonly number[]): ReadonlyMap<number, number> {
  const lefts = new Map<number, number[]>();
  for (const { parts } of rows) {
    for (const part of parts.slice(1)) {
      const column = columnAt(borders, part);
      const of = lefts.get(column);
      if (of === undefined) lefts.set(column, [part.left]);
      else of.push(part.left);
    }
  }
  const starts = new Map<number, number>();
  for (const [column, values] of lefts) {
    const usual = usualOf(values);
    if (usual !== undefined) starts.set(column, usual);
  }
  return starts;
}

function partedAt(
  part: Part,
  borders: readonly number[],
  startOf: (column: number) => number | undefined,
): Part[] {
  const groups: Word[][] = [];
  let column = columnAt(borders, part);
  for (const word of wordsOf(part)) {
    let rest = word;
    const end = columnAt(borders, { left: word.right - ALIGNED });
    for (let at = column + 1; at <= end; at++) {
      const start = startOf(at);
      const index = start === undefined ? -1 : glyphAt(rest, start);
      if (index < 0 || (index === 0 && groups.length === 0)) continue;
      if (index > 0) {
        const before = wordOfGlyphs(rest, rest.glyphs.slice(0, index));
        if (groups.length === 0) groups.push([before]);
        else groups.at(-1)?.push(before);
        rest = wordOfGlyphs(rest, rest.glyphs.slice(index));
      }
      groups.push([]);
      column = at;
    }
    if (groups.length === 0) groups.push([]);
    groups.at(-1)?.push(rest);
  }
  return groups.length < 2 ? [part] : groups.map(partOf);
}

/** Index of the glyph with which a word begins at this x, or, within a word, another one does; -1 where none does. */
function glyphAt(word: Word, x: number): number {
  if (Math.abs(word.left - x) <= ALIGNED) return 0;
  return word.glyphs.findIndex((glyph, index) => {
    const before = word.glyphs[index - 1];
    return before !== undefined && Math.abs(glyph.left - x) <= ALIGNED_GLYPH && meet(before, glyph);
  });
}
