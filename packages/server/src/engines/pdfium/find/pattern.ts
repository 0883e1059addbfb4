import { RE2JS } from 're2js';
import type { SearchSettings } from '../../capabilities.ts';
import { fromDotNet, PatternRefused } from './dotnet.ts';

/** What is looked for, ready to be looked for. */
export interface Pattern {
  /** Places in a text where it stands: from the first unit of UTF-16 to behind the last. None is empty. */
  find(text: string): Iterable<readonly [from: number, to: number]>;
}

const patternLengthMax = 4_000;
/** A word that is divided at the end of a line. */
const division = '(?:[-\\x{AD}]\\n)?';
const wordCharacter = /[\p{L}\p{M}\p{N}_]/u;

/** Throws PatternRefused, with what a pattern has to be. */
export function patternOf({ text, isExpression, caseSensitive, words }: SearchSettings): Pattern {
  if (text.length > patternLengthMax) throw new PatternRefused(`at most ${patternLengthMax} characters`);
  const written = isExpression ? fromDotNet(text) : literal(text, words);
  const compiled = compile(written, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  return {
    *find(page) {
      const matcher = compiled.matcher(page);
      while (matcher.find()) {
        const [from, to] = [matcher.start(), matcher.end()];
        if (to > from && (words === 'none' || isWhole(page, from, to))) yield [from, to];
      }
    },
  };
}

function compile(pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(pattern, flags | RE2JS.MULTILINE);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new PatternRefused(`a regular expression that can be read (${reason.slice(0, 200)})`);
  }
}

/** Text as a pattern: a blank in it stands for blanks and line breaks, and it may be divided by hyphens. */
function literal(text: string, words: SearchSettings['words']): string {
  const blanks = words === 'smart' ? '\\s*' : '\\s+';
  const parts = text.trim().split(/\s+/u);
  return parts.map((part) => [...part].map((letter) => RE2JS.quote(letter)).join(division)).join(blanks);
}

/** Whether no word goes on at either end. */
function isWhole(text: string, from: number, to: number): boolean {
  const before = lastOf(text.slice(Math.max(0, from - 2), from));
  const [first = ''] = text.slice(from, from + 2);
  const last = lastOf(text.slice(Math.max(from, to - 2), to));
  const [after = ''] = text.slice(to, to + 2);
  const goesOn = (one: string, other: string) => wordCharacter.test(one) && wordCharacter.test(other);
  return !goesOn(before, first) && !goesOn(last, after);
}

function lastOf(text: string): string {
  return [...text].at(-1) ?? '';
}
