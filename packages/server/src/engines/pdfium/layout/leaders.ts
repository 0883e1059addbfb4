import type { Word } from './model.ts';
import { wordOfGlyphs } from './words.ts';

/** A word, or dots that lead from a text to what stands at the other side of the page. */
export interface Token {
  readonly word: Word;
  readonly isLeader: boolean;
}

/** Dots in a row from which they lead somewhere: three are an ellipsis. */
const DOTS_MIN = 4;
/** The same where each is a word of its own. */
const DOTS_APART_MIN = 3;

const isDot = /^[.·․‥…]+$/u;

/** The words of a line; dots that stand at a word are parted from it. */
export function tokensOf(words: readonly Word[]): Token[] {
  const parted = words.flatMap(partedFromDots);
  const tokens: Token[] = [];
  let from = 0;
  while (from < parted.length) {
    let to = from;
    let dots = 0;
    while (isDot.test(parted[to]?.text ?? '')) dots += parted[to++]?.glyphs.length ?? 0;
    const isLeader = dots >= DOTS_MIN || to - from >= DOTS_APART_MIN;
    if (to === from) to++;
    for (const word of parted.slice(from, to)) tokens.push({ word, isLeader });
    from = to;
  }
  return tokens;
}

/** Dots before and behind a word, if they are many, as words of their own. */
function partedFromDots(word: Word): Word[] {
  const { glyphs } = word;
  let start = 0;
  while (isDot.test(glyphs[start]?.text ?? '')) start++;
  if (start === glyphs.length) return [word];
  let end = glyphs.length;
  while (isDot.test(glyphs[end - 1]?.text ?? '')) end--;
  if (start < DOTS_MIN) start = 0;
  if (glyphs.length - end < DOTS_MIN) end = glyphs.length;
  if (start === 0 && end === glyphs.length) return [word];
  const parts = [glyphs.slice(0, start), glyphs.slice(start, end), glyphs.slice(end)];
  return parts.filter((part) => part.length > 0).map((part) => wordOfGlyphs(word, part));
}
