import type { ReadingSettings, TableSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { alignedTables } from './aligned.ts';
import { gridOfRows } from './grid.ts';
import type { Table } from './model.ts';
import { pageRowsOf, type PageRow, type RuledRows } from './page-rows.ts';
import { itemRowsOf, regionsOf, type Region } from './reading-order.ts';
import type { Settled } from './settle.ts';
import { asShown, uprightOf } from './upright.ts';
import { boxOf } from './words.ts';

export function tablesOfPage(page: Page, settings: ReadingSettings, tables: TableSettings): readonly Table[] {
  const upright = uprightOf(page);
  const { free, ruled, strokes } = pageRowsOf(upright.page, settings, tables);
  const found = ruled.map((table) => tableOfRuled(table, settings));
  if (settings.columnDetection !== 'bordered-tables') {
    for (const region of regionsOf(itemRowsOf(free, ruled))) {
      for (const rows of betweenTables(region)) {
        for (const table of alignedTables(rows, strokes.horizontal, tables))
          found.push(tableOfAligned(table, settings));
      }
    }
  }
  return found
    .filter(({ grid }) => grid.rows.length >= tables.rowsMin && grid.edges.length - 1 >= tables.columnsMin)
    .map((table) => ({ ...table, ...asShown(table, upright) }))
    .sort((a, b) => a.top - b.top || a.left - b.left);
}

function tableOfRuled(table: RuledRows, settings: ReadingSettings): Table {
  const { left, top, right, bottom, rows, borders } = table;
  return { grid: gridOfRows(rows, borders, settings, table), isRuled: true, left, top, right, bottom };
}

function tableOfAligned({ rows, borders }: Settled, settings: ReadingSettings): Table {
  const lines = rows.flatMap(({ parts }) => parts.flatMap((part) => part.lines));
  return { grid: gridOfRows(rows, borders, settings), isRuled: false, ...boxOf(lines) };
}

/** The rows of a region, without ruled tables, which part what is above them from what is below. */
function betweenTables(region: Region): PageRow[][] {
  const groups: PageRow[][] = [[]];
  for (const { top, bottom, items } of region) {
    const parts = items.flatMap(({ part }) => part ?? []);
    if (parts.length < items.length) groups.push([]);
    if (parts.length > 0) groups.at(-1)?.push({ top, bottom, parts });
  }
  return groups.filter((rows) => rows.length > 0);
}
