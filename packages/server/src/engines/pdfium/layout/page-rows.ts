import type { ReadingSettings } from '../../capabilities.ts';
import type { Box, Page } from '../page.ts';
import { firstAbove } from './columns.ts';
import { latticesOf, type Lattice } from './lattice.ts';
import { allLines, lineOf } from './lines.ts';
import { metricsOf, type Metrics } from './metrics.ts';
import type { Line, Word } from './model.ts';
import { ruledRows } from './ruled.ts';
import { segmentsOf, type Segment } from './segments.ts';
import { strokesOf, type Strokes } from './strokes.ts';

/** What stands in one place of a row. */
export interface Part {
  readonly lines: readonly Line[];
  /** Of what is between lines the x of those lines, else that of the text. */
  readonly left: number;
  readonly right: number;
  readonly isRuled: boolean;
  /** Rows that it takes, at least 1. */
  readonly rows: number;
}

/** What is side by side, from left to right. */
export interface PageRow {
  readonly top: number;
  readonly bottom: number;
  readonly parts: readonly Part[];
}

/** Lattices that are looked at: a page with more is a drawing. */
const LATTICES_MAX = 200;
/** Of the lower of two rows: those that share as much of their height are at the same height. */
const BESIDE_MIN = 0.6;
/** Of the columns of a table: a row that is not filled has text in so many of them. */
const UNFILLED_COLUMNS_MIN = 0.6;
/** Points: how far over a line text of a cell may go. */
const OVERHANG = 1;

export interface RuledRows extends Box {
  readonly rows: readonly PageRow[];
  /** x of the borders between its columns, without its sides. */
  readonly borders: readonly number[];
  /** Made by fills alone: the first and the last row may have none. */
  readonly isFilled: boolean;
}

/** All rows of a page from top to bottom, those of ruled tables among them. */
export interface PageRows {
  readonly rows: readonly PageRow[];
  readonly ruled: readonly RuledRows[];
  /** Those outside of ruled tables. */
  readonly free: readonly PageRow[];
  readonly strokes: Strokes;
}

export interface Reading {
  /** Gaps in lines are closed first. */
  readonly mendsBorders?: boolean;
  /** Dots that lead from one part to the next are a part of the text. */
  readonly keepsLeaders?: boolean;
}

const noStrokes: Strokes = { vertical: [], horizontal: [] };

export function pageRowsOf(page: Page, asked: ReadingSettings, how: Reading = {}): PageRows {
  const metrics = metricsOf(page);
  const settings = withGaps(asked);
  const strokes = settings.columnDetection === 'content' ? noStrokes : strokesOf(page, how.mendsBorders);
  const lines = allLines(page, metrics);
  const lattices = latticesOf(strokes).filter(({ xs, ys, isFilled }) => {
    return xs.length * ys.length > 4 && !(isFilled && settings.columnDetection === 'bordered-tables');
  });
  const { ruled, rest } = ruledOf(lattices.slice(0, LATTICES_MAX), lines, settings, metrics);
  const isParted = partedBy(strokes);
  const free = rest.map((words) => {
    const line = lineOf(words);
    return rowOfSegments(
      line,
      segmentsOf(line, { settings, metrics, isParted, keepsLeaders: how.keepsLeaders === true }),
    );
  });
  const { tables, others } = withUnfilledRows(ruled, free);
  return { rows: merged(tables, others), ruled: tables, free: others, strokes };
}

/** Where lines alone make columns, no gap does. */
function withGaps(settings: ReadingSettings): ReadingSettings {
  const heedsGaps =
    settings.columnDetection === 'content' || settings.columnDetection === 'content-and-borders';
  return heedsGaps ? settings : { ...settings, columnGap: Infinity };
}

/** Rows right above and below tables made by fills are theirs, if they have text in most of their columns: not all rows are filled. */
function withUnfilledRows(
  ruled: readonly RuledRows[],
  free: readonly PageRow[],
): { readonly tables: readonly RuledRows[]; readonly others: readonly PageRow[] } {
  const taken = new Set<PageRow>();
  const tables = ruled.map((table) => {
    if (!table.isFilled) return table;
    const height = (table.bottom - table.top) / table.rows.length;
    const fits = (row: PageRow): boolean =>
      !taken.has(row) && filledColumns(row, table) > UNFILLED_COLUMNS_MIN * (table.borders.length + 1);
    const above = free.findLast(
      (row) => row.bottom <= table.top + OVERHANG && row.bottom > table.top - height,
    );
    const below = free.find((row) => row.top >= table.bottom - OVERHANG && row.top < table.bottom + height);
    const [head, foot] = [above, below].map((row) => (row !== undefined && fits(row) ? [row] : []));
    const rows = [...(head ?? []), ...table.rows, ...(foot ?? [])];
    for (const row of [...(head ?? []), ...(foot ?? [])]) taken.add(row);
    return {
      ...table,
      rows,
      top: Math.min(table.top, ...rows.map(({ top }) => top)),
      bottom: Math.max(table.bottom, ...rows.map(({ bottom }) => bottom)),
    };
  });
  return { tables, others: taken.size === 0 ? free : free.filter((row) => !taken.has(row)) };
}

