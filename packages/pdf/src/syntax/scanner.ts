import { ELEMENTS_MAX, tooManyElements } from './bounds.ts';
import {
  BRACE,
  CLASS,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  GREATER,
  LESS,
  NUMERIC,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  PERCENT,
  SLASH,
  SPACE,
} from './characters.ts';
import {
  beginsLine,
  matches,
  objectHeaderStart,
  readDigits,
  referenceEnd,
  skipDigits,
  skipHexString,
  skipLine,
  skipRegular,
  skipSpace,
  skipString,
} from './tokens.ts';

/** What a mark says of its range of bytes. A kind that is not negative is a reference to that object number. */
export const MARK_STRING = -1;
/** The range is to be replaced by `null`: it is nested too deeply. */
export const MARK_NULL = -2;
/** The range is to be left out. */
export const MARK_DROP = -3;
/** A missing `]` belongs here. */
export const MARK_CLOSE_ARRAY = -4;
/** A missing `>>` belongs here. */
export const MARK_CLOSE_DICTIONARY = -5;
/** A missing `)` belongs here. */
export const MARK_CLOSE_STRING = -6;
/** A missing `>` belongs here. */
export const MARK_CLOSE_HEX_STRING = -7;
/** A string that is not encrypted, although the others are. */
export const MARK_CLEAR_STRING = -8;

/** Fields of one mark: from, to, kind, generation. */
export const MARK_STRIDE = 4;

/** Larger object numbers are read as 0, which no reference can mean. */
const OBJECT_NUMBER_MAX = 0x7ffffffe;

/**
 * Finds the end of a value and, on the way, what must change when the value is copied elsewhere: references, strings
 * that are encrypted, and repairs of what is broken. It builds no objects, which makes it the fast path of every
 * copy: the bytes between the marks are written as they are. One instance serves many values.
 */
export class Scanner {
  /** `MARK_STRIDE` numbers for each mark, in the order of their positions. */
  marks = new Int32Array(MARK_STRIDE * 64);
  /** Number of marks. */
  count = 0;
  /** Whether strings are marked. */
  strings = false;
  /** Whether the last value ran into the end of the bytes. */
  ranOut = false;
  /** Whether anything was found broken since this was last set to false. */
  repaired = false;
  /** For each open container, the mark that would close it. */
  readonly #open: Int8Array;
  readonly #nestingMax: number;

  /** What is nested deeper than `nestingMax` is replaced by `null`. */
  constructor(nestingMax: number) {
    this.#nestingMax = nestingMax;
    this.#open = new Int8Array(nestingMax + 1);
  }

  /**
   * The position after the value at `start`, its marks appended. An empty value (at a closing bracket or a keyword
   * such as `endobj`) ends where it starts. It is one long function because it is the loop that everything waits for.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let pos = start;
    let depth = 0;
    let deepStart = 0;
    let deepCount = 0;
    const max = this.#nestingMax;
    this.ranOut = false;
    for (;;) {
      if (pos >= end) {
        this.ranOut = true;
        this.#closeAll(Math.min(depth, max), end);
        return end;
      }
      const c = bytes[pos]!;
      const kind = CLASS[c]!;
      switch (kind) {
        case SPACE:
          pos++;
          continue;
        case PERCENT:
          pos = skipLine(bytes, pos, end);
          continue;
        case SLASH:
          pos = skipRegular(bytes, pos + 1, end);
          break;
        case NUMERIC: {
          const to = referenceEnd(bytes, pos, end);
          if (to === -1) pos = skipRegular(bytes, pos + 1, end);
          else {
            this.#addReference(bytes, pos, to);
            pos = to;
          }
          break;
        }
        case OPEN_PARENTHESIS:
          pos = this.#string(pos, skipString(bytes, pos, end), end, MARK_CLOSE_STRING);
          break;
        case OPEN_BRACKET:
        case LESS: {
          let closer = MARK_CLOSE_ARRAY;
          if (kind === LESS) {
            if (bytes[pos + 1] !== 0x3c) {
              pos = this.#string(pos, skipHexString(bytes, pos, end), end, MARK_CLOSE_HEX_STRING);
              break;
            }
            closer = MARK_CLOSE_DICTIONARY;
          }
          if (++depth <= max) this.#open[depth] = closer;
          else if (depth === max + 1) {
            deepStart = pos;
            deepCount = this.count;
          }
          pos += closer === MARK_CLOSE_ARRAY ? 1 : 2;
          continue;
        }
        case CLOSE_BRACKET:
        case GREATER: {
          if (depth === 0) return pos;
          const closer = kind === CLOSE_BRACKET ? MARK_CLOSE_ARRAY : MARK_CLOSE_DICTIONARY;
          const to = kind === CLOSE_BRACKET || bytes[pos + 1] !== 0x3e ? pos + 1 : pos + 2;
          if (depth > max) {
            if (--depth === max) {
              this.count = deepCount;
              this.#add(deepStart, to, MARK_NULL, 0);
              this.repaired = true;
            }
          } else if (to - pos === 1 && kind === GREATER) this.#drop(pos, to);
          else if (this.#open[depth] === closer) depth--;
          else depth = this.#closeTo(closer, depth, pos, to);
          pos = to;
          break;
        }
        case CLOSE_PARENTHESIS:
          if (depth === 0) return pos;
          if (depth <= max) this.#drop(pos, pos + 1);
          pos++;
          continue;
        case BRACE:
          pos++;
          break;
        default: {
          const to = skipRegular(bytes, pos, end);
          if (endsObject(bytes, pos, to, end)) {
            this.#closeAll(Math.min(depth, max), pos);
            return pos;
          }
          if (depth <= max && !isConstant(bytes, pos, to)) {
            this.repaired = true;
            this.#add(pos, to, MARK_NULL, 0);
          }
          pos = to;
        }
      }
      if (depth === 0) return pos;
    }
  }

  /** Forgets the marks. */
  clear(): void {
    this.count = 0;
  }

