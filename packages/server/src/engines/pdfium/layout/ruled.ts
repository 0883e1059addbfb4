import type { ReadingSettings } from '../../capabilities.ts';
import { bordersBetween, withoutNeedless } from './columns.ts';
import type { Lattice } from './lattice.ts';
import { lineOf } from './lines.ts';
import type { Metrics } from './metrics.ts';
import type { Line, Word } from './model.ts';
import type { PageRow, Part, RuledRows } from './page-rows.ts';
import { regionsOf, type Region } from './regions.ts';
import { segmentsOf, type Segment } from './segments.ts';

/** Points: a column that is less wide, and that no row needs, is one line of the table that is drawn at two places. */
export const COLUMN_MIN = 9;
/** Of the lines of a column: where so many have a gap at one place, two columns stand between its lines. */
const GAPS_SHARE_MIN = 0.5;
/** Lines that have to agree on that. */
const GAPS_MIN = 2;
/** Lines between two rulings from which they may be rows of which the rulings are missing. */
const ROWS_SHARE_MIN = 0.6;
const ROWS_MIN = 3;
/** Columns with text in all lines that make these lines rows, also where none has numbers: two may be addresses. */
const COLUMNS_OF_ROWS_MIN = 3;

/** Lines with gaps in cells of several lines, and of all lines, from which a lattice is boxes of a form and no table. */
const FORM_LINES_MIN = 4;
const FORM_SHARE_MIN = 0.1;

