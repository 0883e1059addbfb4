import type { ReadingSettings } from '../../capabilities.ts';
import type { Metrics } from './metrics.ts';
import type { Line, Word } from './model.ts';
import { lineOf } from './lines.ts';

/** Words of a line that stand together: what may fill a cell. */
export type Segment = Line;

/** Blanks that part cells, where the settings say 1: two of a monospaced font, less what rounding takes. Justified text seldom goes beyond. */
const COLUMN_GAP_BLANKS = 1.8;
/** Of the size: no gap below it parts cells, however narrow the blank of the font. */
const COLUMN_GAP_MIN = 0.5;
/** Of the size: a currency sign that stands this far before its number still belongs to it. */
const CURRENCY_GAP_MAX = 8;

const isCurrency = /^[\p{Sc}]$/u;
const startsNumber = /^[-(]?[\d.,]*\d/u;

/** Parts of a line, from left to right; `isParted` says where a ruling goes between two words. */
export function segmentsOf(
  line: Line,
  settings: Pick<ReadingSettings, 'columnGap'>,
  metrics: (style: number) => Metrics,
  isParted: (left: Word, right: Word) => boolean = () => false,
): Segment[] {
  const segments: Word[][] = [];
  for (const word of line.words) {
    const segment = segments.at(-1);
    const last = segment?.at(-1);
    if (segment === undefined || last === undefined) segments.push([word]);
    else if (!isParted(last, word) && (isNear(last, word, settings, metrics) || isSumOf(segment, word)))
      segment.push(word);
    else segments.push([word]);
  }
  return segments.map(lineOf);
}

function isNear(
  last: Word,
  word: Word,
  { columnGap }: Pick<ReadingSettings, 'columnGap'>,
  metrics: (style: number) => Metrics,
): boolean {
  const blank = Math.max(metrics(last.style).blank, metrics(word.style).blank);
  const size = Math.min(sizeOf(last), sizeOf(word));
  return word.left - last.right < columnGap * Math.max(COLUMN_GAP_BLANKS * blank, COLUMN_GAP_MIN * size);
}

/** A currency sign alone, and the number that it belongs to. */
function isSumOf(segment: readonly Word[], word: Word): boolean {
  const [sign] = segment;
  return (
    segment.length === 1 &&
    sign !== undefined &&
    isCurrency.test(sign.text) &&
    startsNumber.test(word.text) &&
    word.left - sign.right < CURRENCY_GAP_MAX * sizeOf(sign)
  );
}

/** Points: how high a word's text is, from ascent to descent. */
export function sizeOf(word: Word): number {
  const glyph = word.glyphs[0];
  return glyph === undefined
    ? 0
    : Math.abs(word.angle % 180 === 90 ? glyph.right - glyph.left : glyph.bottom - glyph.top);
}
