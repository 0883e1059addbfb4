import { countOf, nameOf } from '../../objects/object.ts';
import { readLabels } from '../carriers/labels.ts';
import { once } from '../once.ts';
import type { Facts } from './facts.ts';

/** Characters of a prefix. */
const PREFIX_CHARACTERS_MAX = 256;
/** Numbers above are written in digits whatever the style, for `A` to `ZZZ` and Roman numbers grow with them. */
const LETTERS_MAX = 26 * 100;
const ROMAN_MAX = 100_000;

const ROMAN: readonly (readonly [value: number, text: string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

/** The label of each page (ISO 32000-2, 12.4.2), or undefined if the document has none. */
export function pageLabels(facts: Facts): readonly string[] | undefined {
  const { document } = facts;
  const { starts, labels, areFound } = once(document, readLabels);
  if (!areFound) return undefined;
  return starts.flatMap((start, index) => {
    const label = labels[index]!;
    const style = nameOf(label.get('S'));
    const prefix = (facts.text(label.get('P')) ?? '').slice(0, PREFIX_CHARACTERS_MAX);
    const first = Math.max(1, countOf(label.get('St')) ?? 1);
    const length = (starts[index + 1] ?? document.pages.length) - start;
    return Array.from({ length }, (_, offset) => prefix + inStyle(first + offset, style));
  });
}

/** A number in one of the styles; nothing without one. */
function inStyle(number: number, style: string | undefined): string {
  switch (style) {
    case undefined:
      return '';
    case 'a':
      return letters(number);
    case 'A':
      return letters(number).toUpperCase();
    case 'r':
      return roman(number);
    case 'R':
      return roman(number).toUpperCase();
    default:
      return String(number);
  }
}

/** a to z, then aa to zz. */
function letters(number: number): string {
  if (number > LETTERS_MAX) return String(number);
  return String.fromCharCode(97 + ((number - 1) % 26)).repeat(Math.ceil(number / 26));
}

function roman(number: number): string {
  if (number > ROMAN_MAX) return String(number);
  let text = '';
  let left = number;
  for (const [value, sign] of ROMAN) for (; left >= value; left -= value) text += sign;
  return text;
}
