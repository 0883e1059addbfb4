import { CsvTable } from './child-csv.ts';
import { isSparse, type Table, type TableCell } from './table.ts';

/** A table of text as a sheet: its cells are texts, also those that are numbers. */
export function tableOfCsv(path: string): Table {
  const csv = new CsvTable(path);
  let [row, rowCount, columnCount, cellCount] = [0, 0, 0, 0];
  for (const cells of csv.rows()) {
    row += 1;
    const last = cells.findLastIndex((text) => text !== '');
    if (last < 0) continue;
    rowCount = row;
    columnCount = Math.max(columnCount, last + 1);
    cellCount += last + 1;
  }
  return {
    number: 1,
    name: 'Sheet1',
    columnCount,
    isSparse: isSparse({ rowCount, columnCount, cellCount }),
    merged: [],
    *rows() {
      let left = rowCount;
      for (const cells of csv.rows()) {
        if (left-- === 0) return;
        const last = cells.findLastIndex((text) => text !== '');
        yield cells
          .slice(0, last + 1)
          .map((text): TableCell | undefined => (text === '' ? undefined : { text, isNumber: false }));
      }
    },
  };
}
