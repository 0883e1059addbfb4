import type { Cell, Grid } from '../../../src/engines/pdfium/layout/model.ts';
import type { Page, Style } from '../../../src/engines/pdfium/page.ts';

/** A cell of a grid that a test writes down: its text alone, or with what else it needs. */
export type Written = string | { text: string; columns?: number; rows?: number; style?: number };

const columnWidth = 80;
const rowHeight = 12;

/** A grid with columns of 80 points and rows of 12; empty texts are places without a cell. */
export function gridFrom(rows: readonly (readonly Written[])[]): Grid {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  return {
    edges: Array.from({ length: columns + 1 }, (_, index) => index * columnWidth),
    rows: rows.map((row, index) => ({
      top: index * rowHeight,
      bottom: (index + 1) * rowHeight,
      cells: Array.from({ length: columns }, (_, column) => cellFrom(row[column] ?? '', index, column)),
    })),
  };
}

function cellFrom(written: Written, row: number, column: number): Cell | undefined {
  const own = typeof written === 'string' ? { text: written } : written;
  const { text, columns = 1, rows = 1, style = 0 } = own;
  if (text === '') return undefined;
  const box = {
    left: column * columnWidth,
    right: (column + columns) * columnWidth,
    top: row * rowHeight,
    bottom: (row + rows) * rowHeight,
  };
  const baseline = box.top + 10;
  const lines = text.split('\n').map((line) => ({
    ...box,
    text: line,
    baseline,
    angle: 0,
    words: line.split(' ').map((word) => ({ ...box, text: word, baseline, style, angle: 0, glyphs: [] })),
  }));
  return { ...box, lines, text, columns, rows };
}

export const plainStyle: Style = {
  font: 'Helvetica',
  size: 10,
  isBold: false,
  isItalic: false,
  color: '#000000',
  isInvisible: false,
};

/** A page with nothing on it but what is given. */
export function pageFrom(own: Partial<Page> = {}): Page {
  const nothing = { glyphs: [], rulings: [], fills: [], pictures: [], fields: [], links: [] };
  return { index: 0, width: 612, height: 792, styles: [plainStyle], ...nothing, ...own };
}
