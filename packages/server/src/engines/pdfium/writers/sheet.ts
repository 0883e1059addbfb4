import type { ReadingOutput } from '../../capabilities.ts';
import { gridOf, uprightOf } from '../layout/layout.ts';
import type { Grid } from '../layout/model.ts';
import type { Page } from '../page.ts';
import type { Workbook } from '../../writing/workbook.ts';
import { CellReader } from './sheet-cells.ts';
import { SheetSequence } from './sheet-sequence.ts';
import type { Writer, Writing } from './writer.ts';

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
