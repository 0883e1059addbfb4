import type { Cells, Parts } from '../fixtures/fixture.ts';
import { alignment, common, f1, plain } from './words.ts';

interface Match {
  /** Cells with the same text in rows and columns that stand together. */
  readonly right: number;
  readonly expected: number;
  readonly got: number;
  /** Cells of rows that stand beside a row that was expected. */
  readonly gotBeside: number;
  readonly sameShape: boolean;
}

/**
 * Columns are put beside each other by how many texts they share, then rows by how many cells are equal in columns that stand together.
 * Empty cells count for nothing.
 */
function match(expected: Cells, got: Cells): Match {
  const [wanted, found] = [expected.map((row) => row.map(plain)), got.map((row) => row.map(plain))];
  const [wantedColumns, foundColumns] = [columnsOf(wanted), columnsOf(found)];
  const columns = alignment(wantedColumns.length, foundColumns.length, (a, b) =>
    common(wantedColumns[a]!, foundColumns[b]!),
  ).pairs;
  const rows = alignment(
    wanted.length,
    found.length,
    (a, b) => columns.filter(([at, other]) => isSame(wanted[a]![at], found[b]![other])).length,
  );
  return {
    right: rows.total,
    expected: wanted.flat().filter((cell) => cell !== '').length,
    got: found.flat().filter((cell) => cell !== '').length,
    gotBeside: rows.pairs.flatMap(([, row]) => found[row]!).filter((cell) => cell !== '').length,
    sameShape:
      wanted.length === found.length &&
      wantedColumns.length === Math.max(0, ...found.map((row) => row.length)),
  };
}

function isSame(some: string | undefined, other: string | undefined): boolean {
  return some !== undefined && some !== '' && some === other;
}

/** The texts of each column, without empty ones. */
function columnsOf(cells: Cells): readonly (readonly string[])[] {
  const count = Math.max(0, ...cells.map((row) => row.length));
  return Array.from({ length: count }, (_, column) =>
    cells.map((row) => row[column] ?? '').filter((cell) => cell !== ''),
  );
}

/** F1 of the cells of a grid, of what fits best. What stands in rows that nobody asked for is not judged. */
export function gridScore(expected: readonly Parts[], got: Cells): number {
  return Math.max(
    ...expected.map((parts) => {
      const matches = parts.map((cells) => match(cells, got));
      const [right, wanted] = [
        sum(matches.map((each) => each.right)),
        sum(matches.map((each) => each.expected)),
      ];
      return f1(right, wanted, sum(matches.map((each) => each.gotBeside)));
    }),
  );
}

/**
 * F1 of the cells of all tables: each table that was expected is compared with the one that has most of it. Where more tables are allowed,
 * those that are left over are not judged; where none is expected, any is a failure.
 */
export function tableScore(expected: readonly Cells[], got: readonly Cells[], mayHaveMore: boolean): number {
  if (expected.length === 0) return got.length === 0 ? 1 : 0;
  const { pairs, left } = assign(expected, got);
  const right = sum(pairs.map(({ right: cells }) => cells));
  const wanted = sum(expected.map((table) => match(table, []).expected));
  const found = sum(pairs.map(({ got: cells }) => cells));
  const more = mayHaveMore ? 0 : sum(left.map((table) => match([], table).got));
  return f1(right, wanted, found + more);
}

/** The share of tables that were found with as many rows and columns as they have. */
export function shapeScore(expected: readonly Cells[], got: readonly Cells[]): number {
  if (expected.length === 0) return got.length === 0 ? 1 : 0;
  return assign(expected, got).pairs.filter(({ sameShape }) => sameShape).length / expected.length;
}

/** Pairs of tables, those with most cells in common first. */
function assign(
  expected: readonly Cells[],
  got: readonly Cells[],
): { readonly pairs: readonly Match[]; readonly left: readonly Cells[] } {
  const all = expected
    .flatMap((table, at) => got.map((other, index) => ({ at, index, match: match(table, other) })))
    .filter(({ match: { right } }) => right > 0)
    .toSorted((a, b) => b.match.right - a.match.right);
  const taken = new Set<number>();
  const used = new Set<number>();
  const pairs: Match[] = [];
  for (const { at, index, match: found } of all) {
    if (taken.has(at) || used.has(index)) continue;
    taken.add(at);
    used.add(index);
    pairs.push(found);
  }
  return { pairs, left: got.filter((_, index) => !used.has(index)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