/** In how many columns of a table a row has one part, none of which goes over a border; 0 if one does. */
function filledColumns({ parts }: PageRow, { left, right, borders }: RuledRows): number {
  const columns = new Set<number>();
  for (const part of parts) {
    const column = firstAbove(borders, part.left);
    if (
      part.left < left ||
      part.right > right ||
      column !== firstAbove(borders, part.right) ||
      columns.has(column)
    )
      return 0;
    columns.add(column);
  }
  return columns.size;
}

/** The lines of a page, each with its parts; vertical lines part it too. */
export function partedLines(
  page: Page,
  asked: ReadingSettings,
  metrics: (style: number) => Metrics,
): readonly { readonly line: Line; readonly segments: readonly Segment[] }[] {
  const settings = withGaps(asked);
  const strokes = settings.columnDetection === 'content' ? noStrokes : strokesOf(page);
  const isParted = partedBy(strokes);
  return allLines(page, metrics).map((line) => ({
    line,
    segments: segmentsOf(line, { settings, metrics, isParted, keepsLeaders: true }),
  }));
}

/** What of the lines stands in ruled tables, and the words of each line that do not. */
function ruledOf(
  lattices: readonly Lattice[],
  lines: readonly Line[],
  settings: ReadingSettings,
  metrics: (style: number) => Metrics,
): { readonly ruled: RuledRows[]; readonly rest: readonly (readonly Word[])[] } {
  const bySize = [...lattices].sort((a, b) => area(a) - area(b));
  const ruled: RuledRows[] = [];
  let rest: (readonly Word[])[] = lines.map((line) => line.words);
  for (const lattice of bySize) {
    const inside = rest.map((words) =>
      isBesideRows(lattice, words) ? words.filter((word) => holds(lattice, word)) : [],
    );
    const rows = ruledRows(
      lattice,
      inside.filter((words) => words.length > 0).map(lineOf),
      settings,
      metrics,
    );
    if (rows === undefined) continue;
    ruled.push(rows);
    rest = rest.map((words, index) =>
      inside[index]?.length === 0 ? words : words.filter((word) => !holds(lattice, word)),
    );
  }
  return {
    ruled: ruled.sort((a, b) => a.top - b.top || a.left - b.left),
    rest: rest.filter((words) => words.length > 0),
  };
}

/** Whether words of one line may stand in a lattice: most lines of a page do not. */
function isBesideRows({ top, bottom }: Box, words: readonly Word[]): boolean {
  const [first, last] = [words[0], words.at(-1)];
  if (first === undefined || last === undefined) return false;
  const height = Math.max(first.bottom - first.top, last.bottom - last.top);
  return (
    Math.max(first.bottom, last.bottom) > top - height && Math.min(first.top, last.top) < bottom + height
  );
}

function area({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}

function holds(box: Box, word: Word): boolean {
  const x = (word.left + word.right) / 2;
  const y = (word.top + word.bottom) / 2;
  return (
    x > box.left - OVERHANG && x < box.right + OVERHANG && y > box.top - OVERHANG && y < box.bottom + OVERHANG
  );
}

/** Whether a vertical line stands between two words. */
function partedBy({ vertical }: Strokes): (left: Word, right: Word) => boolean {
  const places = vertical.map(({ at }) => at);
  return (left, right) => {
    const middle = (left.top + left.bottom) / 2;
    for (let index = firstAbove(places, left.right - OVERHANG); index < vertical.length; index++) {
      const stroke = vertical[index];
      if (stroke === undefined || stroke.at > right.left + OVERHANG) return false;
      if (stroke.from <= middle && stroke.to >= middle) return true;
    }
    return false;
  };
}

function rowOfSegments({ top, bottom }: Box, segments: readonly Segment[]): PageRow {
  const parts = segments.map((segment) => ({
    lines: [segment],
    left: segment.left,
    right: segment.right,
    isRuled: false,
    rows: 1,
  }));
  return { top, bottom, parts };
}

/** Rows of ruled tables, and lines outside of them, from top to bottom; what stands beside a row of a table is part of it. */
function merged(ruled: readonly RuledRows[], free: readonly PageRow[]): PageRow[] {
  const rows = ruled.flatMap((table) => table.rows).concat(free);
  rows.sort((a, b) => a.top + a.bottom - b.top - b.bottom);
  const result: PageRow[] = [];
  for (const row of rows) {
    const last = result.at(-1);
    if (last !== undefined && isBeside(last, row)) {
      const parts = [...last.parts, ...row.parts].sort((a, b) => a.left - b.left);
      result[result.length - 1] = {
        top: Math.min(last.top, row.top),
        bottom: Math.max(last.bottom, row.bottom),
        parts,
      };
    } else result.push(row);
  }
  return result;
}

/** Whether two rows, of which one is ruled, stand side by side and at the same height. */
function isBeside(one: PageRow, other: PageRow): boolean {
  if (![...one.parts, ...other.parts].some((part) => part.isRuled)) return false;
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  if (height < BESIDE_MIN * Math.min(one.bottom - one.top, other.bottom - other.top)) return false;
  const [leftOne, rightOne] = sidesOf(one);
  const [leftOther, rightOther] = sidesOf(other);
  return rightOne <= leftOther + OVERHANG || rightOther <= leftOne + OVERHANG;
}

function sidesOf({ parts }: PageRow): [number, number] {
  let left = Infinity;
  let right = -Infinity;
  for (const part of parts) {
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  return [left, right];
}
