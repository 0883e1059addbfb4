import { CLASS, HEX, NUMERIC, PERCENT, REGULAR, SPACE } from './characters.ts';

// Each function takes bytes, a position and the end of what may be read, and answers a position.
// Nothing here allocates: these are the inner loops of reading.

/** The first position at or after `pos` that is neither white space nor in a comment (ISO 32000-2, 7.2.4). */
export function skipSpace(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end) {
    const kind = CLASS[bytes[pos]!]!;
    if (kind === SPACE) pos++;
    else if (kind === PERCENT) pos = skipLine(bytes, pos, end);
    else break;
  }
  return pos;
}

/** The first position at or after `pos` that ends the line. */
export function skipLine(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end && bytes[pos] !== 10 && bytes[pos] !== 13) pos++;
  return pos;
}

/** The first position at or after `pos` that is not a regular character. */
export function skipRegular(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end && CLASS[bytes[pos]!]! < SPACE) pos++;
  return pos;
}

/**
 * The position after a literal string that opens at `pos` (ISO 32000-2, 7.3.4.2). Where its parentheses do not
 * balance, the complement (`~`) of the position where it is taken to end: before the `endobj` that it
 * swallowed, or at `end`.
 */
export function skipString(bytes: Uint8Array, pos: number, end: number): number {
  let depth = 0;
  for (; pos < end; pos++) {
    const c = bytes[pos]!;
    if (c === 0x28) depth++;
    else if (c === 0x29) {
      if (--depth === 0) return pos + 1;
    } else if (c === 0x5c) pos++;
    else if (c === 0x6a && isSwallowedEnd(bytes, pos, end)) return ~(pos - 5);
  }
  return ~end;
}

/** Whether the `j` at `pos` ends an `endobj` that closes an object: text about PDF is not followed by a new one. */
function isSwallowedEnd(bytes: Uint8Array, pos: number, end: number): boolean {
  if (pos < 6 || !matches(bytes, pos - 5, 'endobj') || CLASS[bytes[pos - 6]!] !== SPACE) return false;
  const next = skipSpace(bytes, pos + 1, end);
  if (next === pos + 1) return false;
  return next >= end || objectHeaderEnd(bytes, next, end) !== -1 || matches(bytes, next, 'xref');
}

/** The position after the header `N G obj` that starts at `pos`, or -1 where there is none. */
export function objectHeaderEnd(bytes: Uint8Array, pos: number, end: number): number {
  const number = skipDigits(bytes, pos, end);
  const generation = skipSpace(bytes, number, end);
  const generationEnd = skipDigits(bytes, generation, end);
  if (number === pos || generation === number || generationEnd === generation) return -1;
  const keyword = skipSpace(bytes, generationEnd, end);
  return keyword + 3 <= end && matches(bytes, keyword, 'obj') ? keyword + 3 : -1;
}

/** What the header `N G obj` at or after `pos` says, white space skipped; undefined where there is none. */
export function readObjectHeader(
  bytes: Uint8Array,
  pos: number,
  end: number,
): { readonly number: number; readonly generation: number; readonly end: number } | undefined {
  const at = skipSpace(bytes, pos, end);
  const headerEnd = objectHeaderEnd(bytes, at, end);
  if (headerEnd === -1) return undefined;
  const generation = readDigits(bytes, skipSpace(bytes, skipDigits(bytes, at, end), end), end);
  return { number: readDigits(bytes, at, end), generation, end: headerEnd };
}

/** Longest header that is taken for a damaged one. */
const DAMAGED_HEADER_BYTES_MAX = 24;

/**
 * The position after a header that starts at `pos` and of which only the number is sound (`3 ? obj`, `3 0 ob j`, `3 obj`),
 * or -1. What follows the number up to the end of the line, or the first delimiter, has a letter of `obj`.
 */
export function damagedHeaderEnd(bytes: Uint8Array, pos: number, end: number): number {
  const number = skipDigits(bytes, pos, end);
  if (number === pos || number - pos > 10 || number >= end || CLASS[bytes[number]!] !== SPACE) return -1;
  const limit = Math.min(end, pos + DAMAGED_HEADER_BYTES_MAX);
  let letters = 0;
  for (let at = number; at < limit; at++) {
    const c = bytes[at]!;
    const isLineEnd = c === 10 || c === 13;
    if (isLineEnd || CLASS[c]! > SPACE) return letters > 0 && (isLineEnd || c !== 0x3e) ? at : -1;
    if (c === 0x6f || c === 0x62 || c === 0x6a) letters++;
  }
  return -1;
}

/** Position of the header that ends with the `obj` at `pos`, or -1 if that is part of another word. */
export function objectHeaderStart(bytes: Uint8Array, pos: number): number {
  const generationEnd = skipSpaceBack(bytes, pos);
  const generation = skipDigitsBack(bytes, generationEnd);
  const numberEnd = skipSpaceBack(bytes, generation);
  const number = skipDigitsBack(bytes, numberEnd);
  if (generation === generationEnd || numberEnd === generation || number === numberEnd) return -1;
  if (number > 0 && continuesWord(bytes[number - 1]!)) return -1;
  // Digits that end one line and digits that begin the next are not meant together.
  return beginsLine(bytes, generation) && !beginsLine(bytes, number) ? -1 : number;
}

