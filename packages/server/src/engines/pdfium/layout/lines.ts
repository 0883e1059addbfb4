import type { Page } from '../page.ts';
import { hasRightToLeft, inLogicalOrder } from './bidi.ts';
import { median, metricsOf, type Metrics } from './metrics.ts';
import type { Line, Word } from './model.ts';
import { placedByAngle } from './placing.ts';
import { boxOf, lettersOf, piecesOf, wordsOf, type Piece } from './words.ts';

/** Of the smaller size: baselines this close are one line, as of a label and its value in another font. */
const BASELINE_TOLERANCE = 0.35;
/** Points: blanks do not say where the baseline of a line is. */
const BLANK_WEIGHT = 0.001;
/** Of the size of the line: a raised or lowered sign is smaller than this, and stands no farther from the baseline than that. */
const SCRIPT_SIZE_MAX = 0.85;
const SCRIPT_RISE_MAX = 0.65;
/** Of the size of the line: how far a raised sign stands from what it belongs to. */
const SCRIPT_GAP_MAX = 0.35;
/** Letters of a raised sign, with the words beside it: more, as of a small line close above a large one, are a line of their own. */
const SCRIPT_LETTERS_MAX = 12;
/** Of the size: how far apart words of one sign are at most. */
const SCRIPT_WORD_GAP_MAX = 0.6;

/** Of the usual size of a line: a single letter that is larger may be as high as several lines. */
const INITIAL_SIZE_MIN = 1.8;
/** Of its size: the height of a capital; and how far from it the lines beside it begin. */
const INITIAL_HEIGHT = 0.75;
const INITIAL_GAP_MAX = 0.3;

/** All lines of a page by the direction that they run in, those that are not turned first; from top to bottom along it. */
export function linesByAngle(page: Page, metrics = metricsOf(page)): ReadonlyMap<number, Line[]> {
  const lines = new Map<number, Line[]>();
  const byAngle = [...placedByAngle(page)].sort(([a], [b]) => a - b);
  for (const [angle, placed] of byAngle) {
    const clusters = withScripts(withInitials(clustersOf(piecesOf(placed, metrics))));
    lines.set(
      angle,
      clusters.map((cluster) => lineOf(wordsOf(cluster.pieces, metrics, angle))),
    );
  }
  return lines;
}

interface Cluster {
  pieces: Piece[];
  baseline: number;
  size: number;
}

/** Pieces with one baseline, from top to bottom. */
function clustersOf(pieces: readonly Piece[]): Cluster[] {
  const sorted = [...pieces].sort((a, b) => a.baseline - b.baseline);
  const clusters: Cluster[] = [];
  let extent = 0;
  for (const piece of sorted) {
    const last = clusters.at(-1);
    const length = piece.isBlank ? BLANK_WEIGHT : Math.max(piece.end - piece.start, piece.size / 10);
    if (
      last !== undefined &&
      piece.baseline - last.baseline <= BASELINE_TOLERANCE * Math.min(last.size, piece.size)
    ) {
      last.pieces.push(piece);
      last.baseline += ((piece.baseline - last.baseline) * length) / (extent + length);
      last.size = (last.size * extent + piece.size * length) / (extent + length);
      extent += length;
    } else {
      clusters.push({ pieces: [piece], baseline: piece.baseline, size: piece.size });
      extent = length;
    }
  }
  return clusters;
}

/** A letter as high as several lines, at the begin of a paragraph, goes to the first of them. */
function withInitials(clusters: readonly Cluster[]): readonly Cluster[] {
  for (const [index, cluster] of clusters.entries()) {
    const shown = cluster.pieces.filter((piece) => !piece.isBlank);
    const usual = median(shown.map(({ size }) => size));
    const initial = shown.find(
      (piece) => piece.glyphs.length === 1 && piece.size >= INITIAL_SIZE_MIN * usual,
    );
    if (initial === undefined || shown.length < 2) continue;
    const top = initial.baseline - INITIAL_HEIGHT * initial.size;
    let first = index;
    while (first > 0 && (clusters[first - 1]?.baseline ?? 0) > top) first--;
    const line = clusters.slice(first, index).find(({ pieces }) => startsAt(pieces, initial));
    if (line === undefined) continue;
    line.pieces.push(initial);
    cluster.pieces = cluster.pieces.filter((piece) => piece !== initial);
  }
  return clusters;
}

