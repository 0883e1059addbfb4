export interface Sides {
  readonly left: number;
  readonly right: number;
}

/** Points: a border this far from another, or from where a gap ends, is at the same place. */
const TOLERANCE = 0.5;

/**
 * The fewest vertical borders that part all neighbours in all rows: x of each, from left to right. `rows` has the parts of each row,
 * from left to right; `fixed` are borders that are there anyway, as of rulings.
 */
export function bordersBetween(rows: readonly (readonly Sides[])[], fixed: readonly number[] = []): number[] {
  const borders = [...fixed].sort((a, b) => a - b);
  const gaps: { from: number; to: number }[] = [];
  for (const row of rows) {
    for (const [index, box] of row.entries()) {
      const before = row[index - 1];
      if (before === undefined) continue;
      const from = Math.min(before.right, box.left);
      const gap = { from, to: Math.max(from, box.left) };
      if (!isParted(borders, gap)) gaps.push(gap);
    }
  }
  return [...borders, ...stabbed(gaps)].sort((a, b) => a - b);
}

/** Greedy: in order of their ends, each gap that has no border yet gets one; all that it goes through narrow it down to their middle. */
function stabbed(gaps: { from: number; to: number }[]): number[] {
  gaps.sort((a, b) => a.to - b.to);
  const borders: number[] = [];
  let from = -Infinity;
  let to = -Infinity;
  for (const gap of gaps) {
    if (gap.from <= to + TOLERANCE && borders.length > 0) {
      from = Math.max(from, Math.min(gap.from, to));
    } else {
      from = gap.from;
      to = gap.to;
      borders.push(0);
    }
    borders[borders.length - 1] = (from + to) / 2;
  }
  return borders;
}

/** Whether one of the borders, which are in order, lies in the gap. */
function isParted(
  borders: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  const border = borders[firstAbove(borders, from - TOLERANCE)];
  return border !== undefined && border <= to + TOLERANCE;
}

/** Index of the first that is above `value`; the length where none is. */
export function firstAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The column, from 0, that a part of a row stands in: that in which it begins. */
export function columnAt(borders: readonly number[], { left }: Pick<Sides, 'left'>): number {
  return firstAbove(borders, left + TOLERANCE);
}

/**
 * Leaves out borders that no row needs to have its parts in columns of their own, if each stands in that in which it begins: where one
 * row ends to the right of where the next part of another begins, `bordersBetween` needs two. `fixed` stay.
 */
export function withoutNeedless(
  borders: readonly number[],
  rows: readonly (readonly Sides[])[],
  fixed: readonly number[],
): number[] {
  const kept = new Set(fixed);
  /** Of each column the last one to its left in which a part stands beside one of it. */
  const neighbours = new Map<number, number>();
  for (const row of rows) {
    for (let index = 1; index < row.length; index++) {
      const [before, part] = [row[index - 1], row[index]];
      if (before === undefined || part === undefined) continue;
      const column = columnAt(borders, part);
      neighbours.set(column, Math.max(neighbours.get(column) ?? -1, columnAt(borders, before)));
    }
  }
  const result: number[] = [];
  let first = 0;
  for (const [index, border] of borders.entries()) {
    const column = index + 1;
    if (!kept.has(border) && (neighbours.get(column) ?? -1) < first) continue;
    result.push(border);
    first = column;
  }
  return result;
}
