import type { Fill, Page } from '../page.ts';

/** A line along a side of the page, without thickness: at x from y to y where it is vertical, else the other way round. */
export interface Stroke {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Whether it is the side of a fill alone. */
  readonly isFill: boolean;
}

/** In order of `at`, and of `from` where that is the same. */
export interface Strokes {
  readonly vertical: readonly Stroke[];
  readonly horizontal: readonly Stroke[];
}

/** Points: lines no farther apart are one that was drawn twice, a double line, or both sides of a gap between cells. */
const SAME_LINE = 3;
/** Points: pieces of a line with a smaller gap are one line; dashes and dots too. */
const JOIN_GAP = 3;
/** The same where the settings ask for gaps to be closed: up to the width of some letters. */
const MENDED_GAP = 20;
/** Points: a line that is shorter borders nothing; check boxes and arrows are drawn with such. */
const LENGTH_MIN = 8;
/** Points: a filled rectangle that is less high or wide is no cell. */
const FILL_MIN = 6;
/** Of a page: a fill of more is its background. */
const FILL_SHARE_MAX = 0.8;
const WHITE = '#ffffff';
/** Lines of each direction: a page with more is a drawing, of which the longest lines are looked at. */
const STROKES_MAX = 2000;

/** The lines of a page and the sides of its fills, what is one line to the eye as one. */
export function strokesOf(page: Page, isMended = false): Strokes {
  const vertical: Stroke[] = [];
  const horizontal: Stroke[] = [];
  for (const { isVertical, at, from, to } of page.rulings) {
    const stroke = { at, from: Math.min(from, to), to: Math.max(from, to), isFill: false };
    (isVertical ? vertical : horizontal).push(stroke);
  }
  for (const { left, top, right, bottom } of cellsOf(page)) {
    for (const at of [left, right]) vertical.push({ at, from: top, to: bottom, isFill: true });
    for (const at of [top, bottom]) horizontal.push({ at, from: left, to: right, isFill: true });
  }
  const gap = isMended ? MENDED_GAP : JOIN_GAP;
  return { vertical: joined(vertical, gap), horizontal: joined(horizontal, gap) };
}

/** Fills that may be cells. White ones are put below text to hide what lies there; but below or above one of another colour they are rows. */
function cellsOf({ fills, width, height }: Page): Fill[] {
  const large = fills.filter(({ left, top, right, bottom }) => {
    const isLarge = right - left >= FILL_MIN && bottom - top >= FILL_MIN;
    return isLarge && (right - left) * (bottom - top) < FILL_SHARE_MAX * width * height;
  });
  const sides = new Set<string>();
  const keyOf = ({ left, right }: Fill, y: number): string => `${Math.round(left)} ${Math.round(right)} ${y}`;
  for (const fill of large) {
    if (fill.color === WHITE) continue;
    for (const y of [fill.top, fill.bottom])
      for (const near of [-1, 0, 1]) sides.add(keyOf(fill, Math.round(y) + near));
  }
  const touches = (fill: Fill): boolean =>
    [fill.top, fill.bottom].some((y) => sides.has(keyOf(fill, Math.round(y))));
  return large.filter((fill) => fill.color !== WHITE || touches(fill));
}

/** Lines at one place are put together, and their pieces joined; of too many the longest are left. */
function joined(strokes: Stroke[], gap: number): Stroke[] {
  strokes.sort((a, b) => a.at - b.at);
  const result: Stroke[] = [];
  let group: Stroke[] = [];
  const close = (): void => {
    for (const piece of piecesJoined(group, gap)) result.push(piece);
    group = [];
  };
  for (const stroke of strokes) {
    const first = group[0];
    if (first !== undefined && stroke.at - first.at > SAME_LINE) close();
    group.push(stroke);
  }
  close();
  const longest =
    result.length <= STROKES_MAX
      ? result
      : result.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, STROKES_MAX);
  return longest.sort((a, b) => a.at - b.at || a.from - b.from);
}

function piecesJoined(group: Stroke[], gap: number): Stroke[] {
  group.sort((a, b) => a.from - b.from);
  const pieces: { sum: number; count: number; from: number; to: number; isFill: boolean }[] = [];
  for (const { at, from, to, isFill } of group) {
    const last = pieces.at(-1);
    if (last === undefined || from - last.to > gap) pieces.push({ sum: at, count: 1, from, to, isFill });
    else {
      last.sum += at;
      last.count++;
      last.to = Math.max(last.to, to);
      last.isFill &&= isFill;
    }
  }
  return pieces
    .filter(({ from, to }) => to - from >= LENGTH_MIN)
    .map(({ sum, count, from, to, isFill }) => ({ at: sum / count, from, to, isFill }));
}
