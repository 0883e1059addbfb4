import type { Box, Glyph, Page, Style } from '../page.ts';
import { isPlain } from './plain.ts';

/** A glyph along its own baseline: points from `start` to `end` in the direction of its text, and across it (down, where it is not turned). */
export interface Placed {
  readonly glyph: Glyph;
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  readonly size: number;
}

/** Degrees within which glyphs have one direction: a scan that was put in askew has text recognised at such angles. */
const ANGLE_TOLERANCE_DEGREES = 3;
/** Sine of an angle below which a line is straight. */
const STRAIGHT = 1e-6;
/** Points: of a style that says no size, or one that cannot be. */
const SIZE_MIN = 0.5;

const unknownStyle: Style = {
  font: '',
  size: 10,
  isBold: false,
  isItalic: false,
  color: '#000000',
  isInvisible: false,
};

export function styleOf(page: Page, index: number): Style {
  return page.styles[index] ?? unknownStyle;
}

/** Chinese, Japanese and Korean signs, which may be written downwards. */
const isWrittenDown =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u;
/** Of its width: the origin of a sign in vertical writing is as close to its middle (ISO 32000-2, 9.7.4.3). */
const MIDDLE_TOLERANCE = 0.1;

/** Degrees by which the text that a glyph belongs to is turned: vertical writing runs as text does that is turned by 90. */
export function angleOf(glyph: Glyph): number {
  if (glyph.angle !== 0 || isPlain(glyph.text) || !isWrittenDown.test(glyph.text)) return glyph.angle;
  const middle = (glyph.left + glyph.right) / 2;
  return Math.abs(glyph.x - middle) <= MIDDLE_TOLERANCE * (glyph.right - glyph.left) ? 90 : 0;
}

/** Glyphs by the direction that they run in, with the mean of the angles of each. */
export function placedByAngle(page: Page): ReadonlyMap<number, readonly Placed[]> {
  const byAngle = new Map<number, Glyph[]>();
  let last = NaN;
  let alike: Glyph[] = [];
  for (const glyph of page.glyphs) {
    const exact = angleOf(glyph);
    if (exact !== last) {
      const angle = roundedAngle(exact);
      alike = byAngle.get(angle) ?? [];
      byAngle.set(angle, alike);
      last = exact;
    }
    alike.push(glyph);
  }
  return new Map([...byAngle].map(([angle, glyphs]) => [angle, placed(page, glyphs, angle)]));
}

/** A multiple of 90 where it is close to one, else whole degrees. */
function roundedAngle(angle: number): number {
  const quarter = Math.round(angle / 90) * 90;
  const rounded = Math.abs(angle - quarter) <= ANGLE_TOLERANCE_DEGREES ? quarter : Math.round(angle);
  return ((rounded % 360) + 360) % 360;
}

function placed(page: Page, glyphs: readonly Glyph[], angle: number): Placed[] {
  const mean = glyphs.some((glyph) => glyph.angle !== angle) ? meanAngle(glyphs, angle) : angle;
  const radians = (mean * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return glyphs.map((glyph) => {
    const size = Math.max(SIZE_MIN, styleOf(page, glyph.style).size);
    const baseline = glyph.y * cos - glyph.x * sin;
    const { start, end } = extentOf(glyph, angle, size, cos, sin);
    return { glyph, start, end, baseline, size };
  });
}

/** From where to where a glyph goes along its baseline. Its origin is not always where its box begins, as that of accents that are set back. */
function extentOf(
  glyph: Glyph,
  angle: number,
  size: number,
  cos: number,
  sin: number,
): Pick<Placed, 'start' | 'end'> {
  if (cos === 1 || (angle === 0 && Math.abs(sin) < STRAIGHT))
    return { start: glyph.left, end: Math.max(glyph.left, glyph.right) };
  if (angle === 90 && Math.abs(cos) < STRAIGHT) return { start: glyph.top, end: glyph.bottom };
  if (angle === 180 && Math.abs(sin) < STRAIGHT) return { start: -glyph.right, end: -glyph.left };
  if (angle === 270 && Math.abs(cos) < STRAIGHT) return { start: -glyph.bottom, end: -glyph.top };
  const start = glyph.x * cos + glyph.y * sin;
  return { start, end: start + advanceOf(glyph, size, Math.abs(cos), Math.abs(sin)) };
}

/** The angles of one group lie within a few degrees, but around 0 they may be on both sides of it. */
function meanAngle(glyphs: readonly Glyph[], angle: number): number {
  let sum = 0;
  for (const glyph of glyphs) sum += ((angleOf(glyph) - angle + 540) % 360) - 180;
  return angle + sum / Math.max(1, glyphs.length);
}

/** How far a glyph goes along its baseline, from the box around it. */
function advanceOf(box: Box, size: number, cos: number, sin: number): number {
  const width = Math.max(0, box.right - box.left);
  const height = Math.max(0, box.bottom - box.top);
  if (sin < 0.1) return width;
  if (cos < 0.1) return height;
  return Math.max(0, cos > sin ? (width - size * sin) / cos : (height - size * cos) / sin);
}