/** Whether pieces begin just behind another one. */
function startsAt(pieces: readonly Piece[], { end, size }: Piece): boolean {
  let start = Infinity;
  for (const piece of pieces) if (!piece.isBlank) start = Math.min(start, piece.start);
  return start >= end - INITIAL_GAP_MAX * size && start <= end + INITIAL_GAP_MAX * size;
}

/** Raised and lowered signs go to the line of the word that they stand at. */
function withScripts(clusters: readonly Cluster[]): readonly Cluster[] {
  for (const [index, cluster] of clusters.entries()) {
    const short = shortRuns(cluster.pieces);
    for (const neighbour of [clusters[index + 1], clusters[index - 1]]) {
      if (
        neighbour === undefined ||
        Math.abs(neighbour.baseline - cluster.baseline) > SCRIPT_RISE_MAX * neighbour.size
      )
        continue;
      const ends = neighbour.pieces.filter((piece) => !piece.isBlank).sort((a, b) => a.end - b.end);
      const stay: Piece[] = [];
      for (const piece of cluster.pieces) {
        const gap = SCRIPT_GAP_MAX * neighbour.size;
        const isScript =
          short.has(piece) &&
          piece.size <= SCRIPT_SIZE_MAX * neighbour.size &&
          hasNeighbour(ends, piece, gap);
        (isScript ? neighbour.pieces : stay).push(piece);
      }
      cluster.pieces = stay;
    }
  }
  return clusters.filter(({ pieces }) => pieces.some((piece) => !piece.isBlank));
}

/** Pieces that have few letters together with the words beside them; no blanks. */
function shortRuns(pieces: readonly Piece[]): ReadonlySet<Piece> {
  const runs: Piece[][] = [];
  for (const piece of pieces.filter(({ isBlank }) => !isBlank).sort((a, b) => a.start - b.start)) {
    const before = runs.at(-1)?.at(-1);
    if (before !== undefined && piece.start - before.end <= SCRIPT_WORD_GAP_MAX * piece.size)
      runs.at(-1)?.push(piece);
    else runs.push([piece]);
  }
  const lettersIn = (run: readonly Piece[]): number =>
    run.reduce((sum, { glyphs }) => sum + glyphs.length, 0);
  return new Set(runs.filter((run) => lettersIn(run) <= SCRIPT_LETTERS_MAX).flat());
}

/** Whether one of these, which are in order of their ends, ends where the piece begins. */
function hasNeighbour(ends: readonly Piece[], piece: Piece, gap: number): boolean {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle]?.end ?? 0) < piece.start - gap) low = middle + 1;
    else high = middle;
  }
  const before = ends[low];
  return (
    before !== undefined && before.end <= piece.start + gap && piece.size <= SCRIPT_SIZE_MAX * before.size
  );
}

/** Words from left to right as one line. */
export function lineOf(words: readonly Word[]): Line {
  let longest = words[0];
  for (const word of words) if (word.glyphs.length > (longest?.glyphs.length ?? 0)) longest = word;
  return {
    words,
    text: textOf(words),
    baseline: longest?.baseline ?? 0,
    angle: longest?.angle ?? 0,
    ...boxOf(words),
  };
}

function textOf(words: readonly Word[]): string {
  const text = words.map((word) => word.text).join(' ');
  if (!hasRightToLeft(text)) return text;
  const shown = words.flatMap(({ glyphs }, index) => [...(index > 0 ? [' '] : []), ...glyphs.map(lettersOf)]);
  return inLogicalOrder(shown);
}

/** Lines of all directions from top to bottom; where most are turned, those first, in their own order. */
export function allLines(page: Page, metrics: (style: number) => Metrics = metricsOf(page)): Line[] {
  const groups = [...linesByAngle(page, metrics)].sort(([, a], [, b]) => b.length - a.length);
  const all = groups.flatMap(([, lines]) => lines);
  const isTurned = groups[0] !== undefined && groups[0][0] !== 0;
  return isTurned ? all : all.sort((a, b) => a.top - b.top || a.left - b.left);
}
