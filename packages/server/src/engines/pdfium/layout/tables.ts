import type { ReadingSettings, TableSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { bordersBetween } from './columns.ts';
import { gridOfRows } from './grid.ts';
import { allLines } from './lines.ts';
import { metricsOf } from './metrics.ts';
import type { Table } from './model.ts';
import { segmentsOf, type Segment } from './segments.ts';
import { boxOf } from './words.ts';

/** Rows from which lines with gaps at the same places are a table, where the settings ask for fewer. */
const ALIGNED_ROWS_MIN = 2;
/** Of the height of a line: rows of one table are no farther apart. */
const ROW_GAP_MAX = 1.5;

export function tablesOfPage(page: Page, settings: ReadingSettings, tables: TableSettings): readonly Table[] {
  const metrics = metricsOf(page);
  const found: Table[] = [];
  let rows: Segment[][] = [];
  const close = (): void => {
    if (rows.length >= Math.max(ALIGNED_ROWS_MIN, tables.rowsMin)) {
      const borders = bordersBetween(rows);
      if (borders.length + 1 >= Math.max(2, tables.columnsMin)) {
        found.push({ grid: gridOfRows(rows, borders, settings), isRuled: false, ...boxOf(rows.flat()) });
      }
    }
    rows = [];
  };
  for (const line of allLines(page, metrics)) {
    const segments = segmentsOf(line, settings, metrics);
    const last = rows.at(-1);
    if (last !== undefined && line.top - boxOf(last).bottom > ROW_GAP_MAX * (line.bottom - line.top)) close();
    if (segments.length >= 2) rows.push(segments);
    else close();
  }
  close();
  return found;
}
