import { columnAt } from './columns.ts';
import type { Line } from './model.ts';
import type { PageRow, Part } from './page-rows.ts';
import type { Stroke } from './strokes.ts';

/** Of the height of a line: lines of one cell are closer than rows by this and more. */
const CLOSER_MIN = 0.15;
/** Of the height of a line: where all lines are equally far apart, those of one cell are no farther. */
const LINE_GAP_MAX = 0.3;
/** Of the columns of a table: a row fills so many, or its first one and another. */
const FILLED_MIN = 0.5;
/** Horizontal lines that have to stand between rows for them to say what a row is: one is that below the head. */
const LINES_BETWEEN_MIN = 2;
/** Of the width of a table: a line between rows covers so much of it. */
const LINE_WIDTH_MIN = 0.5;

/** Rows in which lines of text that was too long for its cell stand with the first one. `rows` have a row for each line. */
export function withWrapped(
  rows: readonly PageRow[],
  borders: readonly number[],
  horizontal: readonly Stroke[],
): PageRow[] {
  const isParted = partedByLines(rows, horizontal);
  const goesOn = isParted ?? goesOnBySpacing(rows, borders);
  const result: PageRow[] = [];
  for (const [index, row] of rows.entries()) {
    const last = result.at(-1);
    if (last !== undefined && goesOn(index)) result[result.length - 1] = joined(last, row, borders);
    else result.push(row);
  }
  return result;
}

function joined(above: PageRow, row: PageRow, borders: readonly number[]): PageRow {
  const parts = new Map<number, Part>();
  for (const part of [...above.parts, ...row.parts]) {
    const column = columnAt(borders, part);
    const last = parts.get(column);
    if (last === undefined) parts.set(column, part);
    else {
      const lines: Line[] = [...last.lines, ...part.lines];
      parts.set(column, {
        ...last,
        lines,
        left: Math.min(last.left, part.left),
        right: Math.max(last.right, part.right),
      });
    }
  }
  const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  return { top: above.top, bottom: Math.max(above.bottom, row.bottom), parts: inOrder };
}

/** Whether a row belongs to the one above it, said by lines between rows; undefined where there are too few. */
function partedByLines(
  rows: readonly PageRow[],
  horizontal: readonly Stroke[],
): ((index: number) => boolean) | undefined {
  let left = Infinity;
  let right = -Infinity;
  for (const part of rows.flatMap(({ parts }) => parts)) {
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  const lines = horizontal.filter(
    ({ from, to }) => Math.min(to, right) - Math.max(from, left) >= LINE_WIDTH_MIN * (right - left),
  );
  const hasLine = rows.map((row, index) => {
    const above = rows[index - 1];
    if (above === undefined) return true;
    const [from, to] = [middleOf(above), middleOf(row)];
    return lines.some(({ at }) => at > from && at < to);
  });
  const count = hasLine.filter(Boolean).length - 1;
  const full = rows.filter(({ parts }) => parts.length > 1).length;
  return count >= LINES_BETWEEN_MIN && count + 1 >= FILLED_MIN * full
    ? (index) => hasLine[index] === false
    : undefined;
}

function middleOf({ top, bottom }: PageRow): number {
  return (top + bottom) / 2;
}

function goesOnBySpacing(rows: readonly PageRow[], borders: readonly number[]): (index: number) => boolean {
  const filled = rows.map(({ parts }) => new Set(parts.map((part) => columnAt(borders, part))));
  const isFull = (index: number): boolean => {
    const columns = filled[index] ?? new Set();
    return columns.size > 1 && (columns.has(0) || columns.size >= FILLED_MIN * (borders.length + 1));
  };
  const gapOf = (index: number): number => {
    const [above, row] = [rows[index - 1], rows[index]];
    return above === undefined || row === undefined
      ? Infinity
      : (row.top - above.bottom) / Math.max(1, row.bottom - row.top);
  };
  let nearestFull = Infinity;
  let farthestOther = -Infinity;
  for (let index = 1; index < rows.length; index++) {
    if (isFull(index)) nearestFull = Math.min(nearestFull, gapOf(index));
    else farthestOther = Math.max(farthestOther, gapOf(index));
  }
  const isCloser = farthestOther < nearestFull - CLOSER_MIN;
  return (index) => {
    const row = rows[index];
    if (row === undefined || index === 0 || isFull(index)) return false;
    const above = filled[index - 1] ?? new Set();
    const isBelowText = [...(filled[index] ?? [])].every((column) => above.has(column));
    if (isCloser) return isBelowText || row.parts.length === 1;
    const isText =
      row.parts.length === 1 && row.parts.every(({ lines }) => /\p{L}/u.test(lines[0]?.text ?? ''));
    return isBelowText && isText && filled[index]?.has(0) === false && gapOf(index) <= LINE_GAP_MAX;
  };
}
