import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { cellOf } from './cells.ts';
import { bordersBetween, firstAbove } from './columns.ts';
import type { Cell, Grid, Line, Row } from './model.ts';
import { pageRowsOf, type PageRow, type Part } from './page-rows.ts';
import { uprightOf } from './upright.ts';

/** Points: a border of one table may be this far from the same one of another. */
const SAME_BORDER = 3;

export function gridOfPage(page: Page, settings: ReadingSettings): Grid {
  const { rows, ruled } = pageRowsOf(uprightOf(page).page, settings);
  const borders =
    settings.columnEdges.length > 0
      ? [...settings.columnEdges].sort((a, b) => a - b).slice(1)
      : bordersBetween(
          rows.map((row) => row.parts),
          togetherOf(ruled.flatMap((table) => table.borders)),
        );
  return gridOfRows(rows, borders, settings);
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
  borders: readonly number[],
  settings: ReadingSettings,
  sides?: { readonly left: number; readonly right: number },
): Grid {
  let left = sides?.left ?? borders[0] ?? Infinity;
  let right = sides?.right ?? borders.at(-1) ?? -Infinity;
  for (const part of rows.flatMap((row) => row.parts)) {
    left = Math.min(left, part.left);
    right = Math.max(right, part.right);
  }
  return {
    edges: rows.length === 0 ? [] : [left, ...borders, right],
    rows: rows.map((row) => rowOf(row, borders, settings)),
  };
}

function rowOf({ parts, top, bottom }: PageRow, borders: readonly number[], settings: ReadingSettings): Row {
  const byColumn = new Map<number, { lines: Line[]; columns: number; rows: number }>();
  for (const part of parts) {
    const { column, columns } = placeOf(part, borders);
    const cell = byColumn.get(column);
    if (cell === undefined) byColumn.set(column, { lines: [...part.lines], columns, rows: part.rows });
    else cell.lines.push(...part.lines);
  }
  const cells: (Cell | undefined)[] = [];
  for (let column = 0; column <= borders.length; column++) {
    const cell = byColumn.get(column);
    cells.push(cell === undefined ? undefined : cellOf(cell.lines, settings, cell.columns, cell.rows));
  }
  return { top, bottom, cells };
}

function placeOf(
  part: Part,
  borders: readonly number[],
): { readonly column: number; readonly columns: number } {
  const overhang = part.isRuled ? SAME_BORDER : 0.5;
  const column = firstAbove(borders, part.left + overhang);
  const last = firstAbove(borders, part.right - overhang);
  return { column, columns: Math.max(1, last - column + 1) };
}