/** Whether digits after a byte belong to its word: all but `endobj` and `endstream`, after which a space may be missing. */
function continuesWord(c: number): boolean {
  const isLetter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a && c < 0x80;
  return CLASS[c] === NUMERIC || (isLetter && c !== 0x6a && c !== 0x6d);
}

/** Whether a position is the first of a line; -1 is none. */
export function beginsLine(bytes: Uint8Array, pos: number): boolean {
  return pos === 0 || (pos > 0 && (bytes[pos - 1] === 0x0a || bytes[pos - 1] === 0x0d));
}

function skipSpaceBack(bytes: Uint8Array, pos: number): number {
  while (pos > 0 && CLASS[bytes[pos - 1]!] === SPACE) pos--;
  return pos;
}

function skipDigitsBack(bytes: Uint8Array, pos: number): number {
  while (pos > 0 && bytes[pos - 1]! >= 48 && bytes[pos - 1]! <= 57) pos--;
  return pos;
}

/**
 * Bytes of the `<<` at `pos` if one of its two is lost or another (`E<`, `<E`, `<` alone), or 0: where a key follows, there is
 * neither a string nor a number.
 */
export function damagedOpening(bytes: Uint8Array, pos: number, end: number): number {
  const [first, second] = [bytes[pos]!, bytes[pos + 1]!];
  if ((first === 0x3c) === (second === 0x3c) || (first !== 0x3c && CLASS[first] !== REGULAR)) return 0;
  const length = second === 0x2f ? 1 : 2;
  const key = skipSpace(bytes, pos + length, end);
  const letter = bytes[key + 1]!;
  return key + 1 < end && bytes[key] === 0x2f && letter >= 0x41 && letter <= 0x5a ? length : 0;
}

/** The position after a hexadecimal string that opens at `pos` (ISO 32000-2, 7.3.4.3), or `~end` where it does not close. */
export function skipHexString(bytes: Uint8Array, pos: number, end: number): number {
  const close = bytes.indexOf(0x3e, pos);
  return close === -1 || close >= end ? ~end : close + 1;
}

/** The first position at or after `pos` that is not a digit. */
export function skipDigits(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end && isDigit(bytes[pos]!)) pos++;
  return pos;
}

/** The end of the reference `N G R` that starts at `pos`, or -1 where there is none. */
export function referenceEnd(bytes: Uint8Array, pos: number, end: number): number {
  let next = skipDigits(bytes, pos, end);
  if (next === pos || CLASS[bytes[next]!] !== SPACE) return -1;
  pos = skipSpace(bytes, next, end);
  next = skipDigits(bytes, pos, end);
  if (next === pos || next - pos > 5 || CLASS[bytes[next]!] !== SPACE) return -1;
  pos = skipSpace(bytes, next, end);
  if (bytes[pos] !== 0x52 || pos >= end) return -1;
  return pos + 1 < end && CLASS[bytes[pos + 1]!]! < SPACE ? -1 : pos + 1;
}

/** The digits from `pos` on as a number; a float once past 2^53, 0 where there are none. */
export function readDigits(bytes: Uint8Array, pos: number, end: number): number {
  let value = 0;
  for (; pos < end && isDigit(bytes[pos]!); pos++) value = value * 10 + bytes[pos]! - 48;
  return value;
}

/** Whether the bytes at `pos` are this ASCII text. */
export function matches(bytes: Uint8Array, pos: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[pos + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Whether the name between the positions (after its slash) is this one, escapes undone. */
export function nameIs(bytes: Uint8Array, from: number, to: number, name: string): boolean {
  if (to - from === name.length) return matches(bytes, from, name);
  if (to - from < name.length + 2) return false;
  for (let pos = from; pos < to; pos++) if (bytes[pos] === 0x23) return readName(bytes, from, to) === name;
  return false;
}

/** A name's bytes (after its slash) as text, one character for each byte, `#` escapes undone (ISO 32000-2, 7.3.5). */
export function readName(bytes: Uint8Array, from: number, to: number): string {
  let name = '';
  for (let pos = from; pos < to; pos++) {
    let code = bytes[pos]!;
    if (code === 0x23 && pos + 2 < to && HEX[bytes[pos + 1]!]! < 16 && HEX[bytes[pos + 2]!]! < 16) {
      code = HEX[bytes[pos + 1]!]! * 16 + HEX[bytes[pos + 2]!]!;
      pos += 2;
    }
    name += String.fromCharCode(code);
  }
  return name;
}

/** The bytes as text, one character for each byte. */
export function readAscii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let pos = from; pos < to; pos++) text += String.fromCharCode(bytes[pos]!);
  return text;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
