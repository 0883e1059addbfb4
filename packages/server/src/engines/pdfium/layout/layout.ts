import type { ReadingSettings, TableSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { blocksOfPage } from './blocks.ts';
import { columnsOfText, type TextLine } from './columns-of-text.ts';
import { gridOfPage } from './grid.ts';
import { groupedRows } from './grouping.ts';
import { allLines } from './lines.ts';
import type { Block, Grid, Line, Table } from './model.ts';
import { tablesOfPage } from './tables.ts';

/** All lines of a page from top to bottom, each over the whole width of it: what lies side by side is one line, unless columns are read one by one. */
export function linesOf(page: Page, settings: ReadingSettings): readonly Line[] {
  return settings.columnByColumn
    ? blocksOfPage(page, settings).flatMap(({ lines }) => lines)
    : allLines(page);
}

/**
 * The lines of a page as monospaced text: each part of a line with the number of places before it, so that cells stay below each other,
 * none is written over another, and two or more blanks lie between them; and the empty lines that a gap above a line makes.
 */
export function textOf(page: Page, settings: ReadingSettings): readonly TextLine[] {
  return columnsOfText(page, settings);
}

/** What is read one after the other, column by column where the page is set in columns. Of a turned page it is that of the page turned back. */
export function blocksOf(page: Page, settings: ReadingSettings): readonly Block[] {
  return blocksOfPage(page, settings);
}

/** The whole page as one grid. Where as good as all text of a page is turned, it is that of the page turned back, and so are all places in it. */
export function gridOf(page: Page, settings: ReadingSettings): Grid {
  return groupedRows(gridOfPage(page, settings), settings);
}

/** The tables of a page, from top to bottom. Their boxes are those on the page as it is shown; for their grids the same holds as for that of a page. */
export function tablesOf(page: Page, settings: ReadingSettings, tables: TableSettings): readonly Table[] {
  return tablesOfPage(page, settings, tables);
}

export { asShown, uprightOf } from './upright.ts';
