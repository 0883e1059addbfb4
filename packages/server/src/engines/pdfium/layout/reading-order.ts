import type { Box } from '../page.ts';
import { firstAbove } from './columns.ts';
import type { PageRow, Part, RuledRows } from './page-rows.ts';
import { boxOf } from './words.ts';

/** What is side by side on the page: parts of one line, or a ruled table. */
export interface Item extends Box {
  readonly part: Part | undefined;
  readonly table: RuledRows | undefined;
}

/** Items on one line, from left to right; from `top` to `bottom`. */
export interface ItemRow {
  readonly top: number;
  readonly bottom: number;
  readonly items: readonly Item[];
}

/** Rows that are read one after the other, each from side to side. */
export type Region = readonly ItemRow[];

/** Of the height of a line: a gap of less, over all lines of a region, is no gap between columns. */
const GUTTER_MIN = 0.7;
/** Lines that a column has at least. */
const COLUMN_LINES_MIN = 3;
/** Of the lower of two columns: so much of it stands beside the other one. An address at the left and one at the right below it are no columns. */
const BESIDE_MIN = 0.5;
/** Of the lines of a column of text: so many fill it, to this share of its width. */
const FULL_LINES_MIN = 0.45;
const FULL_WIDTH_MIN = 0.75;
/** Of the lines of running text: so many begin with a small letter. Cells seldom do. */
const SMALL_LETTERS_MIN = 0.25;
/** Letters that a line of running text has on average. */
const LETTERS_MIN = 15;
/** Of the lines beside each other: of columns of different things so few stand at the same height. */
const SAME_HEIGHT_MAX = 0.34;
/** Of the height of a line: lines of running text are closer. */
const LINE_GAP_MAX = 0.8;
/** Of the rows of a gap: another one that goes through so many of them parts the same columns further. */
const SAME_ROWS_MIN = 0.6;
/** Gaps that are tried, the longest first; that are followed at a time; and rows that they are followed up. */
const GUTTERS_MAX = 20;
const OPEN_GUTTERS_MAX = 60;
const ROWS_UP_MAX = 300;
/** How often columns are looked for within columns. */
const DEPTH_MAX = 4;

export function itemRowsOf(free: readonly PageRow[], ruled: readonly RuledRows[]): ItemRow[] {
  const rows: ItemRow[] = free.map(({ parts, top, bottom }) => ({
    top,
    bottom,
    items: parts.map((part) => ({ ...boxOf(part.lines), part, table: undefined })),
  }));
  for (const table of ruled) {
    const { left, top, right, bottom } = table;
    rows.push({ top, bottom, items: [{ left, top, right, bottom, part: undefined, table }] });
  }
  const tops = new Map(rows.map((row) => [row, topBesideTable(row, ruled)]));
  return rows.sort((a, b) => (tops.get(a) ?? 0) - (tops.get(b) ?? 0) || leftOf(a) - leftOf(b));
}

function leftOf({ items }: ItemRow): number {
  return items[0]?.left ?? 0;
}

/** The top of a row, or of the table that it stands at the left of: what it says of the table is read before it. */
function topBesideTable({ top, bottom, items }: ItemRow, ruled: readonly RuledRows[]): number {
  const middle = (top + bottom) / 2;
  const { right } = boxOf(items);
  const table = ruled.find((one) => one.top < middle && one.bottom > middle && right <= one.left);
  return table === undefined ? top : Math.min(top, table.top);
}

/** Parts a page, from top to bottom, into what is read from side to side; of columns the left one comes first. */
export function regionsOf(rows: readonly ItemRow[], depth = 0): Region[] {
  if (depth >= DEPTH_MAX) return [rows];
  const regions: Region[] = [];
  let from = 0;
  for (const { first, last, columns } of columnsWithin(rows)) {
    if (first > from) regions.push(rows.slice(from, first));
    for (const column of columns) for (const region of regionsOf(column, depth + 1)) regions.push(region);
    from = last + 1;
  }
  if (from < rows.length) regions.push(rows.slice(from));
  return regions;
}

/** The rows of a page in the order of its regions; ruled tables stay whole. */
export function rowsInOrder(free: readonly PageRow[], ruled: readonly RuledRows[]): PageRow[] {
  return regionsOf(itemRowsOf(free, ruled)).flatMap((region) =>
    region.flatMap(({ top, bottom, items }) => {
      const table = items.find((item) => item.table !== undefined)?.table;
      return table === undefined
        ? [{ top, bottom, parts: items.flatMap(({ part }) => part ?? []) }]
        : table.rows;
    }),
  );
}

interface Columns {
  /** Rows from where to where they go. */
  readonly first: number;
  readonly last: number;
  readonly columns: readonly (readonly ItemRow[])[];
}

