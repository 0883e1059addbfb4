import type { ReadingSettings } from '../../capabilities.ts';
import { tokensOf, type Token } from './leaders.ts';
import type { Metrics } from './metrics.ts';
import type { Line, Word } from './model.ts';
import { lineOf } from './lines.ts';

/** Words of a line that stand together: what may fill a cell. */
export type Segment = Line;

/** Blanks that part cells, where the settings say 1: two of a monospaced font, less what rounding takes. Justified text seldom goes beyond. */
const COLUMN_GAP_BLANKS = 1.8;
/** Of the size: no gap below it parts cells, however narrow the blank of the font. */
const COLUMN_GAP_MIN = 0.5;
/** Of the size: leading dots stand no farther from each other, and from the text that they lead from. */
const LEADER_GAP_MAX = 3;
/** Of the size: a currency sign that stands this far before its number, or behind it, still belongs to it. */
const CURRENCY_GAP_MAX = 8;
const CURRENCY_BEHIND_GAP_MAX = 2;

const isCurrency = /^[\p{Sc}]$/u;
const startsNumber = /^[-(]?[\d.,]*\d/u;
const endsNumber = /\d[-)]?$/u;
/** What stands where there is no number. */
const isNil = /^[-\u2013\u2014]$/u;

/** How a line is parted. */
export interface Parting {
  readonly settings: Pick<ReadingSettings, 'columnGap'>;
  readonly metrics: (style: number) => Metrics;
  /** Whether a ruling goes between two words. */
  readonly isParted?: (left: Word, right: Word) => boolean;
  /** Whether dots that lead from one part to the next are written. */
  readonly keepsLeaders?: boolean;
}

/** Parts of a line, from left to right. What dots lead to is a part of its own. */
export function segmentsOf(line: Line, parting: Parting): Segment[] {
  const segments: Token[][] = [];
  const tokens = tokensOf(line.words);
  const areSignsBehind = signsStandBehind(tokens);
  for (const token of tokens) {
    const segment = segments.at(-1);
    if (segment !== undefined && goesOn(segment, token, parting, areSignsBehind)) segment.push(token);
    else segments.push([token]);
  }
  // Most lines of text are one part: these are not made again.
  if (segments.length === 1 && isAllOf(segments[0] ?? [], line)) return [line];
  return segments.map((own) => {
    const shown = own.filter(({ isLeader }) => !isLeader);
    return lineOf(
      (parting.keepsLeaders === true || shown.length === 0 ? own : shown).map(({ word }) => word),
    );
  });
}

/** Whether these are just the words of a line. */
function isAllOf(tokens: readonly Token[], { words }: Line): boolean {
  return (
    tokens.length === words.length &&
    tokens.every(({ word, isLeader }, index) => !isLeader && word === words[index])
  );
}

function goesOn(
  segment: readonly Token[],
  { word, isLeader }: Token,
  { settings, metrics, isParted }: Parting,
  areSignsBehind: boolean,
): boolean {
  const last = segment.at(-1);
  if (last === undefined || isParted?.(last.word, word) === true) return false;
  if (isLeader) return word.left - last.word.right < LEADER_GAP_MAX * sizeOf(word);
  if (last.isLeader) return false;
  if (isNear(last.word, word, settings, metrics) || isSumOf(segment, word)) return true;
  return areSignsBehind && isSignOf(last.word, word);
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

/** Whether currency signs stand behind the numbers of a line: no number stands behind the last of them. */
function signsStandBehind(tokens: readonly Token[]): boolean {
  const last = tokens.findLastIndex(({ word }) => isCurrency.test(word.text));
  const next = tokens[last + 1]?.word.text ?? '';
  return last > 0 && !startsNumber.test(next) && !isNil.test(next);
}

/** A number, and a currency sign alone that belongs to it. */
function isSignOf(number: Word, word: Word): boolean {
  return (
    isCurrency.test(word.text) &&
    endsNumber.test(number.text) &&
    word.left - number.right < CURRENCY_BEHIND_GAP_MAX * sizeOf(word)
  );
}

/** A currency sign alone, and the number that it belongs to. */
function isSumOf(segment: readonly Token[], word: Word): boolean {
  const sign = segment[0]?.word;
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
