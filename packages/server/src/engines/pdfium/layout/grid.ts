import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { ALIGNED, usualOf } from './alignment.ts';
import { cellOf } from './cells.ts';
import { firstAbove } from './columns.ts';
import { lineOf } from './lines.ts';
import type { Cell, Grid, Line, Row } from './model.ts';
import { pageRowsOf, type PageRow, type Part, type RuledRows } from './page-rows.ts';
import { rowsInOrder } from './reading-order.ts';
import { COLUMN_MIN } from './ruled.ts';
import { partOf, settled, type Settled } from './settle.ts';
import { uprightOf } from './upright.ts';

/** Places of a grid: of a page that would need more, the last column holds all that is to the right. */
const CELLS_MAX = 1_000_000;
/** Points: a border of one table may be this far from the same one of another. */
const SAME_BORDER = 3;
/** Points: text that goes over a border by less stands in one column. */
const OVERHANG = 0.5;
/** Points: words of one line that were parted are on baselines as close as that. */
const SAME_BASELINE = 2;

export function gridOfPage(page: Page, settings: ReadingSettings): Grid {
  const { rows, ruled, free } = pageRowsOf(uprightOf(page).page, settings);
  const inOrder = settings.columnByColumn ? rowsInOrder(free, ruled) : rows;
  const columns = columnsOfPage(inOrder, ruled, settings);
  return gridOfRows(columns.rows, columns.borders, settings);
}

function columnsOfPage(
  rows: readonly PageRow[],
  ruled: readonly RuledRows[],
  settings: ReadingSettings,
): Settled {
  if (settings.columnEdges.length > 0) {
    const borders = [...settings.columnEdges].sort((a, b) => a - b).slice(1);
    return { rows: rows.map(wordByWord), borders };
  }
  const fixed = togetherOf(ruled.flatMap((table) => table.borders));
  return settled(rows, fixed, largestOf(ruled)?.borders ?? []);
}

/** A row in which every word is a part, for columns that go through text. */
function wordByWord(row: PageRow): PageRow {
  return {
    ...row,
    parts: row.parts.flatMap(({ lines }) =>
      lines.flatMap(({ words }) => words.map((word) => partOf([word]))),
    ),
  };
}

/** The table with the most cells: its columns stay as they are, those of others only where text needs them. */
function largestOf(tables: readonly RuledRows[]): RuledRows | undefined {
  const cells = ({ rows, borders }: RuledRows): number => rows.length * (borders.length + 1);
  return tables.reduce<RuledRows | undefined>(
    (best, table) => (best === undefined || cells(table) > cells(best) ? table : best),
    undefined,
  );
}

/** In order, those as one that are close to each other. */
function togetherOf(borders: readonly number[]): number[] {
  const result: number[] = [];
  for (const border of [...borders].sort((a, b) => a - b)) {
    const last = result.at(-1);
    if (last === undefined || border - last > SAME_BORDER) result.push(border);
  }
  return result;
}

/** Rows of parts from left to right, each in the column where it begins. */
export function gridOfRows(
  rows: readonly PageRow[],
  found: readonly number[],
  settings: ReadingSettings,
  sides?: { readonly left: number; readonly right: number },
): Grid {
  const borders = found.slice(0, Math.max(1, Math.floor(CELLS_MAX / Math.max(1, rows.length)) - 1));
  let left = sides?.left ?? borders[0] ?? Infinity;
  let right = sides?.right ?? borders.at(-1) ?? -Infinity;
  for (const part of rows.flatMap((row) => row.parts)) {
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  const columns = new Columns(rows, borders);
  return {
    edges: rows.length === 0 ? [] : [left, ...borders, right],
    rows: rows.map((row) => rowOf(row, columns, settings)),
  };
}

interface OpenCell {
  readonly lines: Line[];
  columns: number;
  readonly rows: number;
}

function rowOf({ parts, top, bottom }: PageRow, columns: Columns, settings: ReadingSettings): Row {
  const byColumn = new Map<number, OpenCell>();
  for (const part of parts) {
    const { column, columns: count } = columns.placeOf(part);
    const cell = byColumn.get(column);
    if (cell === undefined) byColumn.set(column, { lines: [...part.lines], columns: count, rows: part.rows });
    else {
      for (const line of part.lines) add(cell.lines, line);
      cell.columns = Math.max(cell.columns, count);
    }
  }
  const cells: (Cell | undefined)[] = [];
  let free = columns.count;
  for (let column = columns.count - 1; column >= 0; column--) {
    const cell = byColumn.get(column);
    const most = Math.max(1, free - column);
    cells.push(
      cell === undefined ? undefined : cellOf(cell.lines, settings, Math.min(cell.columns, most), cell.rows),
    );
    if (cell !== undefined) free = column;
  }
  return { top, bottom, cells: cells.toReversed() };
}

/** Words on one baseline are one line, also where they come one by one. */
function add(lines: Line[], line: Line): void {
  const last = lines.at(-1);
  const isSame =
    last !== undefined &&
    last.angle === line.angle &&
    Math.abs(last.baseline - line.baseline) < SAME_BASELINE;
  if (isSame)
    lines[lines.length - 1] = lineOf([...last.words, ...line.words].sort((a, b) => a.left - b.left));
  else lines.push(line);
}

/** Columns with where most of their text begins and ends. */
class Columns {
  readonly count: number;
  readonly #borders: readonly number[];
  readonly #lefts: readonly (number | undefined)[];
  readonly #rights: readonly (number | undefined)[];

  constructor(rows: readonly PageRow[], borders: readonly number[]) {
    this.count = borders.length + 1;
    this.#borders = borders;
    const within: Part[][] = Array.from({ length: this.count }, () => []);
    for (const { parts } of rows) {
      for (const part of parts) {
        const { column, columns } = this.#spanOf(part);
        if (columns === 1 && !part.isRuled) within[column]?.push(part);
      }
    }
    this.#lefts = within.map((parts) => usualOf(parts.map(({ left }) => left)));
    this.#rights = within.map((parts) => usualOf(parts.map(({ right }) => right)));
  }

  /** The column in which a part begins, or, if it ends where those of another do, in that one: a line that is set to the right. */
  placeOf(part: Part): { readonly column: number; readonly columns: number } {
    const span = this.#spanOf(part);
    if (span.columns === 1 || part.isRuled || isClose(this.#lefts[span.column], part.left)) return span;
    const last = span.column + span.columns - 1;
    return isClose(this.#rights[last], part.right) ? { column: last, columns: 1 } : span;
  }

  #spanOf(part: Part): { readonly column: number; readonly columns: number } {
    const overhang = part.isRuled ? SAME_BORDER : OVERHANG;
    const column = firstAbove(this.#borders, part.left + overhang);
    const last = firstAbove(this.#borders, part.right - (part.isRuled ? COLUMN_MIN : OVERHANG));
    return { column, columns: Math.max(1, last - column + 1) };
  }
}

function isClose(side: number | undefined, value: number): boolean {
  return side !== undefined && Math.abs(side - value) <= ALIGNED;
}
