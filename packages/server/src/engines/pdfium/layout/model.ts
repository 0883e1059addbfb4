import type { Box, Glyph } from '../page.ts';

/** Glyphs of one run without a gap between them. */
export interface Word extends Box {
  /** In logical order: of right-to-left text the first letter first. Ligatures are taken apart. */
  readonly text: string;
  /** y of its baseline where it runs from left to right, else the x. */
  readonly baseline: number;
  /** That of most of its glyphs. */
  readonly style: number;
  /** Degrees clockwise. */
  readonly angle: number;
  /** From left to right as shown (along the baseline where it is turned). */
  readonly glyphs: readonly Glyph[];
}

/** Words on one baseline, whatever lies between them. */
export interface Line extends Box {
  /** From left to right as shown. */
  readonly words: readonly Word[];
  /** In logical order, with one blank where words are apart. */
  readonly text: string;
  readonly baseline: number;
  readonly angle: number;
}

/** Lines that are read one after the other: a paragraph, a heading, a cell. */
export interface Block extends Box {
  readonly lines: readonly Line[];
}

/** What stands in one place of a grid. `columns` and `rows` say how many it takes; from 1. */
export interface Cell extends Box {
  readonly lines: readonly Line[];
  /** Its lines joined as the settings say. */
  readonly text: string;
  readonly columns: number;
  readonly rows: number;
}

export interface Row {
  readonly top: number;
  readonly bottom: number;
  /** As many as the grid has columns; undefined where nothing stands, or where a cell beside or above reaches over. */
  readonly cells: readonly (Cell | undefined)[];
}

/** Rows and columns of a page, or of a table on it. */
export interface Grid {
  /** x of the left side of each column, and of the right side of the last. */
  readonly edges: readonly number[];
  readonly rows: readonly Row[];
}

export interface Table extends Box {
  readonly grid: Grid;
  /** Found by its lines, and not by how its text stands. */
  readonly isRuled: boolean;
}
