import type { TableSettings } from '../../capabilities.ts';
import type { PageRow, Part } from './page-rows.ts';
import { isRunning } from './reading-order.ts';
import { settled, withoutWideBlanks, type Settled } from './settle.ts';
import { columnAt } from './columns.ts';
import { startsSmall } from './going-on.ts';
import { HEAD_LINES_MAX } from './heads.ts';
import { median } from './metrics.ts';
import type { Stroke } from './strokes.ts';
import { LINE_GAP_MAX, textOf } from './table-lines.ts';
import { boxOf } from './words.ts';
import { withWrapped } from './wrapped.ts';

/** Rows from which lines with gaps at the same places are a table, where the settings ask for fewer. */
const ALIGNED_ROWS_MIN = 2;
/** Of the height of a line: gaps between rows that are usual; that the second row may have; and of the usual gap of a table, what its other rows may have. */
const GAP_USUAL = 1.5;
const GAP_SECOND_MAX = 3.5;
const GAP_GROWTH_MAX = 1.8;
/** Of the height of a line: rows apart by an empty line. */
const EMPTY_LINE = 1.2;
/** Of the parts of a row: if so many lie over several columns, it is of another table. */
const ACROSS_MAX = 0.5;
/** Of the widest other gap: what parts two tables is wider by this. */
const BESIDE_GAP_MIN = 1.3;
/** The same where nothing but what the columns hold says so. */
const ANEW_GAP_MIN = 1.6;
/** Of all rows: so many stand at one side alone where two tables are beside each other. */
const ONE_SIDED_MIN = 0.3;
/** The last gaps between rows say what is usual; and columns of a table: a page with more is a drawing. */
const GAPS_KEPT = 32;
const COLUMNS_MAX = 300;
/** Columns of which text, and no table, may be made. */
const TEXT_COLUMNS_MAX = 3;

const bullet = /^(?:[•◦▪‣●○■□–—*·-]|[([]?(?:\d{1,3}|\p{L}|[ivx]{1,5})[.)\]])$/u;

/** Tables that only the places of their texts make, in rows that are read from side to side. `horizontal` are lines that may part their rows. */
export function alignedTables(
  rows: readonly PageRow[],
  horizontal: readonly Stroke[],
  tables: TableSettings,
): Settled[] {
  return blocksOf(withoutWideBlanks(rows), tables).flatMap(({ lead, rows: block }) => {
    const found = settled(block);
    if (!isTable(found, tables)) return [];
    const parted = sideBySide(found);
    return parted.flatMap(({ rows: own, borders }) => {
      if (!isTable({ rows: own, borders }, tables)) return [];
      return [{ rows: withWrapped(own, borders, horizontal, parted.length === 1 ? lead : []), borders }];
    });
  });
}

interface Lines {
  /** Single texts right above the first row: its head may begin with one. */
  readonly lead: readonly PageRow[];
  readonly rows: readonly PageRow[];
}

/** Rows that follow each other, and whose parts stand below each other. */
function blocksOf(rows: readonly PageRow[], tables: TableSettings): Lines[] {
  const blocks: Lines[] = [];
  let block: Block | undefined;
  let free = 0;
  const close = (index: number): void => {
    if (block === undefined) return;
    blocks.push({ lead: block.lead, rows: block.rows });
    free = rows.lastIndexOf(block.rows.at(-1) as PageRow, index) + 1;
  };
  for (const [index, row] of rows.entries()) {
    if (block?.take(row, tables) === true) continue;
    close(index);
    block = row.parts.length > 1 ? new Block(row, leadOf(rows.slice(free, index), row)) : undefined;
  }
  close(rows.length);
  return blocks;
}

/** The single texts right above a row, from the top. */
function leadOf(above: readonly PageRow[], row: PageRow): PageRow[] {
  const lead: PageRow[] = [];
  let below = row;
  for (const line of above.slice(1 - HEAD_LINES_MAX).toReversed()) {
    if (line.parts.length > 1 || below.top - line.bottom > LINE_GAP_MAX * (line.bottom - line.top)) break;
    lead.unshift(line);
    below = line;
  }
  return lead;
}

