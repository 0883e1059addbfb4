/** A cell as a spreadsheet program shows it. */
export interface TableCell {
  readonly text: string;
  readonly isNumber: boolean;
  /** Where it leads, as the file says. */
  readonly link?: string;
}

/** Cells that are one: what it shows is in the first of them. Rows and columns count from 0. */
export interface MergedCells {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** What a sheet shows, from A1 to its last row and column that show something. */
export interface Table {
  /** Of the sheet among all of its workbook, from 1. */
  readonly number: number;
  readonly name: string;
  readonly columnCount: number;
  /** Whether nearly all of it is empty: then rows end with their last cell, and not all at the same column. */
  readonly isSparse: boolean;
  readonly merged: readonly MergedCells[];
  /** All of them, also those that are empty; none has a cell behind its last that shows something. */
  rows(): Iterable<readonly (TableCell | undefined)[]>;
}

/** Cells that a row is written with. */
export function widthOf(table: Table, row: readonly unknown[]): number {
  return table.isSparse ? row.length : table.columnCount;
}

/** Whether a table that is written with all its empty cells would be far larger than what it holds. */
export function isSparse(table: {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly cellCount: number;
}): boolean {
  const all = table.rowCount * table.columnCount;
  return all > 5_000_000 && all > 50 * table.cellCount;
}