const isNumeric = /^[-+(]?[\p{Sc}]?\s*[-+(]?\d[\d\s.,'’]*[\p{Sc}%)]*$/u;

type CellLines = ReadonlyMap<Region, readonly Line[]>;

/** The rows of a table whose lines are a lattice; undefined where it is none: a frame, a chart, a single row. `lines` are those parts of lines that stand in it. */
export function ruledRows(
  lattice: Lattice,
  lines: readonly Line[],
  settings: ReadingSettings,
  metrics: (style: number) => Metrics,
): RuledRows | undefined {
  const regions = regionsOf(lattice);
  const byLine = lines.map((line) => cellsOfLine(line, regions.at));
  const cells = new Map<Region, Line[]>();
  for (const line of byLine) for (const [region, part] of line) listOf(cells, region).push(part);

  const segments = (line: Line): Segment[] => segmentsOf(line, { settings, metrics });
  const splits = new Set<Region>();
  for (const region of columnsToSplit(cells, segments)) splits.add(region);

  if (isForm(cells, segments)) return undefined;
  const rows: PageRow[] = [];
  for (let row = 0; row + 1 < lattice.ys.length; row++) {
    const inRow = regions.all.filter(({ firstRow }) => firstRow === row);
    const filled = inRow.filter((region) => cells.has(region));
    if (filled.length > 0) rows.push(...bandOf(lattice, row, filled, cells, splits, segments));
  }
  const parts = rows.map((row) => row.parts);
  const inner = lattice.xs.slice(1, -1);
  const wide = inner.filter((x, index) => x - (lattice.xs[index] ?? 0) >= COLUMN_MIN);
  const borders = bordersBetween(parts, withoutNeedless(inner, parts, wide));
  const { left, top, right, bottom } = lattice;
  const isTable = rows.length >= 2 && borders.length > 0 && parts.some((row) => row.length > 1);
  return isTable ? { left, top, right, bottom, rows, borders, isFilled: lattice.isFilled } : undefined;
}

/** The list that a map has at a key; a new one where it has none. */
function listOf<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  let list = lists.get(key);
  if (list === undefined) lists.set(key, (list = []));
  return list;
}

function cellsOfLine(line: Line, at: (word: Word) => Region): Map<Region, Line> {
  const words = new Map<Region, Word[]>();
  for (const word of line.words) {
    const region = at(word);
    const inCell = words.get(region);
    if (inCell === undefined) words.set(region, [word]);
    else inCell.push(word);
  }
  return new Map([...words].map(([region, inCell]) => [region, lineOf(inCell)]));
}

/** Whether lines are boxes of a form: in cells of several lines, labels and values stand side by side. */
function isForm(cells: CellLines, segments: (line: Line) => Segment[]): boolean {
  let all = 0;
  let parted = 0;
  for (const lines of cells.values()) {
    all += lines.length;
    if (lines.length > 1) parted += lines.filter((line) => segments(line).length > 1).length;
  }
  return parted >= FORM_LINES_MIN && parted >= FORM_SHARE_MIN * all && cells.size > 2;
}

/** Cells that are looked into for gaps: those over several columns, and those of a column most of whose lines have one. */
function columnsToSplit(cells: CellLines, segments: (line: Line) => Segment[]): Region[] {
  const byColumns = new Map<string, Region[]>();
  for (const region of cells.keys()) {
    listOf(byColumns, `${region.firstColumn}-${region.lastColumn}`).push(region);
  }
  const result: Region[] = [];
  for (const regions of byColumns.values()) {
    const isWide = regions[0] !== undefined && regions[0].firstColumn < regions[0].lastColumn;
    let all = 0;
    let parted = 0;
    for (const region of regions) {
      for (const line of cells.get(region) ?? []) {
        all++;
        if (segments(line).length > 1) parted++;
      }
    }
    if (parted > 0 && (isWide || (parted >= GAPS_MIN && parted >= GAPS_SHARE_MIN * all)))
      result.push(...regions);
  }
  return result;
}

/** What stands between two horizontal lines: one row, or several where lines between them are missing. */
function bandOf(
  lattice: Lattice,
  row: number,
  filled: readonly Region[],
  cells: CellLines,
  splits: ReadonlySet<Region>,
  segments: (line: Line) => Segment[],
): PageRow[] {
  const sides = (region: Region): { left: number; right: number } => ({
    left: lattice.xs[region.firstColumn] ?? 0,
    right: lattice.xs[region.lastColumn + 1] ?? 0,
  });
  const partsOf = (region: Region, lines: readonly Line[]): Part[] => {
    const rows = region.lastRow - region.firstRow + 1;
    const [only] = lines;
    const parted = only !== undefined && lines.length === 1 && splits.has(region) ? segments(only) : [];
    if (parted.length < 2) return [{ lines, ...sides(region), isRuled: true, rows }];
    return parted.map((segment) => ({
      lines: [segment],
      left: segment.left,
      right: segment.right,
      isRuled: false,
      rows,
    }));
  };
  const top = lattice.ys[row] ?? 0;
  const bottom = lattice.ys[row + 1] ?? 0;
  const flat = filled.filter((region) => region.lastRow === row);
  const starts = rowStarts(flat, cells, splits, segments);
  if (starts.length < 2) {
    return [{ top, bottom, parts: filled.flatMap((region) => partsOf(region, cells.get(region) ?? [])) }];
  }
  return starts.map((start, index) => {
    const from = index === 0 ? -Infinity : start;
    const to = starts[index + 1] ?? Infinity;
    const parts = filled.flatMap((region) => {
      const lines = (cells.get(region) ?? []).filter((line) => middleOf(line) >= from && middleOf(line) < to);
      return lines.length === 0 ? [] : partsOf(region, lines);
    });
    return { top: index === 0 ? top : start, bottom: to === Infinity ? bottom : to, parts };
  });
}

function middleOf({ top, bottom }: Line): number {
  return (top + bottom) / 2;
}

/** y at which rows begin that no line parts: where most lines have text in several columns, and these are no wrapped cells. */
function rowStarts(
  regions: readonly Region[],
  cells: CellLines,
  splits: ReadonlySet<Region>,
  segments: (line: Line) => Segment[],
): number[] {
  const rows: { top: number; bottom: number; filled: number }[] = [];
  const columns = new Map<string, number>();
  const numeric = new Map<string, number>();
  const all = regions.flatMap((region) => (cells.get(region) ?? []).map((line) => ({ region, line })));
  for (const { region, line } of all.sort((a, b) => middleOf(a.line) - middleOf(b.line))) {
    const parts = splits.has(region) ? segments(line) : [line];
    const last = rows.at(-1);
    if (
      last !== undefined &&
      middleOf(line) < last.bottom &&
      line.top < last.bottom &&
      middleOf(line) - last.top < last.bottom - last.top
    )
      last.filled += parts.length;
    else rows.push({ top: line.top, bottom: line.bottom, filled: parts.length });
    for (const [index, part] of parts.entries()) {
      const column = `${region.firstColumn}.${index}`;
      columns.set(column, (columns.get(column) ?? 0) + 1);
      if (isNumeric.test(part.text)) numeric.set(column, (numeric.get(column) ?? 0) + 1);
    }
  }
  const starts = rows.filter(({ filled }) => filled > 1);
  const isFull = (count: number): boolean => count >= ROWS_SHARE_MIN * rows.length;
  const hasNumbers = [...numeric.values()].some((count) => count > 1 && isFull(count));
  const fullColumns = [...columns.values()].filter(isFull).length;
  const areRows =
    isFull(starts.length) &&
    (hasNumbers ? fullColumns > 1 : rows.length >= ROWS_MIN && fullColumns >= COLUMNS_OF_ROWS_MIN);
  return areRows ? starts.map(({ top }) => top) : [];
}
