import type { Box, Glyph } from '../page.ts';
import { inLogicalOrder } from './bidi.ts';
import { median, type Metrics } from './metrics.ts';
import type { Word } from './model.ts';
import { isPlain } from './plain.ts';
import type { Placed } from './placing.ts';

/** Glyphs that follow each other on one baseline, without a gap. */
export interface Piece {
  readonly glyphs: readonly Placed[];
  readonly start: number;
  readonly end: number;
  readonly baseline: number;
  readonly size: number;
  /** A blank of the document alone. */
  readonly isBlank: boolean;
}

/** Of the size: glyphs of one word that stand on one another by this are still side by side (kerning, italics, accents). */
const OVERLAP_MAX = 0.35;
/** Of the size: how far apart baselines of one word may be. */
const BASELINE_TOLERANCE = 0.1;
/** Of the size: how far a blank may lie below the glyph before it. One whose middle what follows covers is none: that was moved back over it. */
const BLANK_OVERLAP_MAX = 0.3;
/** Of the size: letters this far apart may still be letter-spaced text; more is a row of cells with one letter each. */
const LETTER_SPACING_MAX = 0.9;
/** Letters in a row, each apart, from which they may be letter-spaced text. */
const LETTERS_SPACED_MIN = 4;
/** Of their median: how much the gaps in letter-spaced text differ. */
const LETTER_SPACING_SPREAD = 0.35;
/** Of all gaps: how many are as wide as the usual one; the others are between words. */
const LETTERS_ALIKE_MIN = 0.6;

// oxlint-disable-next-line no-control-regex -- glyphs that stand for control characters show nothing
const showsNothing = /^[\s\u0000-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffe\uffff]*$/u;
/** Accents and vowel signs stand over the letter before them. */
const isMark = /^\p{M}/u;
const aBlank = /[\t\p{Zs}]/u;
/** Letters, digits and signs of ASCII, which are most glyphs: they show something, and stand over nothing. */
const [firstSign, lastSign] = [0x21, 0x7e];

/**
 * Glyphs in the order in which they were drawn, as long as each goes on where the last one ended: so text that overlaps other text stays
 * whole. Blanks are pieces of their own, for they are not always drawn between what they part.
 */
export function piecesOf(placed: readonly Placed[], metrics: (style: number) => Metrics): Piece[] {
  const pieces: Piece[] = [];
  let run: Placed[] = [];
  let lastBlank: Placed | undefined;
  const close = (): void => {
    if (run.length > 0) pieces.push(pieceOf(run, false));
    run = [];
  };
  for (const next of placed) {
    if (!isSign(next.glyph.text) && showsNothing.test(next.glyph.text)) {
      if (!aBlank.test(next.glyph.text)) continue;
      pieces.push(pieceOf([next], true));
      lastBlank = next;
      continue;
    }
    const last = run.at(-1);
    if (last !== undefined && !follows(last, next, lastBlank, metrics)) close();
    run.push(next);
    lastBlank = undefined;
  }
  close();
  return pieces;
}

function follows(
  last: Placed,
  next: Placed,
  blank: Placed | undefined,
  metrics: (style: number) => Metrics,
): boolean {
  const size = Math.max(last.size, next.size);
  if (Math.abs(last.baseline - next.baseline) > BASELINE_TOLERANCE * size) return false;
  const gap = next.start - last.end;
  if (gap < 0 && next.end > last.start && startsWithMark(next.glyph)) return true;
  if (gap < -OVERLAP_MAX * size || gap > metrics(last.glyph.style).wordGap) return false;
  return blank === undefined || (blank.start + blank.end) / 2 >= next.start;
}

function isSign(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= firstSign && code <= lastSign && text.length === 1;
}

function startsWithMark({ text }: Glyph): boolean {
  return !isPlain(text) && isMark.test(text);
}

function pieceOf(glyphs: readonly Placed[], isBlank: boolean): Piece {
  let start = Infinity;
  let end = -Infinity;
  let size = 0;
  for (const glyph of glyphs) {
    start = Math.min(start, glyph.start);
    end = Math.max(end, glyph.end);
    size = Math.max(size, glyph.size);
  }
  return { glyphs, start, end, baseline: glyphs[0]?.baseline ?? 0, size, isBlank };
}

/** Joins the pieces of one line, from left to right along it, to words. */
export function wordsOf(
  pieces: readonly Piece[],
  metrics: (style: number) => Metrics,
  angle: number,
): Word[] {
  const sorted = [...pieces].sort((a, b) => a.start - b.start);
  const shown = sorted.filter((piece) => !piece.isBlank);
  const parts = gapsThatPart(shown, blanksBefore(shown, sorted), metrics);
  const words: Placed[][] = [];
  for (const [index, { glyphs }] of shown.entries()) {
    const word = words.at(-1);
    if (word === undefined || parts[index] === true) words.push(glyphs.slice());
    else for (const glyph of glyphs) word.push(glyph);
  }
  return words.map((glyphs) => wordOf(glyphs, angle));
}

/** For each of the pieces that show something, whether a blank of the document stands in the gap before it. */
function blanksBefore(shown: readonly Piece[], sorted: readonly Piece[]): boolean[] {
  const blanks = sorted.filter((piece) => piece.isBlank);
  let next = 0;
  return shown.map((piece, index) => {
    const before = shown[index - 1];
    const end = before === undefined ? -Infinity : before.end - BLANK_OVERLAP_MAX * before.size;
    while (next < blanks.length && middleOf(blanks[next]) < end) next++;
    return next < blanks.length && middleOf(blanks[next]) < piece.start;
  });
}

