import type { Fill, Page } from '../page.ts';

/** A line along a side of the page, without thickness: at x from y to y where it is vertical, else the other way round. */
export interface Stroke {
  readonly at: number;
  readonly from: number;
  readonly to: number;
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
/** Lines of each direction: a page with more is a drawing, of which the longest lines are looked at. */
const STROKES_MAX = 2000;

/** The lines of a page and the sides of its fills, what is one line to the eye as one. */
export function strokesOf(page: Page, isMended = false): Strokes {
  const vertical: Stroke[] = [];
  const horizontal: Stroke[] = [];
  for (const { isVertical, at, from, to } of page.rulings) {
    (isVertical ? vertical : horizontal).push({ at, from: Math.min(from, to), to: Math.max(from, to) });
  }
  for (const fill of page.fills) {
    if (!isCell(fill, page)) continue;
    const { left, top, right, bottom } = fill;
    for (const at of [left, right]) vertical.push({ at, from: top, to: bottom });
    for (const at of [top, bottom]) horizontal.push({ at, from: left, to: right });
  }
  const gap = isMended ? MENDED_GAP : JOIN_GAP;
  return { vertical: joined(vertical, gap), horizontal: joined(horizontal, gap) };
}

/** Whether a fill may be a cell: white ones are put below text to hide what lies there. */
function isCell({ left, top, right, bottom, color }: Fill, { width, height }: Page): boolean {
  if (color === '#ffffff') return false;
  const isLarge = right - left >= FILL_MIN && bottom - top >= FILL_MIN;
  return isLarge && (right - left) * (bottom - top) < FILL_SHARE_MAX * width * height;
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
  if (result.length <= STROKES_MAX) return result;
  const longest = result.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, STROKES_MAX);
  return longest.sort((a, b) => a.at - b.at || a.from - b.from);
}

function piecesJoined(group: Stroke[], gap: number): Stroke[] {
  group.sort((a, b) => a.from - b.from);
  const at = group.reduce((sum, stroke) => sum + stroke.at, 0) / group.length;
  const pieces: { at: number; from: number; to: number }[] = [];
  for (const { from, to } of group) {
    const last = pieces.at(-1);
    if (last !== undefined && from - last.to <= gap) last.to = Math.max(last.to, to);
    else pieces.push({ at, from, to });
  }
  return pieces.filter(({ from, to }) => to - from >= LENGTH_MIN);
}
