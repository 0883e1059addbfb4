import type { ReadingSettings } from '../../../src/engines/capabilities.ts';
import type { Fill, Glyph, Page, Ruling, Style } from '../../../src/engines/pdfium/page.ts';
import { readingSettings } from '../../../src/operations/reading.ts';

/** What a call asks for that says nothing else. */
export const settings: ReadingSettings = readingSettings({}, {});

/** Of the size: every letter is as wide as this, and a blank half as wide. */
const ADVANCE = 0.5;

interface Looks {
  readonly size?: number;
  readonly angle?: 0 | 90 | 180 | 270;
  /** Points between two letters. */
  readonly spacing?: number;
  /** Blanks move on, and are not there. */
  readonly withoutBlanks?: boolean;
}

/** Glyphs of a text that begins at (x, y) on its baseline; letters are half as wide as the size, blanks a quarter. */
export function text(x: number, y: number, content: string, looks: Looks = {}): Glyph[] {
  const { size = 10, angle = 0, spacing = 0, withoutBlanks = false } = looks;
  const glyphs: Glyph[] = [];
  const cos = Math.round(Math.cos((angle * Math.PI) / 180));
  const sin = Math.round(Math.sin((angle * Math.PI) / 180));
  let along = 0;
  for (const letter of content) {
    const advance = size * (letter === ' ' ? ADVANCE / 2 : ADVANCE);
    const corners = [
      [along, -0.8 * size],
      [along + advance, 0.2 * size],
    ].map(([u = 0, v = 0]) => [x + u * cos - v * sin, y + u * sin + v * cos]);
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = corners;
    if (letter !== ' ' || !withoutBlanks) {
      glyphs.push({
        text: letter,
        x: x + along * cos,
        y: y + along * sin,
        angle,
        style: size,
        left: Math.min(x1, x2),
        right: Math.max(x1, x2),
        top: Math.min(y1, y2),
        bottom: Math.max(y1, y2),
      });
    }
    along += advance + spacing;
  }
  return glyphs;
}

/** The same, where it ends at x. */
export function textTo(x: number, y: number, content: string, size = 10): Glyph[] {
  let width = 0;
  for (const letter of content) width += size * (letter === ' ' ? ADVANCE / 2 : ADVANCE);
  return text(x - width, y, content, { size });
}

/** What stands on a page of 600 by 800 points. Its styles are numbered by their sizes. */
export function pageWith(
  glyphs: readonly (readonly Glyph[])[],
  drawn: { readonly rulings?: readonly Ruling[]; readonly fills?: readonly Fill[] } = {},
): Page {
  const styles: Style[] = Array.from({ length: 60 }, (_, size) => ({
    font: 'Plain',
    size,
    isBold: false,
    isItalic: false,
    color: '#000000',
    isInvisible: false,
  }));
  return {
    index: 0,
    width: 600,
    height: 800,
    glyphs: glyphs.flat(),
    styles,
    rulings: drawn.rulings ?? [],
    fills: drawn.fills ?? [],
    pictures: [],
    fields: [],
    links: [],
  };
}

export function across(at: number, from: number, to: number): Ruling {
  return { isVertical: false, at, from, to, thickness: 0.5, color: '#000000' };
}

export function down(at: number, from: number, to: number): Ruling {
  return { isVertical: true, at, from, to, thickness: 0.5, color: '#000000' };
}

/** All lines of a table with these edges. */
export function ruled(xs: readonly number[], ys: readonly number[]): Ruling[] {
  const [left = 0, right = 0] = [xs[0], xs.at(-1)];
  const [top = 0, bottom = 0] = [ys[0], ys.at(-1)];
  return [...ys.map((y) => across(y, left, right)), ...xs.map((x) => down(x, top, bottom))];
}
