import type { CellObject, Range, WorkSheet } from '@e965/xlsx';
import { Refused } from '../../sandbox/refusal.ts';
import { tableLimits } from './child-csv.ts';
import { generalText, isGeneral, numberText } from './child-format.ts';
import { Spans } from './spans.ts';
import { isSparse, type MergedCells, type Table, type TableCell } from './table.ts';

type Row = readonly (CellObject | undefined)[];

/** What a sheet shows. What it says of its own size is not heeded. Throws Refused where it has more than a sheet can. */
export function tableOfSheet(
  sheet: WorkSheet,
  { name, number, date1904 }: { readonly name: string; readonly number: number; readonly date1904: boolean },
): Table {
  const data = sheet['!data'] as readonly (Row | undefined)[];
  const { rowsMax, columnsMax } = tableLimits;
  let [rowCount, columnCount, cellCount] = [0, 0, 0];
  if (data.length > rowsMax) throw new Refused('limit', `a sheet has more than ${rowsMax} rows`);
  for (const [row, cells] of data.entries()) {
    if (!Array.isArray(cells)) continue;
    if (cells.length > columnsMax) throw new Refused('limit', `a sheet has more than ${columnsMax} columns`);
    for (const [column, cell] of cells.entries()) {
      if (cell === undefined || textOf(cell, date1904) === '') continue;
      rowCount = row + 1;
      columnCount = Math.max(columnCount, column + 1);
      cellCount += 1;
    }
  }
  const merged = (sheet['!merges'] ?? []).flatMap((range) => mergedIn(range, rowCount, columnCount));
  return {
    number,
    name,
    columnCount,
    isSparse: isSparse({ rowCount, columnCount, cellCount }),
    merged,
    *rows() {
      const spans = new Spans(merged);
      for (let row = 0; row < rowCount; row++) {
        const cells = Array.from(data[row] ?? [], (cell) => cellOf(cell, date1904));
        spans.hide(row, cells);
        yield cells;
      }
    },
  };
}

function cellOf(cell: CellObject | undefined, date1904: boolean): TableCell | undefined {
  const text = cell === undefined ? '' : textOf(cell, date1904);
  if (cell === undefined || text === '') return undefined;
  const link = cell.l?.Target;
  return { text, isNumber: cell.t === 'n', ...(typeof link === 'string' ? { link } : {}) };
}

/** What a cell shows; of numbers without the blanks that keep them in line. */
function textOf({ t, v, w, z }: CellObject, date1904: boolean): string {
  if (t === 'z') return '';
  if (t === 's') return String(v ?? '');
  if (typeof v === 'number' && t === 'n') {
    const code = typeof z === 'string' ? z : 'General';
    const general = isGeneral(code) ? generalText(v) : undefined;
    if (general !== undefined) return general;
    if (typeof w !== 'string') return numberText(v, code, date1904).trim();
  }
  if (typeof w === 'string') return w.trim();
  if (t === 'b') return v === true ? 'TRUE' : 'FALSE';
  return v === undefined || v === null ? '' : String(v);
}

/** The part of merged cells that is in the table; none where that is one cell, or none. */
function mergedIn({ s, e }: Range, rowCount: number, columnCount: number): MergedCells[] {
  const [row, column, lastRow, lastColumn] = [s.r, s.c, e.r, e.c];
  if (![row, column, lastRow, lastColumn].every(Number.isSafeInteger) || row < 0 || column < 0) return [];
  const rows = Math.min(lastRow + 1, rowCount) - row;
  const columns = Math.min(lastColumn + 1, columnCount) - column;
  return rows < 1 || columns < 1 || rows * columns === 1 ? [] : [{ row, column, rows, columns }];
}
