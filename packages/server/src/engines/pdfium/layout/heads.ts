import type { PageRow } from './page-rows.ts';
import { isAligned, LINE_GAP_MAX, type TableLines, textOf } from './table-lines.ts';

/** Lines of a head at most: a table that looks otherwise for longer is two. */
export const HEAD_LINES_MAX = 5;

/**
 * Whether a line belongs to the row of the one above as both are lines of one head: what looks otherwise than all below it, and fills
 * columns of its own. Lines that fill the same columns are rows of a head, and so are titles over several columns.
 */
export function headLinesOf(lines: TableLines): (index: number) => boolean {
  const count = headLines(lines.rows);
  return (index) => {
    if (index >= count || lines.gapOf(index) > LINE_GAP_MAX) return false;
    if (lines.isLabel(index - 1) || lines.isLabel(index)) return false;
    const [above, line] = [lines.at(index - 1), lines.at(index)];
    const shared = [...line].flatMap(([column, part]) => {
      const other = above.get(column);
      return other === undefined ? [] : [{ part, other }];
    });
    if (shared.length === 0 || (shared.length === line.size && shared.length === above.size)) return false;
    if (!shared.every(({ part, other }) => isAligned(part, other))) return false;
    return !above.has(0) || shared.every(({ part }) => /\p{L}/u.test(textOf(part)));
  };
}

/** How many lines at the top have letters of styles that none below has. */
function headLines(rows: readonly PageRow[]): number {
  const last = new Map<number, number>();
  for (const [index, row] of rows.entries()) for (const style of stylesOf(row)) last.set(style, index);
  let end = 0;
  for (let index = 0; index <= end; index++) {
    for (const style of stylesOf(rows[index])) end = Math.max(end, last.get(style) ?? 0);
    if (end >= HEAD_LINES_MAX) return 0;
  }
  return end + 1 < rows.length ? end + 1 : 0;
}

function stylesOf(row: PageRow | undefined): Set<number> {
  const words = row?.parts.flatMap(({ lines }) => lines.flatMap((line) => line.words)) ?? [];
  return new Set(words.map(({ style }) => style));
}
