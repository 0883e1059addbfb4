import type { Box } from '../page.ts';
import type { Stroke, Strokes } from './strokes.ts';

/** What lines of a page enclose: columns and rows with lines between them, of which some may be missing. */
export interface Lattice extends Box {
  /** x of its vertical lines, from left to right; at least the two sides. */
  readonly xs: readonly number[];
  /** y of its horizontal lines, from top to bottom; at least the two sides. */
  readonly ys: readonly number[];
  /** Whether it is made by sides of fills alone. */
  readonly isFilled: boolean;
  /** Whether a line stands at the left side of the column, in the row; both from 0. */
  hasVertical(column: number, row: number): boolean;
  /** Whether a line stands at the top of the row, in the column; both from 0. */
  hasHorizontal(column: number, row: number): boolean;
}

/** Points: lines that end this far before another still meet it. */
const MEET_GAP = 3;
/** Points: lines of one lattice no farther apart are one. */
const SAME_PLACE = 3;
/** Of the side of a cell: a line along so much of it closes it. */
const COVERED_MIN = 0.6;
/** Of the height of a row: how high the row between two filled ones may be. */
const ROW_BETWEEN_MAX = 1.5;
/** Cells of a lattice: more are millimetre paper. */
const CELLS_MAX = 40_000;

/** Lines that meet each other, from top to bottom of the page. */
export function latticesOf({ vertical, horizontal }: Strokes): Lattice[] {
  const groups = new Groups(vertical.length + horizontal.length);
  for (const [column, upright] of vertical.entries()) {
    for (const [row, flat] of horizontal.entries()) {
      if (meet(upright, flat)) groups.join(column, vertical.length + row);
    }
  }
  const members = new Map<number, { vertical: Stroke[]; horizontal: Stroke[] }>();
  const memberOf = (index: number): { vertical: Stroke[]; horizontal: Stroke[] } => {
    const group = groups.of(index);
    let strokes = members.get(group);
    if (strokes === undefined) members.set(group, (strokes = { vertical: [], horizontal: [] }));
    return strokes;
  };
  for (const [column, upright] of vertical.entries()) memberOf(column).vertical.push(upright);
  for (const [row, flat] of horizontal.entries()) memberOf(vertical.length + row).horizontal.push(flat);
  const found: { strokes: Strokes; lattice: Lattice }[] = [];
  for (const strokes of members.values()) {
    const lattice = latticeOf(strokes);
    if (lattice !== undefined) found.push({ strokes, lattice });
  }
  found.sort((a, b) => a.lattice.top - b.lattice.top || a.lattice.left - b.lattice.left);
  return withRowsBetween(found);
}

/** Where only every other row is filled: two lattices of the same columns, with no more than a row between them, are one. */
function withRowsBetween(
  found: readonly { readonly strokes: Strokes; readonly lattice: Lattice }[],
): Lattice[] {
  const result: { strokes: Strokes; lattice: Lattice }[] = [];
  for (const { strokes, lattice } of found) {
    const above = result.findLast((other) => isBelow(other.lattice, lattice));
    if (above === undefined) {
      result.push({ strokes, lattice });
      continue;
    }
    const bridges = lattice.xs.map((at) => ({
      at,
      from: above.lattice.bottom,
      to: lattice.top,
      isFill: true,
    }));
    above.strokes = {
      vertical: [...above.strokes.vertical, ...strokes.vertical, ...bridges],
      horizontal: [...above.strokes.horizontal, ...strokes.horizontal],
    };
    above.lattice = latticeOf(above.strokes) ?? above.lattice;
  }
  return result.map(({ lattice }) => lattice);
}

function isBelow(above: Lattice, below: Lattice): boolean {
  const isSame =
    above.xs.length === below.xs.length &&
    above.xs.every((x, index) => Math.abs(x - (below.xs[index] ?? 0)) <= SAME_PLACE);
  const gap = below.top - above.bottom;
  return isSame && gap > 0 && gap <= ROW_BETWEEN_MAX * Math.min(rowHeight(above), rowHeight(below));
}

