import type { ReadingSettings, TableSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import type { Block, Grid, Line, Table } from './model.ts';

/** All lines of a page from top to bottom, each over the whole width of it: what lies side by side is one line. */
export function linesOf(_page: Page, _settings: ReadingSettings): readonly Line[] {
  throw new Error('not yet');
}

/** What is read one after the other, column by column where the page is set in columns. */
export function blocksOf(_page: Page, _settings: ReadingSettings): readonly Block[] {
  throw new Error('not yet');
}

/** The whole page as one grid. */
export function gridOf(_page: Page, _settings: ReadingSettings): Grid {
  throw new Error('not yet');
}

/** The tables of a page, from top to bottom. */
export function tablesOf(_page: Page, _settings: ReadingSettings, _tables: TableSettings): readonly Table[] {
  throw new Error('not yet');
}
