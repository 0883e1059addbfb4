import type { ReadingSettings } from '../../capabilities.ts';
import { cellOf } from './cells.ts';
import type { Cell, Grid, Row } from './model.ts';

/** Of the height of a row: one that begins farther below the one above is no continuation of it, but something else. */
const GAP_MAX = 1;

/** The same grid with rows joined as `lineGrouping` says: what continues a row goes into its cells. */
export function groupedRows(grid: Grid, settings: ReadingSettings): Grid {
  const continues = continuations[settings.lineGrouping];
  if (continues === undefined) return grid;
  const groups: Row[][] = [];
  for (const row of grid.rows) {
    const group = groups.at(-1);
    if (group !== undefined && isClose(group.at(-1), row) && continues(row)) group.push(row);
    else groups.push([row]);
  }
  return { ...grid, rows: groups.map((rows) => joinedRows(rows, settings)) };
}

/** Whether a row continues the one above, which is close. */
const continuations: Readonly<Record<ReadingSettings['lineGrouping'], ((row: Row) => boolean) | undefined>> =
  {
    none: undefined,
    rows: ({ cells }) => cells[0] === undefined,
    columns: () => true,
    orphans: ({ cells }) => cells.filter((cell) => cell !== undefined).length === 1,
  };

function isClose(above: Row | undefined, { top, bottom }: Row): boolean {
  return above !== undefined && top - above.bottom <= GAP_MAX * (bottom - top);
}

function joinedRows(rows: readonly Row[], settings: ReadingSettings): Row {
  const [first, ...more] = rows as readonly [Row, ...Row[]];
  if (more.length === 0) return first;
  const columns = first.cells.map((_, column) => rows.flatMap(({ cells }) => cells[column] ?? []));
  const isFree = columns.map((cells) => cells.length === 0);
  return {
    top: first.top,
    bottom: Math.max(...rows.map(({ bottom }) => bottom)),
    cells: columns.map((cells, column) => joinedCells(cells, freeFrom(isFree, column), settings)),
  };
}

/** How many places a cell in a column can take until the next that is filled. */
function freeFrom(isFree: readonly boolean[], column: number): number {
  const next = isFree.indexOf(false, column + 1);
  return (next < 0 ? isFree.length : next) - column;
}

function joinedCells(
  cells: readonly Cell[],
  columnsMax: number,
  settings: ReadingSettings,
): Cell | undefined {
  if (cells.length === 0) return undefined;
  const lines = cells.flatMap((cell) => cell.lines);
  const columns = Math.min(columnsMax, Math.max(...cells.map((cell) => cell.columns)));
  return cellOf(lines, settings, columns);
}