/** Of its highest row. */
function rowHeight({ ys }: Lattice): number {
  let height = 0;
  for (let row = 1; row < ys.length; row++) height = Math.max(height, (ys[row] ?? 0) - (ys[row - 1] ?? 0));
  return height;
}

function meet(upright: Stroke, flat: Stroke): boolean {
  return (
    upright.at >= flat.from - MEET_GAP &&
    upright.at <= flat.to + MEET_GAP &&
    flat.at >= upright.from - MEET_GAP &&
    flat.at <= upright.to + MEET_GAP
  );
}

/** Lines that meet, with the sides that are missing: those of a table that is open at its sides are where its lines end. */
function latticeOf({ vertical, horizontal }: Strokes): Lattice | undefined {
  if (vertical.length === 0 || horizontal.length === 0) return undefined;
  const xs = placesOf(vertical.map(({ at }) => at).concat(ends(horizontal)));
  const ys = placesOf(horizontal.map(({ at }) => at).concat(ends(vertical)));
  const [left = 0, right = 0] = [xs[0], xs.at(-1)];
  const [top = 0, bottom = 0] = [ys[0], ys.at(-1)];
  if (xs.length < 2 || ys.length < 2 || xs.length * ys.length > CELLS_MAX) return undefined;
  const verticals = covered(vertical, xs, ys);
  const horizontals = covered(horizontal, ys, xs);
  const last = { column: xs.length - 1, row: ys.length - 1 };
  return {
    left,
    top,
    right,
    bottom,
    xs,
    ys,
    isFilled: [...vertical, ...horizontal].every(({ isFill }) => isFill),
    hasVertical: (column, row) =>
      column === 0 || column === last.column || verticals.has(column * ys.length + row),
    hasHorizontal: (column, row) =>
      row === 0 || row === last.row || horizontals.has(row * xs.length + column),
  };
}

/** The outermost ends of lines. */
function ends(strokes: readonly Stroke[]): number[] {
  let from = Infinity;
  let to = -Infinity;
  for (const stroke of strokes) {
    from = Math.min(from, stroke.from);
    to = Math.max(to, stroke.to);
  }
  return [from, to];
}

/** In order, those that are close to each other as one. */
function placesOf(values: number[]): number[] {
  const places: number[] = [];
  for (const value of values.sort((a, b) => a - b)) {
    const last = places.at(-1);
    if (last === undefined || value - last > SAME_PLACE) places.push(value);
  }
  return places;
}

/** Of each place the steps along it that are covered by its lines: `place * steps.length + step`. */
function covered(
  strokes: readonly Stroke[],
  places: readonly number[],
  steps: readonly number[],
): ReadonlySet<number> {
  const lengths = new Map<number, number>();
  for (const { at, from, to } of strokes) {
    const place = places.findIndex((value) => Math.abs(value - at) <= SAME_PLACE);
    if (place < 0) continue;
    for (let step = 0; step + 1 < steps.length; step++) {
      const length = Math.min(to, steps[step + 1] ?? 0) - Math.max(from, steps[step] ?? 0);
      const key = place * steps.length + step;
      if (length > 0) lengths.set(key, (lengths.get(key) ?? 0) + length);
    }
  }
  const result = new Set<number>();
  for (const [key, length] of lengths) {
    const step = key % steps.length;
    if (length >= COVERED_MIN * ((steps[step + 1] ?? 0) - (steps[step] ?? 0))) result.add(key);
  }
  return result;
}

/** Which of so many things belong together. */
export class Groups {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, index) => index);
  }

  of(index: number): number {
    let root = index;
    while (this.#parents[root] !== root) root = this.#parents[root] ?? root;
    while (this.#parents[index] !== root) {
      const next = this.#parents[index] ?? root;
      this.#parents[index] = root;
      index = next;
    }
    return root;
  }

  join(one: number, other: number): void {
    this.#parents[this.of(one)] = this.of(other);
  }
}
