import { columnAt } from './columns.ts';
import { goesOnBy } from './going-on.ts';
import type { Line } from './model.ts';
import type { PageRow, Part } from './page-rows.ts';
import type { Stroke } from './strokes.ts';
import { TableLines } from './table-lines.ts';

/** Of the rows of a table with several parts: lines between so many of them say what a row is. */
const PARTED_MIN = 0.5;
/** Horizontal lines that have to stand between rows for them to say what a row is: one is that below the head. */
const LINES_BETWEEN_MIN = 2;
/** Of the width of a table: a line between rows covers so much of it. */
const LINE_WIDTH_MIN = 0.5;

/**
 * Rows in which lines of text that was too long for its cell stand with the first one. `rows` have a row for each line; of `lead`, single
 * texts above them, those stay that belong to their first row.
 */
export function withWrapped(
  rows: readonly PageRow[],
  borders: readonly number[],
  horizontal: readonly Stroke[],
  lead: readonly PageRow[] = [],
): PageRow[] {
  const all = [...lead, ...rows];
  const hasLine = linesAbove(all, horizontal);
  const goesOnByText = goesOnBy(new TableLines(all, borders));
  const isParted = arePartedByLines(hasLine.slice(lead.length), rows);
  const goesOn = (index: number): boolean =>
    hasLine[index] === false && ((isParted && index > lead.length) || goesOnByText(index));
  const result: PageRow[] = [];
  let from = lead.length;
  while (from > 0 && goesOn(from)) from--;
  for (let index = from; index < all.length; index++) {
    const [last, row] = [result.at(-1), all[index] as PageRow];
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

/** For each row whether a line as good as over the whole table parts it from the one above. */
function linesAbove(rows: readonly PageRow[], horizontal: readonly Stroke[]): boolean[] {
  let left = Infinity;
  let right = -Infinity;
  for (const part of rows.flatMap(({ parts }) => parts)) {
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  const lines = horizontal.filter(
    ({ from, to }) => Math.min(to, right) - Math.max(from, left) >= LINE_WIDTH_MIN * (right - left),
  );
  return rows.map((row, index) => {
    const above = rows[index - 1];
    if (above === undefined) return true;
    const [from, to] = [middleOf(above), middleOf(row)];
    return lines.some(({ at }) => at > from && at < to);
  });
}

/** Whether lines say what a row is; `hasLine` where there is one above. */
function arePartedByLines([, ...hasLine]: readonly boolean[], rows: readonly PageRow[]): boolean {
  const count = hasLine.filter(Boolean).length;
  const full = rows.filter(({ parts }) => parts.length > 1).length;
  return count >= LINES_BETWEEN_MIN && count + 1 >= PARTED_MIN * full;
}

function middleOf({ top, bottom }: PageRow): number {
  return (top + bottom) / 2;
}
