import type { Box } from '../page.ts';
import { firstAbove } from './columns.ts';
import type { Lattice } from './lattice.ts';

/** A cell of a lattice: columns and rows from 0, the last of each included. */
export interface Region {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  lastRow: number;
}

/** The cells of a lattice, where lines between its places are missing as one; and which of them is at a place. */
export interface Regions {
  readonly all: readonly Region[];
  at(box: Box): Region;
}

export function regionsOf(lattice: Lattice): Regions {
  const columns = lattice.xs.length - 1;
  const rows = lattice.ys.length - 1;
  const all: Region[] = [];
  const places: Region[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns;) {
      let last = column;
      while (last + 1 < columns && !lattice.hasVertical(last + 1, row)) last++;
      const above = places[(row - 1) * columns + column];
      const region =
        above !== undefined &&
        above.firstColumn === column &&
        above.lastColumn === last &&
        isOpenAbove(lattice, row, column, last)
          ? above
          : { firstColumn: column, lastColumn: last, firstRow: row, lastRow: row };
      if (region !== above) all.push(region);
      region.lastRow = row;
      for (; column <= last; column++) places[row * columns + column] = region;
    }
  }
  const placeOf = (sides: readonly number[], middle: number): number =>
    Math.min(sides.length - 2, Math.max(0, firstAbove(sides, middle) - 1));
  return {
    all,
    at: ({ left, top, right, bottom }) => {
      const column = placeOf(lattice.xs, (left + right) / 2);
      const row = placeOf(lattice.ys, (top + bottom) / 2);
      return places[row * columns + column] as Region;
    },
  };
}

function isOpenAbove(lattice: Lattice, row: number, firstColumn: number, lastColumn: number): boolean {
  for (let column = firstColumn; column <= lastColumn; column++)
    if (lattice.hasHorizontal(column, row)) return false;
  return true;
}