/** Where rows stand in columns, from top to bottom. */
function columnsWithin(rows: readonly ItemRow[]): Columns[] {
  const gutters = guttersOf(rows).sort((a, b) => b.last - b.first - (a.last - a.first) || a.from - b.from);
  const found: Columns[] = [];
  for (const gutter of gutters.slice(0, GUTTERS_MAX)) {
    if (found.some(({ first, last }) => first <= gutter.last && last >= gutter.first)) continue;
    const beside = gutters.filter((other) => isBeside(gutter, other));
    const { first, last } = trimmed(rows, gutter);
    const middles = beside.map(({ from, to }) => (from + to) / 2).sort((a, b) => a - b);
    const columns = columnsOf(rows.slice(first, last + 1), middles);
    if (columns.length > 1) found.push({ first, last, columns });
  }
  return found.sort((a, b) => a.first - b.first);
}

/** A gap that goes through all rows from `first` to `last`; x from where to where. */
interface Gutter {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** Gaps between what stands side by side, as far up and down as they go. */
function guttersOf(rows: readonly ItemRow[]): Gutter[] {
  const gutters: Gutter[] = [];
  let open: Gutter[] = [];
  for (const [index, row] of rows.entries()) {
    const still: Gutter[] = [];
    for (const gutter of open) {
      const narrowed = narrowedBy(gutter, row);
      if (narrowed === undefined) gutters.push(gutter);
      else still.push({ ...narrowed, first: gutter.first, last: index });
    }
    for (const gap of gapsOf(row, rows[index - 1])) {
      if (still.length >= OPEN_GUTTERS_MAX) break;
      if (still.some(({ from, to }) => from < gap.to && to > gap.from)) continue;
      still.push(grownUp(rows, index, gap));
    }
    open = still;
  }
  return gutters.concat(open);
}

/** Gaps between what stands in a row, or reaches down into it from the one above. */
function gapsOf(row: ItemRow, above: ItemRow | undefined): Pick<Gutter, 'from' | 'to'>[] {
  const reaching = above?.items.filter(({ bottom }) => bottom > row.top) ?? [];
  const items = [...row.items, ...reaching].sort((a, b) => a.left - b.left);
  const gaps: Pick<Gutter, 'from' | 'to'>[] = [];
  const widthMin = GUTTER_MIN * lineHeight(row);
  let from = items[0]?.right ?? 0;
  for (const { left, right } of items) {
    if (left - from >= widthMin) gaps.push({ from, to: left });
    from = Math.max(from, right);
  }
  return gaps;
}

function grownUp(rows: readonly ItemRow[], index: number, gap: Pick<Gutter, 'from' | 'to'>): Gutter {
  let gutter = { ...gap, first: index, last: index };
  for (let at = index - 1; at >= Math.max(0, index - ROWS_UP_MAX); at--) {
    const row = rows[at];
    const narrowed = row === undefined ? undefined : narrowedBy(gutter, row);
    if (narrowed === undefined) break;
    gutter = { ...narrowed, first: at, last: index };
  }
  return gutter;
}

/** The widest part of a gap that a row leaves free; undefined where none is wide enough. */
function narrowedBy(
  { from, to }: Pick<Gutter, 'from' | 'to'>,
  row: ItemRow,
): Pick<Gutter, 'from' | 'to'> | undefined {
  let best = { from, to: from };
  let start = from;
  for (const { left, right } of row.items) {
    if (right <= from || left >= to) continue;
    if (left - start > best.to - best.from) best = { from: start, to: left };
    start = Math.max(start, right);
  }
  if (to - start > best.to - best.from) best = { from: start, to };
  return best.to - best.from >= GUTTER_MIN * lineHeight(row) && best.to > best.from ? best : undefined;
}

/** Whether two gaps go through as good as the same rows; each is beside itself. */
function isBeside(gutter: Gutter, other: Gutter): boolean {
  const rows = Math.min(gutter.last, other.last) - Math.max(gutter.first, other.first) + 1;
  return rows >= SAME_ROWS_MIN * (gutter.last - gutter.first + 1);
}

/** Without rows at the top and the bottom that stand at one side of the gap, and apart from the others. */
function trimmed(
  rows: readonly ItemRow[],
  { from, to, first, last }: Gutter,
): { readonly first: number; readonly last: number } {
  const middle = (from + to) / 2;
  const isOneSided = ({ items }: ItemRow): boolean =>
    items.every((item) => item.left > middle) || items.every((item) => item.left < middle);
  const isApart = (above: ItemRow | undefined, row: ItemRow | undefined): boolean =>
    above !== undefined && row !== undefined && row.top - above.bottom > LINE_GAP_MAX * lineHeight(row);
  let [top, bottom] = [first, last];
  while (top < bottom && isOneSided(rows[top] as ItemRow) && isApart(rows[top], rows[top + 1])) top++;
  while (bottom > top && isOneSided(rows[bottom] as ItemRow) && isApart(rows[bottom - 1], rows[bottom]))
    bottom--;
  return { first: top, last: bottom };
}

function lineHeight({ items, top, bottom }: ItemRow): number {
  let height = bottom - top;
  for (const { part } of items)
    for (const line of part?.lines ?? []) height = Math.min(height, line.bottom - line.top);
  return items.some(({ part }) => part !== undefined) ? height : 0;
}

/** The rows of each column, where gutters part columns and not cells; nothing where none does. */
function columnsOf(rows: readonly ItemRow[], borders: readonly number[]): ItemRow[][] {
  const parts = partedAt(rows, borders);
  const isNew = parts.map((part, index) => index > 0 && areColumns(parts[index - 1] ?? [], part));
  if (!isNew.includes(true)) return [];
  const columns: ItemRow[][] = [];
  for (const [index, part] of parts.entries()) {
    const last = columns.at(-1);
    if (last === undefined || isNew[index] === true) columns.push(part);
    else columns[columns.length - 1] = joinedRows(last, part);
  }
  return columns;
}

function partedAt(rows: readonly ItemRow[], borders: readonly number[]): ItemRow[][] {
  const parts: ItemRow[][] = Array.from({ length: borders.length + 1 }, () => []);
  for (const { items } of rows) {
    const byPart = new Map<number, Item[]>();
    for (const item of items) {
      const part = firstAbove(borders, item.left);
      const own = byPart.get(part);
      if (own === undefined) byPart.set(part, [item]);
      else own.push(item);
    }
    for (const [part, own] of byPart) {
      const { top, bottom } = boxOf(own);
      parts[part]?.push({ top, bottom, items: own });
    }
  }
  return parts.filter((part) => part.length > 0);
}

/** Rows of two columns that are none: what stands at the same height is one row again. */
function joinedRows(left: readonly ItemRow[], right: readonly ItemRow[]): ItemRow[] {
  const result: ItemRow[] = [];
  for (const row of [...left, ...right].sort((a, b) => a.top - b.top)) {
    const last = result.at(-1);
    if (last !== undefined && isSameHeight(last, row)) {
      const items = [...last.items, ...row.items].sort((a, b) => a.left - b.left);
      const [top, bottom] = [Math.min(last.top, row.top), Math.max(last.bottom, row.bottom)];
      result[result.length - 1] = { top, bottom, items };
    } else result.push(row);
  }
  return result;
}

function isSameHeight(one: ItemRow, other: ItemRow): boolean {
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return height > BESIDE_MIN * Math.max(one.bottom - one.top, other.bottom - other.top);
}

/** Whether what stands at both sides of a gutter is read one after the other. */
function areColumns(left: readonly ItemRow[], right: readonly ItemRow[]): boolean {
  if (left.length < COLUMN_LINES_MIN || right.length < COLUMN_LINES_MIN) return false;
  const [one, other] = [
    boxOf(left.flatMap(({ items }) => items)),
    boxOf(right.flatMap(({ items }) => items)),
  ];
  const beside = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  if (beside < BESIDE_MIN * Math.min(one.bottom - one.top, other.bottom - other.top)) return false;
  if (isRunning(left) && isRunning(right)) return true;
  return (
    isClose(left) &&
    isClose(right) &&
    sameHeights(left, right) <= SAME_HEIGHT_MAX * Math.min(left.length, right.length)
  );
}

/** Whether rows are lines of running text: long ones, that fill their column, and go on from line to line. */
export function isRunning(rows: readonly ItemRow[]): boolean {
  if (rows.length < COLUMN_LINES_MIN) return false;
  const { left, right } = boxOf(rows.flatMap(({ items }) => items));
  let full = 0;
  let small = 0;
  let letters = 0;
  let hasCase = false;
  for (const { items } of rows) {
    const text = items.map(({ part }) => part?.lines[0]?.text ?? '').join(' ');
    const width = items.reduce((sum, item) => sum + item.right - item.left, 0);
    if (width >= FULL_WIDTH_MIN * (right - left)) full++;
    if (/^\p{Ll}/u.test(text)) small++;
    hasCase ||= /\p{Ll}/u.test(text);
    letters += text.length;
  }
  if (full < FULL_LINES_MIN * rows.length || letters < LETTERS_MIN * rows.length) return false;
  return !hasCase || small >= SMALL_LETTERS_MIN * rows.length;
}

/** Whether rows are as close as lines of text, one below the other. */
function isClose(rows: readonly ItemRow[]): boolean {
  let close = 0;
  for (let index = 1; index < rows.length; index++) {
    const [above, row] = [rows[index - 1], rows[index]];
    if (
      above !== undefined &&
      row !== undefined &&
      row.top - above.bottom < LINE_GAP_MAX * (row.bottom - row.top)
    )
      close++;
  }
  return close >= 0.6 * (rows.length - 1);
}

/** How many rows of one side have one of the other at the same height. */
function sameHeights(left: readonly ItemRow[], right: readonly ItemRow[]): number {
  let count = 0;
  let at = 0;
  for (const row of left) {
    while (at < right.length && (right[at]?.bottom ?? 0) <= row.top) at++;
    const other = right[at];
    const next = right[at + 1];
    const tolerance = 0.2 * (row.bottom - row.top);
    if ([other, next].some((one) => one !== undefined && Math.abs(one.bottom - row.bottom) <= tolerance))
      count++;
  }
  return count;
}