/** Rows of a table as it grows. */
class Block {
  readonly lead: readonly PageRow[];
  readonly rows: PageRow[];
  /** Where its columns are filled, from left to right. */
  #columns: { left: number; right: number }[];
  readonly #gaps: number[] = [];
  /** Rows of one part, of which the next one says whether they belong to it. */
  #pending: PageRow[] = [];
  #odd = 0;

  constructor(row: PageRow, lead: readonly PageRow[]) {
    this.lead = lead;
    this.rows = [row];
    this.#columns = row.parts.map(({ left, right }) => ({ left, right }));
  }

  /** Whether a row belongs to it, or may do so. */
  take(row: PageRow, tables: TableSettings): boolean {
    if (row.parts.length > COLUMNS_MAX || this.#columns.length > COLUMNS_MAX) return false;
    const last = this.#pending.at(-1) ?? this.rows.at(-1);
    const height = row.bottom - row.top;
    const gap = row.top - (last?.bottom ?? row.top);
    if (gap > this.#gapMax(row, height, tables)) return false;
    const across = row.parts.filter((part) => this.#columnsOf(part) > 1).length;
    const fits = across <= ACROSS_MAX * row.parts.length;
    if (!fits || (row.parts.length === 1 && across > 0)) {
      this.#odd++;
      if (this.#odd > tables.oddRowsMax) return false;
      this.#pending.push(row);
      return true;
    }
    if (row.parts.length === 1) {
      if (this.#isWrapped(row, gap)) this.#add(row);
      else this.#pending.push(row);
      return true;
    }
    this.#gaps.push(gap);
    if (this.#gaps.length > GAPS_KEPT) this.#gaps.shift();
    this.#add(row);
    this.#odd = 0;
    return true;
  }

  #add(row: PageRow): void {
    for (const pending of this.#pending) this.rows.push(pending);
    this.#pending = [];
    this.rows.push(row);
    for (const part of row.parts) this.#grow(part);
  }

  /** The text of a cell goes on in the next line; of the first one where it is closer than a row, or begins with a small letter. */
  #isWrapped(row: PageRow, gap: number): boolean {
    const [part] = row.parts;
    if (part === undefined || this.#pending.length > 0) return false;
    const isFirst = part.left < (this.#columns[0]?.right ?? Infinity);
    const usual = this.#gaps.length === 0 ? 0 : median(this.#gaps);
    const height = row.bottom - row.top;
    if (isFirst) return gap < usual / 2 || (gap <= LINE_GAP_MAX * height && startsSmall.test(textOf(part)));
    return gap <= Math.max(usual, 0.5 * height);
  }

  #gapMax(row: PageRow, height: number, { emptyLinesBetween }: TableSettings): number {
    if (emptyLinesBetween > 0) return emptyLinesBetween * EMPTY_LINE * height;
    if (this.#gaps.length > 0) return Math.max(GAP_USUAL * height, GAP_GROWTH_MAX * median(this.#gaps));
    const isAligned = row.parts.filter((part) => this.#columnsOf(part) === 1).length >= 2;
    return (isAligned ? GAP_SECOND_MAX : GAP_USUAL) * height;
  }

  #columnsOf({ left, right }: Part): number {
    return this.#columns.filter((column) => column.left < right && column.right > left).length;
  }

  /** A part widens the column that it stands in, or is a new one; over several it is a title of them. */
  #grow({ left, right }: Part): void {
    const within = this.#columns.filter((column) => column.left < right && column.right > left);
    const [column] = within;
    if (within.length > 1) return;
    if (column === undefined) {
      this.#columns.push({ left, right });
      this.#columns.sort((a, b) => a.left - b.left);
      return;
    }
    const others = this.#columns.filter((other) => other !== column);
    if (others.some((other) => other.left < right && other.right > left)) return;
    column.left = Math.min(column.left, left);
    column.right = Math.max(column.right, right);
  }
}

/** Of two tables beside each other each alone: where one gap is wider than all others, and their rows or their heads say that they are two. */
function sideBySide(table: Settled): Settled[] {
  const { rows, borders } = table;
  const widths = gapsBetween(rows, borders);
  const widest = widths.indexOf(Math.max(...widths));
  const others = widths.filter((_, index) => index !== widest);
  const border = borders[widest];
  if (border === undefined || widest < 1 || widest > borders.length - 2) return [table];
  const ratio = (widths[widest] ?? 0) / Math.max(...others);
  if (ratio < BESIDE_GAP_MIN) return [table];
  const isWide = ratio >= ANEW_GAP_MIN;
  const [left, right] = [(part: Part) => part.left < border, (part: Part) => part.left >= border];
  if (!hasSameHead(rows, left) && !isOneSided(rows, left) && !(isWide && beginsAnew(rows, borders, widest)))
    return [table];
  return [left, right].map((side) => settled(rowsWith(rows, side)));
}

/** How far apart the text of neighbouring columns is at least; for each border. */
function gapsBetween(rows: readonly PageRow[], borders: readonly number[]): number[] {
  const ends = Array.from({ length: borders.length + 1 }, () => ({ left: Infinity, right: -Infinity }));
  for (const part of rows.flatMap(({ parts }) => parts)) {
    const end = ends[columnAt(borders, part)];
    const isAcross = part.right > (borders[columnAt(borders, part)] ?? Infinity);
    if (end === undefined || isAcross) continue;
    end.left = Math.min(end.left, part.left);
    end.right = Math.max(end.right, part.right);
  }
  return borders.map((_, index) => (ends[index + 1]?.left ?? 0) - (ends[index]?.right ?? 0));
}

function rowsWith(rows: readonly PageRow[], isIn: (part: Part) => boolean): PageRow[] {
  return rows.flatMap((row) => {
    const parts = row.parts.filter(isIn);
    return parts.length === 0 ? [] : [{ ...row, parts }];
  });
}

function hasSameHead(rows: readonly PageRow[], isLeft: (part: Part) => boolean): boolean {
  const parts = rows[0]?.parts ?? [];
  const together = (of: readonly Part[]): string => of.map(textOf).join('\n');
  return together(parts.filter(isLeft)) === together(parts.filter((part) => !isLeft(part)));
}

/** Whether numbers stand before a border, and texts behind it: as a table ends, and the next one begins. */
function beginsAnew(rows: readonly PageRow[], borders: readonly number[], border: number): boolean {
  const textsOf = (column: number): string[] =>
    rows
      .slice(1)
      .flatMap(({ parts }) =>
        parts.filter((part) => columnAt(borders, part) === column).map(({ lines }) => lines[0]?.text ?? ''),
      );
  const [before, behind] = [textsOf(border), textsOf(border + 1)];
  return (
    before.length > 0 &&
    behind.length > 0 &&
    before.every((text) => /\d/u.test(text) && !/\p{L}/u.test(text)) &&
    behind.every((text) => /\p{L}/u.test(text))
  );
}

/** Whether enough rows stand at one side alone; a line of a wrapped cell is no row. */
function isOneSided(rows: readonly PageRow[], isLeft: (part: Part) => boolean): boolean {
  const oneSided = rows.filter(
    ({ parts }) => parts.length > 1 && (parts.every(isLeft) || !parts.some(isLeft)),
  );
  return oneSided.length >= ONE_SIDED_MIN * rows.length;
}

function isTable({ rows, borders }: Settled, { rowsMin, columnsMin }: TableSettings): boolean {
  const full = rows.filter(({ parts }) => parts.length > 1);
  if (full.length < Math.max(ALIGNED_ROWS_MIN, rowsMin) || borders.length + 1 < Math.max(2, columnsMin))
    return false;
  if (borders.length + 1 > TEXT_COLUMNS_MAX) return true;
  const columns: Part[][] = Array.from({ length: borders.length + 1 }, () => []);
  for (const part of rows.flatMap(({ parts }) => parts)) columns[columnAt(borders, part)]?.push(part);
  const isList =
    borders.length === 1 && columns[0]?.every(({ lines }) => bullet.test(lines[0]?.text ?? '')) === true;
  return !isList && columns.filter(isRunningColumn).length < 2;
}

function isRunningColumn(parts: readonly Part[]): boolean {
  return isRunning(
    parts.map((part) => {
      const box = boxOf(part.lines);
      return { top: box.top, bottom: box.bottom, items: [{ ...box, part, table: undefined }] };
    }),
  );
}
