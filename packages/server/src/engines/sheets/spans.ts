import type { MergedCells } from './table.ts';

/** Merged cells as a row sees them. */
export interface Span {
  readonly merged: MergedCells;
  readonly isFirstRow: boolean;
  /** Its last column. */
  readonly last: number;
}

/** Merged cells that are in a row, which are asked for from top to bottom. Of those that overlap, the first counts. */
export class Spans {
  readonly #all: readonly MergedCells[];
  #next = 0;
  #open: MergedCells[] = [];

  constructor(merged: readonly MergedCells[]) {
    this.#all = merged.toSorted((one, other) => one.row - other.row || one.column - other.column);
  }

  /** Takes away what is in cells that are merged with one before or above them, and ends the row with its last cell. */
  hide<Cell>(row: number, cells: (Cell | undefined)[]): void {
    for (const { merged, isFirstRow, last } of this.of(row))
      cells.fill(undefined, merged.column + (isFirstRow ? 1 : 0), last + 1);
    cells.length = cells.findLastIndex((cell) => cell !== undefined) + 1;
  }

  /** From left to right. */
  of(row: number): Span[] {
    if (this.#open.length > 0) this.#open = this.#open.filter((one) => one.row + one.rows > row);
    for (;;) {
      const merged = this.#all[this.#next];
      if (merged === undefined || merged.row > row) break;
      this.#next += 1;
      if (!this.#open.some((one) => overlaps(one, merged))) this.#open.push(merged);
    }
    return this.#open
      .map((merged) => ({ merged, isFirstRow: merged.row === row, last: merged.column + merged.columns - 1 }))
      .toSorted((one, other) => one.merged.column - other.merged.column);
  }
}

/** Of cells that are in one row. */
function overlaps(one: MergedCells, other: MergedCells): boolean {
  return one.column < other.column + other.columns && other.column < one.column + one.columns;
}
