import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { bordersBetween, columnAt, firstAbove } from './columns.ts';
import { lineOf } from './lines.ts';
import { median, metricsOf } from './metrics.ts';
import type { Line } from './model.ts';
import { partedLines } from './page-rows.ts';
import { rowsInOrder } from './reading-order.ts';
import { partOf } from './settle.ts';
import { uprightOf } from './upright.ts';

/** A line of text in which blanks keep what stands below each other on the page below each other. */
export interface TextLine {
  /** Each with the number of blanks and letters before it in the line; at least two blanks lie between two of them. */
  readonly parts: readonly { readonly column: number; readonly text: string }[];
  /** Empty lines that the gap above it makes: 0 or more. */
  readonly emptyLinesBefore: number;
  readonly line: Line;
}

/** Blanks between two cells: less could stand within one. */
const BLANKS_BETWEEN_CELLS = 2;
/** Points: width of a place where a page has no letters. */
const PLACE_USUAL = 5;
/** Empty lines that one gap makes at most: the lower half of a letter is not 60 of them. */
const EMPTY_LINES_MAX = 3;
/** Of the height of a line: how far apart lines are; and how much less than a line still leaves an empty one. */
const LINE_PITCH = 1.2;
const GAP_SLACK = 0.3;
/** Columns of text are at most so many: a page of 14,400 points in letters of 1 point would be as wide as that. */
const COLUMN_MAX = 2000;
/** Points: text this close to a side of a column is aligned with it. */
const ALIGNED = 1;

interface TextRow {
  readonly line: Line;
  readonly segments: readonly Line[];
}

/** The lines of a page as monospaced text: what begins, or ends, at one x has one place in all lines. */
export function columnsOfText(shown: Page, settings: ReadingSettings): TextLine[] {
  const { page } = uprightOf(shown);
  const parted = partedLines(page, settings, metricsOf(page));
  const rows = settings.columnByColumn ? inOrder(parted) : parted;
  const places = new Places(
    rows.map(({ segments }) => segments),
    placeWidth(page),
  );
  return rows.map(({ line, segments }, index) => ({
    parts: places.partsOf(segments),
    emptyLinesBefore: emptyLinesBetween(rows[index - 1]?.line, line),
    line,
  }));
}

function inOrder(rows: readonly TextRow[]): TextRow[] {
  const pageRows = rows.map(({ line, segments }) => {
    return { top: line.top, bottom: line.bottom, parts: segments.map((segment) => partOf(segment.words)) };
  });
  return rowsInOrder(pageRows, []).map(({ parts }) => {
    const segments = parts.flatMap((part) => part.lines);
    return { line: lineOf(segments.flatMap(({ words }) => words)), segments };
  });
}

/** A column of the page, and its places in a line of text: `length` from `start` on. */
interface Column {
  left: number;
  right: number;
  length: number;
  start: number;
}

/** Says which places the parts of a line of text have. */
class Places {
  readonly #borders: readonly number[];
  readonly #lefts: number[] = [];
  readonly #rights: number[] = [];
  /** The sides of all columns from left to right, and the place of each. */
  readonly #sides: number[] = [];
  readonly #sidePlaces: number[] = [];
  readonly #width: number;

  /** `width` is that of a place, in points. */
  constructor(rows: readonly (readonly Line[])[], width: number) {
    this.#width = width;
    this.#borders = bordersBetween(rows);
    const columns = Array.from({ length: this.#borders.length + 1 }, (): Column => ({
      left: Infinity,
      right: -Infinity,
      length: 0,
      start: 0,
    }));
    let left = Infinity;
    for (const segment of rows.flat()) {
      left = Math.min(left, segment.left);
      const column = columns[columnAt(this.#borders, segment)];
      if (column === undefined) continue;
      column.left = Math.min(column.left, segment.left);
      if (!this.#isWithin(segment)) continue;
      column.right = Math.max(column.right, segment.right);
      column.length = Math.max(column.length, lengthOf(segment));
    }
    let next = 0;
    for (const column of columns.filter(({ left: x }) => x < Infinity)) {
      column.right = Math.max(column.left, column.right);
      column.start = Math.min(COLUMN_MAX, Math.max(next, Math.round((column.left - left) / width)));
      next = column.start + column.length + BLANKS_BETWEEN_CELLS;
      this.#lefts.push(column.left);
      this.#rights.push(column.right);
      this.#addSide(column.left, column.start);
      this.#addSide(column.right, column.start + column.length);
    }
    this.#rights.sort((a, b) => a - b);
  }

  /** Sides come from left to right; one that is left of the last one says nothing new. */
  #addSide(x: number, place: number): void {
    if (x <= (this.#sides.at(-1) ?? -Infinity)) return;
    this.#sides.push(x);
    this.#sidePlaces.push(place);
  }

  partsOf(segments: readonly Line[]): TextLine['parts'] {
    let free = 0;
    return segments.map((segment) => {
      const column = Math.max(free, this.#placeOf(segment));
      free = column + lengthOf(segment) + BLANKS_BETWEEN_CELLS;
      return { column, text: segment.text };
    });
  }

  #isWithin(segment: Line): boolean {
    return segment.right <= (this.#borders[columnAt(this.#borders, segment)] ?? Infinity);
  }

  /** By the side with which it is aligned; if that is none, by its middle. */
  #placeOf(segment: Line): number {
    const length = lengthOf(segment);
    const [fromLeft, fromRight] = [this.#placeAt(segment.left), this.#placeAt(segment.right) - length];
    if (hasClose(this.#lefts, segment.left)) return Math.round(fromLeft);
    if (hasClose(this.#rights, segment.right)) return Math.max(0, Math.round(fromRight));
    return Math.max(0, Math.round((fromLeft + fromRight) / 2));
  }

  /** Where an x is in a line of text, between the sides of columns that are closest to it. */
  #placeAt(x: number): number {
    const index = firstAbove(this.#sides, x);
    const [beforeX, nextX] = [this.#sides[index - 1], this.#sides[index]];
    const [before = 0, next = 0] = [this.#sidePlaces[index - 1], this.#sidePlaces[index]];
    if (beforeX === undefined) return nextX === undefined ? 0 : next - (nextX - x) / this.#width;
    if (nextX === undefined) return before + (x - beforeX) / this.#width;
    return before + ((x - beforeX) / (nextX - beforeX)) * (next - before);
  }
}

function hasClose(sorted: readonly number[], value: number): boolean {
  return (sorted[firstAbove(sorted, value - ALIGNED)] ?? Infinity) <= value + ALIGNED;
}

function lengthOf({ text }: Line): number {
  return [...text].length;
}

function emptyLinesBetween(above: Line | undefined, line: Line): number {
  if (above === undefined) return 0;
  const gap = line.top - above.bottom;
  const height = Math.max(1, Math.min(above.bottom - above.top, line.bottom - line.top));
  const lines = Math.floor((gap + GAP_SLACK * height) / (LINE_PITCH * height));
  return Math.min(EMPTY_LINES_MAX, Math.max(0, lines));
}

/** Points that one place takes: the median of the advances of what the page shows. */
function placeWidth(page: Page): number {
  const advances: number[] = [];
  for (const { left, right, text, angle } of page.glyphs) {
    if (angle === 0 && right > left && text.trim() !== '') advances.push(right - left);
  }
  return advances.length === 0 ? PLACE_USUAL : median(advances);
}
