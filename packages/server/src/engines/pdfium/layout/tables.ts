import type { ReadingSettings, TableSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { gridOfRows } from './grid.ts';
import type { Table } from './model.ts';
import { pageRowsOf, type PageRow } from './page-rows.ts';
import { settled } from './settle.ts';
import { asShown, uprightOf } from './upright.ts';
import { boxOf } from './words.ts';

/** Rows from which lines with gaps at the same places are a table, where the settings ask for fewer. */
const ALIGNED_ROWS_MIN = 2;
/** Of the height of a line: rows of one table are no farther apart. */
const ROW_GAP_MAX = 1.5;

export function tablesOfPage(page: Page, settings: ReadingSettings, tables: TableSettings): readonly Table[] {
  const upright = uprightOf(page);
  const { rows, ruled } = pageRowsOf(upright.page, settings, tables.mendsBorders);
  const found: Table[] = ruled.map((table) => ({
    grid: gridOfRows(table.rows, table.borders, settings, table),
    isRuled: true,
    left: table.left,
    top: table.top,
    right: table.right,
    bottom: table.bottom,
  }));
  const taken = new Set(ruled.flatMap((table) => table.rows));
  for (const table of alignedOf(
    rows.filter((row) => !taken.has(row)),
    settings,
    tables,
  ))
    found.push(table);
  return found
    .filter(({ grid }) => grid.rows.length >= tables.rowsMin && grid.edges.length - 1 >= tables.columnsMin)
    .map((table) => ({ ...table, ...asShown(table, upright) }))
    .sort((a, b) => a.top - b.top || a.left - b.left);
}

function alignedOf(rows: readonly PageRow[], settings: ReadingSettings, tables: TableSettings): Table[] {
  const found: Table[] = [];
  let block: PageRow[] = [];
  const close = (): void => {
    if (block.length >= Math.max(ALIGNED_ROWS_MIN, tables.rowsMin)) {
      const columns = settled(block);
      const lines = block.flatMap((row) => row.parts.flatMap((part) => part.lines));
      found.push({
        grid: gridOfRows(columns.rows, columns.borders, settings),
        isRuled: false,
        ...boxOf(lines),
      });
    }
    block = [];
  };
  for (const row of rows) {
    const last = block.at(-1);
    if (last !== undefined && row.top - last.bottom > ROW_GAP_MAX * (row.bottom - row.top)) close();
    if (row.parts.length >= 2) block.push(row);
    else close();
  }
  close();
  return found;
}
