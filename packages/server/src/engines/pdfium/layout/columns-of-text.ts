import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { bordersBetween, columnAt } from './columns.ts';
import { median, metricsOf } from './metrics.ts';
import type { Line } from './model.ts';
import { partedLines } from './page-rows.ts';
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
/** Columns of text are at most so many: a page of 14,400 points in letters of 1 point would be as wide as that. */
const COLUMN_MAX = 2000;

/** The lines of a page as monospaced text: what begins, or ends, at one x has one place in all lines. */
export function columnsOfText(shown: Page, settings: ReadingSettings): TextLine[] {
  const { page } = uprightOf(shown);
  const parted = partedLines(page, settings, metricsOf(page));
  const lines = parted.map(({ line }) => line);
  const rows = parted.map(({ segments }) => segments);
  const borders = bordersBetween(rows);
  const place = placeWidth(page);
  let left = Infinity;
  for (const line of lines) left = Math.min(left, line.left);

  const columns = borders.map(() => ({ left: Infinity, right: -Infinity, length: 0, start: 0 }));
  columns.push({ left: Infinity, right: -Infinity, length: 0, start: 0 });
  for (const row of rows) {
    for (const segment of row) {
      const index = columnAt(borders, segment);
      const column = columns[index];
      if (column === undefined) continue;
      column.left = Math.min(column.left, segment.left);
      const isWithin = segment.right <= (borders[index] ?? Infinity);
      if (!isWithin) continue;
      column.right = Math.max(column.right, segment.right);
      column.length = Math.max(column.length, [...segment.text].length);
    }
  }
  let next = 0;
  for (const column of columns) {
    if (column.left === Infinity) continue;
    column.start = Math.min(COLUMN_MAX, Math.max(next, Math.round((column.left - left) / place)));
    next = column.start + column.length + BLANKS_BETWEEN_CELLS;
  }
  return rows.map((row, index) => {
    let filled = -BLANKS_BETWEEN_CELLS;
    const parts = row.map((segment) => {
      const column = columns[columnAt(borders, segment)];
      const { length } = [...segment.text];
      let at = column?.start ?? 0;
      if (column !== undefined && column.right > segment.left) {
        const room = Math.max(0, column.length - length);
        const width = column.right - column.left;
        const free = width - (segment.right - segment.left);
        if (free > place / 2) at += Math.round((room * (segment.left - column.left)) / free);
      }
      at = Math.max(filled + BLANKS_BETWEEN_CELLS, at);
      filled = at + length;
      return { column: at, text: segment.text };
    });
    const line = lines[index] as Line;
    return { parts, emptyLinesBefore: emptyLinesBetween(lines[index - 1], line), line };
  });
}

function emptyLinesBetween(above: Line | undefined, line: Line): number {
  if (above === undefined) return 0;
  const gap = line.top - above.bottom;
  const height = Math.max(1, Math.min(above.bottom - above.top, line.bottom - line.top));
  return Math.min(EMPTY_LINES_MAX, Math.max(0, Math.floor((gap + 0.3 * height) / (1.2 * height))));
}

/** Points that one place takes: the median of the advances of what the page shows. */
function placeWidth(page: Page): number {
  const advances: number[] = [];
  for (const { left, right, text, angle } of page.glyphs) {
    if (angle === 0 && right > left && text.trim() !== '') advances.push(right - left);
  }
  return advances.length === 0 ? PLACE_USUAL : median(advances);
}