  /** Marks the strings at these positions as not encrypted. */
  clearStrings(positions: ReadonlySet<number>): void {
    const { marks } = this;
    for (let at = 0; at < this.count * MARK_STRIDE; at += MARK_STRIDE)
      if (marks[at + 2] === MARK_STRING && positions.has(marks[at]!)) marks[at + 2] = MARK_CLEAR_STRING;
  }

  #add(from: number, to: number, kind: number, generation: number): void {
    let at = this.count++ * MARK_STRIDE;
    if (at === this.marks.length) {
      if (this.count > ELEMENTS_MAX) throw tooManyElements();
      const grown = new Int32Array(at * 2);
      grown.set(this.marks);
      this.marks = grown;
    }
    const { marks } = this;
    marks[at++] = from;
    marks[at++] = to;
    marks[at++] = kind;
    marks[at] = generation;
  }

  #addReference(bytes: Uint8Array, from: number, to: number): void {
    const number = readDigits(bytes, from, to);
    const generation = skipSpace(bytes, skipDigits(bytes, from, to), to);
    this.#add(from, to, number > OBJECT_NUMBER_MAX ? 0 : number, readDigits(bytes, generation, to));
  }

  /** Notes the string from `from` to `to`, as `skipString` answers it; gives the position after it. */
  #string(from: number, to: number, end: number, closer: number): number {
    const stop = to < 0 ? ~to : to;
    if (this.strings) this.#add(from, stop, MARK_STRING, 0);
    if (to < 0) {
      this.repaired = true;
      if (stop >= end) this.ranOut = true;
      if (!this.strings) this.#add(stop, stop, closer, 0);
    }
    return stop;
  }

  #drop(from: number, to: number): void {
    this.repaired = true;
    this.#add(from, to, MARK_DROP, 0);
  }

  /** A bracket closes another container than the innermost: those inside it end here; a stray bracket is left out. */
  #closeTo(closer: number, depth: number, pos: number, to: number): number {
    this.repaired = true;
    let level = depth;
    while (level > 0 && this.#open[level] !== closer) level--;
    if (level === 0) {
      this.#drop(pos, to);
      return depth;
    }
    for (let inner = depth; inner > level; inner--) this.#add(pos, pos, this.#open[inner]!, 0);
    return level - 1;
  }

  #closeAll(depth: number, pos: number): void {
    if (depth > 0) this.repaired = true;
    for (let level = depth; level > 0; level--) this.#add(pos, pos, this.#open[level]!, 0);
  }
}

/**
 * Whether a keyword cannot stand inside an object, so that the object must have ended. One that was written over a part of an
 * object, which goes on after it, does not count.
 */
export function endsObject(bytes: Uint8Array, from: number, to: number, end: number): boolean {
  const length = to - from;
  switch (bytes[from]) {
    case 0x65:
      return (
        ((length >= 6 && matches(bytes, from, 'endobj')) ||
          (length >= 9 && matches(bytes, from, 'endstream'))) &&
        !goesOn(bytes, to, end)
      );
    case 0x73:
      return (
        (length >= 6 && matches(bytes, from, 'stream')) ||
        (length === 9 && matches(bytes, from, 'startxref') && !goesOn(bytes, to, end))
      );
    case 0x6f:
      return length >= 3 && matches(bytes, from, 'obj') && beginsLine(bytes, objectHeaderStart(bytes, from));
    case 0x78:
      return length === 4 && matches(bytes, from, 'xref') && !goesOn(bytes, to, end);
    case 0x74:
      return (
        length === 7 &&
        matches(bytes, from, 'trailer') &&
        (matches(bytes, skipSpace(bytes, to, end), '<<') || !goesOn(bytes, to, end))
      );
    default:
      return false;
  }
}

/** Whether a name, a string or a bracket follows, which stand inside of an object only. */
function goesOn(bytes: Uint8Array, pos: number, end: number): boolean {
  const next = skipSpace(bytes, pos, end);
  return next < end && CLASS[bytes[next]!]! > SPACE;
}

/** Whether a word is `true`, `false` or `null`, the only ones that are objects. */
function isConstant(bytes: Uint8Array, from: number, to: number): boolean {
  switch (to - from) {
    case 4:
      return matches(bytes, from, 'true') || matches(bytes, from, 'null');
    case 5:
      return matches(bytes, from, 'false');
    default:
      return false;
  }
}
