import type { Box, Glyph, Page, Style } from '../page.ts';

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

/** Glyphs by the direction that they run in, with the mean of the angles of each. */
export function placedByAngle(page: Page): ReadonlyMap<number, readonly Placed[]> {
  const byAngle = new Map<number, Glyph[]>();
  for (const glyph of page.glyphs) {
    const angle = roundedAngle(glyph.angle);
    const glyphs = byAngle.get(angle);
    if (glyphs === undefined) byAngle.set(angle, [glyph]);
    else glyphs.push(glyph);
  }
  return new Map([...byAngle].map(([angle, glyphs]) => [angle, placed(page, glyphs)]));
}

/** A multiple of 90 where it is close to one, else whole degrees. */
function roundedAngle(angle: number): number {
  const quarter = Math.round(angle / 90) * 90;
  const rounded = Math.abs(angle - quarter) <= ANGLE_TOLERANCE_DEGREES ? quarter : Math.round(angle);
  return ((rounded % 360) + 360) % 360;
}

function placed(page: Page, glyphs: readonly Glyph[]): Placed[] {
  const mean = meanAngle(glyphs);
  const radians = (mean * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  return glyphs.map((glyph) => {
    const size = Math.max(SIZE_MIN, styleOf(page, glyph.style).size);
    const start = glyph.x * cos + glyph.y * sin;
    return {
      glyph,
      start,
      end: start + advanceOf(glyph, size, Math.abs(cos), Math.abs(sin)),
      baseline: glyph.y * cos - glyph.x * sin,
      size,
    };
  });
}

/** The angles of one group lie within a few degrees, but around 0 they may be on both sides of it. */
function meanAngle(glyphs: readonly Glyph[]): number {
  let sum = 0;
  const first = glyphs[0]?.angle ?? 0;
  for (const { angle } of glyphs) sum += ((angle - first + 540) % 360) - 180;
  return first + sum / Math.max(1, glyphs.length);
}

/** How far a glyph goes along its baseline, from the box around it. */
function advanceOf(box: Box, size: number, cos: number, sin: number): number {
  const width = Math.max(0, box.right - box.left);
  const height = Math.max(0, box.bottom - box.top);
  if (sin < 0.1) return width;
  if (cos < 0.1) return height;
  return Math.max(0, cos > sin ? (width - size * sin) / cos : (height - size * cos) / sin);
}
