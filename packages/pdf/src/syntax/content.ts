import {
  CLASS,
  CLOSE_BRACKET,
  GREATER,
  LESS,
  NUMERIC,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  SLASH,
  SPACE,
} from './characters.ts';
import { readName, skipHexString, skipRegular, skipSpace, skipString } from './tokens.ts';

/** All operators of content streams (ISO 32000-2, table 50), glyph descriptions and compatibility sections included. */
const OPERATORS =
  'b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y \' "';

const OPERATOR_BYTES_MAX = 3;
/** By the bytes of the operator as a number. */
const KNOWN = new Map(OPERATORS.split(' ').map((name) => [codeOf(name), name]));
const BEGIN_IMAGE = codeOf('BI');
const IMAGE_DATA = codeOf('ID');

/** Numbers before an operator that are kept: the last ones. */
const NUMBERS_MAX = 8;

/** What stands before an operator. */
export interface Operands {
  /** The last numbers that stand in no array and no dictionary. */
  readonly numbers: readonly number[];
  /** The last name of those; undefined if there is none. */
  readonly name: string | undefined;
}

/**
 * Reads a content stream (ISO 32000-2, 7.8.2) and tells of each operator that `concerns` picks. Answers whether all of it was
 * understood: where there is an operator that does not exist, or a string or an inline picture without an end, readers differ
 * in what they make of the rest. Each byte is looked at once, but for the ends of inline pictures.
 */
export function readContent(
  bytes: Uint8Array,
  concerns: ReadonlySet<string>,
  tell: (operator: string, operands: Operands) => void,
): boolean {
  const numbers: number[] = [];
  let [nameFrom, nameTo] = [-1, -1];
  let depth = 0;
  const end = bytes.length;
  for (let pos = skipSpace(bytes, 0, end); pos < end; pos = skipSpace(bytes, pos, end)) {
    const kind = CLASS[bytes[pos]!]!;
    if (kind === NUMERIC) {
      const to = skipRegular(bytes, pos + 1, end);
      if (depth === 0) {
        if (numbers.length === NUMBERS_MAX) numbers.shift();
        numbers.push(readNumber(bytes, pos, to));
      }
      pos = to;
    } else if (kind === SLASH) {
      const to = skipRegular(bytes, pos + 1, end);
      if (depth === 0) [nameFrom, nameTo] = [pos + 1, to];
      pos = to;
    } else if (kind === OPEN_PARENTHESIS) {
      pos = skipString(bytes, pos, end);
      if (pos < 0) return false;
    } else if (kind === LESS || kind === GREATER) {
      const isDouble = bytes[pos + 1] === bytes[pos];
      if (isDouble) depth += kind === LESS ? 1 : -1;
      else if (kind === GREATER) return false;
      pos = isDouble ? pos + 2 : skipHexString(bytes, pos, end);
      if (pos < 0 || depth < 0) return false;
    } else if (kind === OPEN_BRACKET || kind === CLOSE_BRACKET) {
      depth += kind === OPEN_BRACKET ? 1 : -1;
      if (depth < 0) return false;
      pos++;
    } else if (kind < SPACE) {
      const to = skipRegular(bytes, pos, end);
      if (depth > 0) {
        pos = to;
        continue;
      }
      const code = wordCode(bytes, pos, to);
      const operator = KNOWN.get(code);
      if (operator === undefined) {
        if (!isConstant(bytes, pos, to)) return false;
        pos = to;
        continue;
      }
      if (concerns.has(operator))
        tell(operator, { numbers, name: nameFrom === -1 ? undefined : readName(bytes, nameFrom, nameTo) });
      numbers.length = 0;
      nameFrom = -1;
      pos = code === BEGIN_IMAGE ? inlineImageEnd(bytes, to, end) : to;
      if (pos < 0) return false;
    } else return false;
  }
  return depth === 0;
}

function codeOf(word: string): number {
  return wordCode(Buffer.from(word, 'latin1'), 0, word.length);
}

/** The bytes of a word as a number; -1 for one that is longer than an operator. */
function wordCode(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > OPERATOR_BYTES_MAX) return -1;
  let code = 0;
  for (let pos = from; pos < to; pos++) code = code * 256 + bytes[pos]!;
  return code;
}

/** Whether a word is an operand of marked content or of an inline picture. */
function isConstant(bytes: Uint8Array, from: number, to: number): boolean {
  const word = Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, 6)).toString('latin1');
  return word === 'true' || word === 'false' || word === 'null';
}

/** Digits with one point and a sign, without making a text of them. */
function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  let scale = 0;
  let isNegative = false;
  for (let pos = from; pos < to; pos++) {
    const c = bytes[pos]!;
    if (c >= 48 && c <= 57) {
      value = value * 10 + c - 48;
      scale *= 10;
    } else if (c === 0x2e && scale === 0) scale = 1;
    else if (c === 0x2d && value === 0 && scale === 0) isNegative = true;
    else if (c !== 0x2b) break;
  }
  if (scale > 1) value /= scale;
  return isNegative ? -value : value;
}

/** Bytes after an `EI` that have to look like content. */
const AFTER_IMAGE_BYTES = 24;

/** The position after the inline picture whose `BI` ends at a position (ISO 32000-2, 8.9.7), or -1 where no end is found. */
function inlineImageEnd(bytes: Uint8Array, from: number, end: number): number {
  let pos = skipSpace(bytes, from, end);
  for (; pos < end; pos = skipSpace(bytes, pos, end)) {
    const kind = CLASS[bytes[pos]!]!;
    if (kind < SPACE) {
      const to = skipRegular(bytes, pos, end);
      if (wordCode(bytes, pos, to) === IMAGE_DATA) {
        pos = to + 1;
        break;
      }
      pos = to;
    } else if (kind === OPEN_PARENTHESIS) {
      pos = skipString(bytes, pos, end);
      if (pos < 0) return -1;
    } else if (kind === SLASH) pos = skipRegular(bytes, pos + 1, end);
    else pos++;
  }
  for (; pos < end; pos++) {
    pos = bytes.indexOf(0x45, pos);
    if (pos === -1 || pos + 2 > end) return -1;
    if (isImageEnd(bytes, pos, end)) return pos + 2;
  }
  return -1;
}

/** Whether the `E` at a position begins the `EI` of a picture: between blanks, and what follows is text. */
function isImageEnd(bytes: Uint8Array, pos: number, end: number): boolean {
  if (bytes[pos + 1] !== 0x49 || CLASS[bytes[pos - 1]!] !== SPACE) return false;
  if (pos + 2 < end && CLASS[bytes[pos + 2]!] !== SPACE) return false;
  const to = Math.min(end, pos + 2 + AFTER_IMAGE_BYTES);
  for (let at = pos + 2; at < to; at++) {
    const c = bytes[at]!;
    if (c > 126 || (c < 32 && (CLASS[c] !== SPACE || c === 0))) return false;
  }
  return true;
}
