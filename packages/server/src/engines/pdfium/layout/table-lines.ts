import { ALIGNED } from './alignment.ts';
import { columnAt } from './columns.ts';
import type { PageRow, Part } from './page-rows.ts';

/** Of the height of a line: where all lines are equally far apart, those of one cell are no farther. */
export const LINE_GAP_MAX = 0.3;
/** Of the columns of a table: a row fills so many, or its first one and another. */
const FILLED_MIN = 0.5;

/** Lines of a table, each with its parts by the column that they stand in. */
export class TableLines {
  readonly rows: readonly PageRow[];
  readonly #borders: readonly number[];
  readonly #byColumn: readonly ReadonlyMap<number, Part>[];
  readonly #isAboveMore: readonly boolean[];

  constructor(rows: readonly PageRow[], borders: readonly number[]) {
    this.rows = rows;
    this.#borders = borders;
    this.#byColumn = rows.map(({ parts }) => new Map(parts.map((part) => [columnAt(borders, part), part])));
    this.#isAboveMore = this.#aboveMore();
  }

  /** What of a line stands in which column. */
  at(index: number): ReadonlyMap<number, Part> {
    return this.#byColumn[index] ?? new Map();
  }

  /** How far a line is from the one above, of its height; less than 0 where they overlap. */
  gapOf(index: number): number {
    const [above, row] = [this.rows[index - 1], this.rows[index]];
    if (above === undefined || row === undefined) return Infinity;
    const heights = [above, row].map(({ top, bottom }) => bottom - top);
    return (row.top - above.bottom) / Math.max(1, Math.min(...heights));
  }

  isFull(index: number): boolean {
    const { size } = this.at(index);
    return size > 1 && (this.at(index).has(0) || size >= FILLED_MIN * (this.#borders.length + 1));
  }

  /** For each line whether it could begin cells whose row stands at the foot: it fills columns of the row below it, and not the first. */
  #aboveMore(): boolean[] {
    const result: boolean[] = [];
    for (let index = this.rows.length - 2; index >= 0; index--) {
      const [line, next] = [this.at(index), this.at(index + 1)];
      const isWithin = !line.has(0) && [...line.keys()].every((column) => next.has(column));
      result[index] = isWithin && (line.size < next.size || result[index + 1] === true);
    }
    return result;
  }

  isAboveMore(index: number): boolean {
    return this.#isAboveMore[index] === true;
  }

  /** Whether nothing but the first column has text: it may head the lines below it. */
  isLabel(index: number): boolean {
    return this.at(index).size === 1 && this.at(index).has(0);
  }

  /** Whether a text lies over several columns: it is a title of them, and not the first line of a head. */
  isAcross(index: number): boolean {
    return [...this.at(index)].some(([column, { right }]) => right > (this.#borders[column] ?? Infinity));
  }
}

/** Whether two texts begin, end, or have their middles below each other. */
export function isAligned(one: Part, other: Part): boolean {
  const [left, right] = [other.left - one.left, other.right - one.right];
  return [left, right, (left + right) / 2].some((apart) => Math.abs(apart) <= ALIGNED);
}

export function textOf({ lines }: Part): string {
  return lines[0]?.text ?? '';
}
