import type { Page } from '../page.ts';
import { styleOf } from './placing.ts';

/** How wide the text of one style runs; points. */
export interface Metrics {
  /** Of a blank: that of the font if the page has one, else a guess. */
  readonly blank: number;
  /** Gap from which two glyphs belong to different words, where the document has no blank between them. */
  readonly wordGap: number;
}

/** Of the size: what a blank of a font takes that has none on the page. Text fonts have 0.22 to 0.33. */
const BLANK_USUAL = 0.27;
/** Of the size: blanks beyond this are a mistake of the font (zero, or as wide as a tabulator). */
const BLANK_MIN = 0.18;
const BLANK_MAX = 0.7;
/** Of a blank: a gap of more parts words where no blank is drawn. Justified text narrows its blanks to 0.7; kerning stays below 0.4. */
const WORD_GAP_BLANKS = 0.6;
/** Of the size: letter spacing below it parts no words, and a gap above it does, whatever the blank of the font. */
const WORD_GAP_MIN = 0.15;
const WORD_GAP_MAX = 0.3;
/** Glyphs of one style from which they say whether it is monospaced. */
const GLYPHS_MIN = 30;
/** Advances are taken of so many glyphs of a style: enough for a median. */
const SAMPLES_MAX = 400;

export function metricsOf(page: Page): (style: number) => Metrics {
  const byStyle = new Map<number, { blanks: number[]; advances: number[] }>();
  let last = NaN;
  let of: { blanks: number[]; advances: number[] } = { blanks: [], advances: [] };
  for (const glyph of page.glyphs) {
    if (glyph.style !== last) {
      of = byStyle.get(glyph.style) ?? { blanks: [], advances: [] };
      byStyle.set(glyph.style, of);
      last = glyph.style;
    }
    const isUpright = glyph.angle % 180 === 0;
    const advance = isUpright ? glyph.right - glyph.left : glyph.bottom - glyph.top;
    const advances = glyph.text.trim() === '' ? of.blanks : of.advances;
    if (advances.length < SAMPLES_MAX && advance > 0) advances.push(advance);
  }
  const metrics = new Map<number, Metrics>();
  for (const [style, { blanks, advances }] of byStyle) {
    const { size } = styleOf(page, style);
    const guess = isMonospaced(advances) ? median(advances) : BLANK_USUAL * size;
    metrics.set(style, ofBlank(blanks.length > 0 ? median(blanks) : guess, size));
  }
  const usual = ofBlank(BLANK_USUAL * 10, 10);
  return (style) => metrics.get(style) ?? usual;
}

function ofBlank(drawn: number, size: number): Metrics {
  const blank = Math.min(BLANK_MAX * size, Math.max(BLANK_MIN * size, drawn));
  return {
    blank,
    wordGap: Math.min(WORD_GAP_MAX * size, Math.max(WORD_GAP_MIN * size, WORD_GAP_BLANKS * blank)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = new Float64Array(values).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Enough glyphs, and as good as all of one advance. */
function isMonospaced(advances: readonly number[]): boolean {
  if (advances.length < GLYPHS_MIN) return false;
  const middle = median(advances);
  return (
    advances.filter((advance) => Math.abs(advance - middle) < 0.02 * middle).length > 0.95 * advances.length
  );
}
