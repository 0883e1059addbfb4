import type { Cell, Grid } from '../layout/model.ts';
import type { CellContent, PlacedCell, Workbook } from '../../writing/workbook.ts';

/** With more sheets than that not every program opens a workbook; what follows stands below each other on the last. */
const sheetsMax = 10_000;
/** Of the sheet that has all pages, and of one without a page. */
const onlyName = 'Pages';

/** The sheets of a workbook, one after the other: what does not fit on one goes to a further one. */
export class SheetSequence {
  readonly #workbook: Workbook;
  readonly #perPage: boolean;
  readonly #warn: (text: string) => void;
  /** How often a name was asked for. */
  readonly #names = new Map<string, number>();
  #sheets = 0;
  #row = 0;
  /** For each column of the sheet the row above which a cell reaches down from above. */
  #taken: number[] = [];
  /** The next grid needs a new sheet, as the columns of the last one are not the first of its grid. */
  #isApart = false;

  constructor(workbook: Workbook, perPage: boolean, warn: (text: string) => void) {
    this.#workbook = workbook;
    this.#perPage = perPage;
    this.#warn = warn;
  }

  add(grid: Grid, pageName: string, read: (cell: Cell) => CellContent): void {
    const { columnsMax } = this.#workbook.limits;
    const name = this.#perPage ? pageName : onlyName;
    const widths = grid.edges.slice(1).map((edge, index) => edge - (grid.edges[index] ?? edge));
    for (let from = 0; from === 0 || from < widths.length; from += columnsMax) {
      const to = from + columnsMax;
      const own = widths.slice(from, to);
      if (from > 0)
        this.#warn(
          `A page has more columns than the ${columnsMax} of a sheet; the rest is on a further sheet.`,
        );
      if (this.#perPage || this.#sheets === 0 || this.#isApart || from > 0) this.#begin(name, own);
      this.#isApart = from > 0;
      for (const { cells } of grid.rows) this.#add(cells.slice(from, to), name, own, read);
    }
  }

  /** A workbook without a sheet is none. */
  end(): void {
    if (this.#sheets === 0) this.#begin(onlyName, []);
  }

  #begin(name: string, widths: readonly number[]): void {
    if (this.#sheets === sheetsMax) {
      this.#warn(`A workbook has at most ${sheetsMax} sheets; the last has all further pages.`);
      return;
    }
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    this.#workbook.begin(count === 1 ? name : `${name} (${count})`, widths);
    this.#sheets++;
    this.#row = 0;
    this.#taken = [];
  }

  #add(
    cells: readonly (Cell | undefined)[],
    name: string,
    widths: readonly number[],
    read: (cell: Cell) => CellContent,
  ): void {
    const { rowsMax } = this.#workbook.limits;
    if (this.#row === rowsMax || this.#workbook.isFull) {
      if (this.#sheets === sheetsMax) {
        this.#warn('The rest does not fit into a workbook.');
        return;
      }
      this.#warn('There is more than a sheet holds; the rest is on a further sheet.');
      this.#begin(name, widths);
    }
    const placed = cells.flatMap((cell, column) =>
      cell === undefined || cell.text === '' ? [] : [this.#place(cell, column, cells.length, read(cell))],
    );
    this.#workbook.row(this.#row++, placed);
  }

  /** Cells that reach over each other would make the file a damaged one: the later stays in its own place. */
  #place(cell: Cell, column: number, width: number, content: CellContent): PlacedCell {
    const columns = Math.min(cell.columns, width - column);
    const rows = Math.min(cell.rows, this.#workbook.limits.rowsMax - this.#row);
    if (columns === 1 && rows === 1) return { ...content, column, columns, rows };
    const over = Array.from({ length: columns }, (_, index) => column + index);
    if (over.some((one) => (this.#taken[one] ?? 0) > this.#row))
      return { ...content, column, columns: 1, rows: 1 };
    for (const one of over) this.#taken[one] = this.#row + rows;
    return { ...content, column, columns, rows };
  }
}