function middleOf(piece: Piece | undefined): number {
  return piece === undefined ? 0 : (piece.start + piece.end) / 2;
}

/** For each piece whether a gap parts it from the one before. */
function gapsThatPart(
  pieces: readonly Piece[],
  hasBlank: readonly boolean[],
  metrics: (style: number) => Metrics,
): boolean[] {
  const parts = pieces.map((piece, index) => {
    const before = pieces[index - 1];
    if (before === undefined) return true;
    const size = Math.max(before.size, piece.size);
    const gap = piece.start - before.end;
    if (gap < 0 && piece.glyphs[0] !== undefined && startsWithMark(piece.glyphs[0].glyph)) return false;
    if (gap < -OVERLAP_MAX * size) return true;
    return hasBlank[index] === true || gap > metrics(before.glyphs[0]?.glyph.style ?? 0).wordGap;
  });
  joinSpacedLetters(pieces, hasBlank, parts, metrics);
  return parts;
}

/** Letters that stand alone, all as far from each other, are one word, unless blanks of the document are between them. */
function joinSpacedLetters(
  pieces: readonly Piece[],
  hasBlank: readonly boolean[],
  parts: boolean[],
  metrics: (style: number) => Metrics,
): void {
  const isAlone = (piece: Piece | undefined): boolean =>
    piece?.glyphs.length === 1 && /\p{L}/u.test(piece.glyphs[0]?.glyph.text ?? '');
  const gapBefore = (index: number): number => (pieces[index]?.start ?? 0) - (pieces[index - 1]?.end ?? 0);
  const joinIfSpaced = (first: number, end: number): void => {
    const gaps: number[] = [];
    for (let index = first + 1; index < end; index++) gaps.push(gapBefore(index));
    const usual = median(gaps);
    const alike = gaps.filter((gap) => Math.abs(gap - usual) < LETTER_SPACING_SPREAD * usual);
    const piece = pieces[first];
    if (
      piece === undefined ||
      usual > LETTER_SPACING_MAX * piece.size ||
      alike.length < LETTERS_ALIKE_MIN * gaps.length
    )
      return;
    const widest = usual * (1 + LETTER_SPACING_SPREAD) + metrics(piece.glyphs[0]?.glyph.style ?? 0).blank / 2;
    for (let index = first + 1; index < end; index++) {
      if (hasBlank[index] === false) parts[index] = gapBefore(index) > widest;
    }
  };
  let from = 0;
  while (from < pieces.length) {
    let to = from + 1;
    while (
      to < pieces.length &&
      isAlone(pieces[to]) &&
      isAlone(pieces[to - 1]) &&
      gapBefore(to) < 2 * LETTER_SPACING_MAX * (pieces[to]?.size ?? 0)
    )
      to++;
    if (to - from >= LETTERS_SPACED_MIN) joinIfSpaced(from, to);
    from = to;
  }
}

function wordOf(placed: readonly Placed[], angle: number): Word {
  const inOrder = isInOrder(placed) ? placed : placed.toSorted(byPlace);
  const first = inOrder[0]?.glyph;
  const baseline = baselineOf(first, angle);
  return wordOfGlyphs(
    { angle, baseline },
    inOrder.map(({ glyph }) => glyph),
  );
}

function byPlace(a: Placed, b: Placed): number {
  return a.start - b.start || a.end - b.end;
}

function isInOrder(placed: readonly Placed[]): boolean {
  for (let index = 1; index < placed.length; index++)
    if (byPlace(placed[index - 1] as Placed, placed[index] as Placed) > 0) return false;
  return true;
}

/** A word of glyphs that stand in order. */
export function wordOfGlyphs(
  { angle, baseline }: Pick<Word, 'angle' | 'baseline'>,
  glyphs: readonly Glyph[],
): Word {
  return {
    text: inLogicalOrder(glyphs.map(lettersOf)),
    baseline,
    style: mostOf(glyphs),
    angle,
    glyphs,
    ...boxOf(glyphs),
  };
}

function baselineOf(glyph: Glyph | undefined, angle: number): number {
  return (angle === 90 || angle === 270 ? glyph?.x : glyph?.y) ?? 0;
}

function mostOf(glyphs: readonly Glyph[]): number {
  const counts = new Map<number, number>();
  let most = glyphs[0]?.style ?? 0;
  for (const { style } of glyphs) {
    const count = (counts.get(style) ?? 0) + 1;
    counts.set(style, count);
    if (count > (counts.get(most) ?? 0)) most = style;
  }
  return most;
}

/** What a glyph says: of a ligature the letters that it joins, and of Arabic those without the form that they have in a word (Unicode, U+FB00 to U+FDFF, U+FE70 to U+FEFF). */
export function lettersOf({ text }: Glyph): string {
  return isPlain(text)
    ? text
    : text.replaceAll(/[\ufb00-\ufdff\ufe70-\ufefe]/gu, (letter) => letter.normalize('NFKC'));
}

/** The box around all of these. */
export function boxOf(boxes: readonly Box[]): Box {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const box of boxes) {
    left = Math.min(left, box.left);
    top = Math.min(top, box.top);
    right = Math.max(right, box.right);
    bottom = Math.max(bottom, box.bottom);
  }
  return boxes.length === 0 ? { left: 0, top: 0, right: 0, bottom: 0 } : { left, top, right, bottom };
}
