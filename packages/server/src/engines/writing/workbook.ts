import type { Styles } from './sheet-styles.ts';

/** What a cell holds, and the place of its style in `Styles`. Text is never a formula. */
export interface CellContent {
  readonly value: string | number;
  readonly style: number;
}

/** What a sheet of a format holds. */
export interface SheetLimits {
  readonly rowsMax: number;
  readonly columnsMax: number;
}

/** A cell in its place, counted from 0; where it takes several columns or rows, the others hold nothing. */
export interface PlacedCell extends CellContent {
  readonly column: number;
  readonly columns: number;
  readonly rows: number;
}

/** A workbook that is written from its first row to its last. */
export interface Workbook {
  readonly limits: SheetLimits;
  readonly styles: Styles;
  /** The sheet takes no further row, however few it has. */
  readonly isFull: boolean;
  /** Begins a sheet, with the widths of its columns in points. */
  begin(name: string, widths: readonly number[]): void;
  /** Rows count from 0 in a sheet and come from top to bottom, their cells from left to right. */
  row(row: number, cells: readonly PlacedCell[]): void;
  end(): void;
}
