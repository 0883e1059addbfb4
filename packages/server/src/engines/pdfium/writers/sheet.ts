import type { ReadingOutput } from '../../capabilities.ts';
import { gridOf, uprightOf } from '../layout/layout.ts';
import type { Grid } from '../layout/model.ts';
import type { Page } from '../page.ts';
import { CellReader, type CellContent } from './sheet-cells.ts';
import { SheetSequence } from './sheet-sequence.ts';
import type { Styles } from './sheet-styles.ts';
import type { Writer, Writing } from './writer.ts';

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

export type SheetOutput = Extract<ReadingOutput, { readonly as: 'xlsx' | 'xls' }>;

/** The grid of each page on a sheet of its own, or all below each other. */
export function sheetWriter(output: SheetOutput, writing: Writing, workbook: Workbook): Writer {
  const { write, end } = gridWriter(output, writing, workbook);
  return { page: (page) => write(gridOf(page, writing.settings), uprightOf(page).page), end };
}

/** The same for grids that there are already, each with the page on which its places are. */
export function gridWriter(
  output: SheetOutput,
  { warn }: Pick<Writing, 'warn'>,
  workbook: Workbook,
): { write(grid: Grid, page: Page): void; end(): void } {
  const reader = new CellReader(output, workbook.styles, warn);
  const sheets = new SheetSequence(workbook, output.sheetPerPage, warn);
  return {
    write(grid, page) {
      reader.learn(grid);
      sheets.add(grid, `Page${page.index + 1}`, (cell) => reader.read(cell, page));
    },
    end() {
      sheets.end();
      workbook.end();
    },
  };
}
