import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { cellOf } from './cells.ts';
import { bordersBetween, columnAt } from './columns.ts';
import { allLines } from './lines.ts';
import { metricsOf } from './metrics.ts';
import type { Cell, Grid, Line, Row } from './model.ts';
import { segmentsOf, type Segment } from './segments.ts';
import { boxOf } from './words.ts';

export function gridOfPage(page: Page, settings: ReadingSettings): Grid {
  const metrics = metricsOf(page);
  const rows = allLines(page, metrics).map((line) => segmentsOf(line, settings, metrics));
  const borders =
    settings.columnEdges.length > 0
      ? [...settings.columnEdges].sort((a, b) => a - b).slice(1)
      : bordersBetween(rows);
  return gridOfRows(rows, borders, settings);
}

/** Rows of parts from left to right, each in the column where it begins. */
export function gridOfRows(
  rows: readonly (readonly Segment[])[],
  borders: readonly number[],
  settings: ReadingSettings,
): Grid {
  const all = boxOf(rows.flat());
  return {
    edges: [
      Math.min(all.left, borders[0] ?? all.left),
      ...borders,
      Math.max(all.right, borders.at(-1) ?? all.right),
    ],
    rows: rows.map((row) => rowOf(row, borders, settings)),
  };
}

function rowOf(segments: readonly Segment[], borders: readonly number[], settings: ReadingSettings): Row {
  const byColumn = new Map<number, Line[]>();
  for (const segment of segments) {
    const column = columnAt(borders, segment);
    byColumn.set(column, [...(byColumn.get(column) ?? []), segment]);
  }
  const cells: (Cell | undefined)[] = [];
  for (let column = 0; column <= borders.length; column++) {
    const lines = byColumn.get(column);
    cells.push(lines === undefined ? undefined : cellOf(lines, settings));
  }
  const { top, bottom } = boxOf(segments);
  return { top, bottom, cells };
}
