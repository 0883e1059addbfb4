import { isPlain } from './plain.ts';

/** Letters that are written from right to left (Unicode Bidi_Class R and AL, by the scripts in use today). */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const isLetter = /\p{L}/u;
const isDigit = /\p{Nd}/u;
/** What holds two digits together to one number (Unicode Bidi_Class ES and CS), and what stands at its end (ET). */
const joinsDigits = /^[-+.,:/\u00a0\u066b\u066c]$/u;
const endsNumber = /^[%‰\u066a°\p{Sc}#+-]$/u;
const mirrored: Readonly<Record<string, string>> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
};

type Direction = 'right-to-left' | 'left-to-right' | 'number' | 'neutral';

/**
 * Brings what is shown from left to right into the order in which it is read: the reverse of the Unicode Bidirectional Algorithm
 * (UAX #9), for a line without embeddings. `shown` has the text of one glyph in each place, each in logical order by itself.
 */
export function inLogicalOrder(shown: readonly string[]): string {
  const text = shown.join('');
  if (!hasRightToLeft(text)) return text;
  const letters = withMarks(shown);
  const directions = numbersJoined(letters);
  return isMostlyRightToLeft(directions)
    ? ofRightToLeftLine(letters, directions)
    : ofLeftToRightLine(letters, directions);
}

export function hasRightToLeft(text: string): boolean {
  return !isPlain(text) && rightToLeft.test(text);
}

/** Points and vowel signs stay with the letter that they stand at. */
function withMarks(shown: readonly string[]): string[] {
  const letters: string[] = [];
  for (const text of shown) {
    if (letters.length > 0 && /^\p{M}/u.test(text)) letters[letters.length - 1] += text;
    else letters.push(text);
  }
  return letters;
}

function isMostlyRightToLeft(directions: readonly Direction[]): boolean {
  let balance = 0;
  for (const direction of directions) {
    if (direction === 'right-to-left') balance++;
    if (direction === 'left-to-right') balance--;
  }
  return balance >= 0;
}

function directionOf(text: string): Direction {
  if (isDigit.test(text)) return 'number';
  if (rightToLeft.test(text)) return 'right-to-left';
  return isLetter.test(text) ? 'left-to-right' : 'neutral';
}

/** Signs within a number, and at an end of it, are part of it (UAX #9, W4 and W5). */
function numbersJoined(shown: readonly string[]): Direction[] {
  const directions = shown.map(directionOf);
  const isNumber = (index: number): boolean => directions[index] === 'number';
  for (let index = 1; index < shown.length - 1; index++) {
    if (isNumber(index - 1) && isNumber(index + 1) && joinsDigits.test(shown[index] ?? ''))
      directions[index] = 'number';
  }
  for (const [index, text] of shown.entries()) {
    if (
      directions[index] === 'neutral' &&
      endsNumber.test(text) &&
      (isNumber(index - 1) || isNumber(index + 1))
    ) {
      directions[index] = 'number';
    }
  }
  return directions;
}

/** All is turned around, and what runs from left to right in it is turned back. */
function ofRightToLeftLine(shown: readonly string[], directions: readonly Direction[]): string {
  const parts: string[] = [];
  let from = 0;
  while (from < shown.length) {
    const to = endOfLeftToRight(directions, from);
    if (to === from) parts.push(shown[from++] ?? '');
    else {
      parts.push(shown.slice(from, to).join(''));
      from = to;
    }
  }
  return withBrackets(parts.toReversed());
}

/** Where the run ends that begins at `from` and is shown from left to right: words with all between them, or one number. */
function endOfLeftToRight(directions: readonly Direction[], from: number): number {
  const first = directions[from];
  if (first !== 'left-to-right' && first !== 'number') return from;
  let to = from + 1;
  let hasLetters = first === 'left-to-right';
  for (let index = to; index < directions.length; index++) {
    const direction = directions[index];
    if (direction === 'right-to-left') break;
    if (direction === 'neutral') continue;
    hasLetters ||= direction === 'left-to-right';
    const isApart = index > to;
    if (isApart && !hasLetters) break;
    to = index + 1;
  }
  return to;
}

/** What runs from right to left is turned around, with all between its letters; numbers within it are not. */
function ofLeftToRightLine(shown: readonly string[], directions: readonly Direction[]): string {
  const parts: string[] = [];
  let from = 0;
  while (from < shown.length) {
    if (directions[from] !== 'right-to-left') {
      parts.push(shown[from++] ?? '');
      continue;
    }
    let to = from + 1;
    for (let index = to; index < shown.length && directions[index] !== 'left-to-right'; index++) {
      if (directions[index] === 'right-to-left') to = index + 1;
    }
    parts.push(ofRightToLeftLine(shown.slice(from, to), directions.slice(from, to)));
    from = to;
  }
  return parts.join('');
}

/** Some documents name the bracket that is shown, others the one that is meant: those are taken that open before they close. */
function withBrackets(parts: readonly string[]): string {
  const brackets = parts.filter((part) => part in mirrored);
  const opens = (part: string | undefined): boolean => part !== undefined && '([{<«'.includes(part);
  const isTurned =
    brackets.length > 0 && !opens(brackets[0]) && (brackets.length === 1 || opens(brackets.at(-1)));
  return (isTurned ? parts.map((part) => mirrored[part] ?? part) : parts).join('');
}
