import { PdfName } from '../objects/name.ts';
import { PdfNumber } from '../objects/number.ts';
import { nameOf, type PdfDictionary, type PdfObject } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import { PdfString } from '../objects/string.ts';
import { ELEMENTS_MAX, tooManyElements } from './bounds.ts';
import {
  CLASS,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  GREATER,
  LESS,
  NUMERIC,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  SLASH,
} from './characters.ts';
import { endsObject, Scanner } from './scanner.ts';
import { readString } from './strings.ts';
import {
  damagedOpening,
  readAscii,
  readDigits,
  readName,
  referenceEnd,
  skipDigits,
  skipHexString,
  skipRegular,
  skipSpace,
  skipString,
} from './tokens.ts';

/** A container that is still open: the elements read, and whether it is a dictionary. */
interface Open {
  readonly elements: PdfObject[];
  readonly isDictionary: boolean;
  /** The string that follows the name /Contents, and where it stands. */
  contents?: { readonly value: PdfString; readonly from: number; readonly to: number };
}

/**
 * Builds objects from bytes, for the few that must be understood; copies go by the scanner. Nothing makes it fail: what
 * is missing is `null`, what is unbalanced is closed, what is nested deeper than `nestingMax` is `null`; but too many elements are a PdfError `limit`. No recursion.
 */
export class Parser {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** Where reading goes on. */
  position: number;
  readonly #nestingMax: number;
  readonly #decrypt: ((bytes: Uint8Array) => Uint8Array) | undefined;
  /** Positions of strings that are not encrypted, although others are: signatures. Only with `decrypt`. */
  readonly clearStrings: number[] = [];

  constructor(
    bytes: Uint8Array,
    position: number,
    end: number,
    nestingMax: number,
    decrypt?: (bytes: Uint8Array) => Uint8Array,
  ) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.#nestingMax = nestingMax;
    this.#decrypt = decrypt;
  }

  /** The next object. A keyword that ends an object (`endobj`, `stream`) is `null` and is not passed. */
  object(): PdfObject {
    const stack: Open[] = [];
    let elements = 0;
    for (;;) {
      const { bytes, end } = this;
      const pos = skipSpace(bytes, this.position, end);
      this.position = pos;
      const kind = pos < end ? CLASS[bytes[pos]!]! : -1;
      let value: PdfObject;
      const opening = kind === OPEN_BRACKET ? 1 : openingOf(bytes, pos, end, stack.length);
      if (opening > 0) {
        if (stack.length < this.#nestingMax) {
          this.position = pos + opening;
          stack.push({ elements: [], isDictionary: kind !== OPEN_BRACKET });
          continue;
        }
        this.position = new Scanner(0).scan(bytes, pos, end);
        value = null;
      } else if (kind === CLOSE_BRACKET || kind === GREATER) {
        if (stack.length === 0) return null;
        const isDictionary = kind === GREATER;
        this.position = pos + (isDictionary && bytes[pos + 1] === 0x3e ? 2 : 1);
        // A stray bracket closes nothing; one that closes an outer container closes the inner ones too.
        if (
          (isDictionary && this.position === pos + 1) ||
          !stack.some((open) => open.isDictionary === isDictionary)
        )
          continue;
        while (stack.at(-1)!.isDictionary !== isDictionary) this.#closeInto(stack);
        value = this.#close(stack);
      } else if (kind === -1 || endsObject(bytes, pos, skipRegular(bytes, pos, end), end)) {
        if (stack.length === 0) return null;
        while (stack.length > 1) this.#closeInto(stack);
        return this.#close(stack);
      } else {
        if (kind === CLOSE_PARENTHESIS && stack.length > 0) {
          this.position++;
          continue;
        }
        value = this.#scalar(kind, pos);
      }
      if (++elements > ELEMENTS_MAX) throw tooManyElements();
      const parent = stack.at(-1);
      if (parent === undefined) return value;
      if (this.#decrypt !== undefined && value instanceof PdfString && isContents(parent))
        parent.contents = { value, from: pos, to: this.position };
      parent.elements.push(value);
    }
  }

  #closeInto(stack: Open[]): void {
    const value = this.#close(stack);
    stack.at(-1)!.elements.push(value);
  }

  #close(stack: Open[]): PdfObject {
    const { elements, isDictionary, contents } = stack.pop()!;
    if (!isDictionary) return elements;
    const result = dictionary(elements);
    if (contents !== undefined && result.get('Contents') === contents.value && isSignature(result)) {
      this.clearStrings.push(contents.from);
      result.set('Contents', new PdfString(readString(this.bytes, contents.from, contents.to)));
    }
    return result;
  }

  #scalar(kind: number, pos: number): PdfObject {
    const { bytes, end } = this;
    if (kind === SLASH) {
      this.position = skipRegular(bytes, pos + 1, end);
      return new PdfName(readName(bytes, pos + 1, this.position));
    }
    if (kind === OPEN_PARENTHESIS) return this.#string(pos, skipString(bytes, pos, end));
    if (kind === LESS) return this.#string(pos, skipHexString(bytes, pos, end));
    if (kind === NUMERIC) return this.#number(pos);
    this.position = Math.max(skipRegular(bytes, pos, end), pos + 1);
    const word = readAscii(bytes, pos, Math.min(this.position, pos + 6));
    return word === 'true' || (word === 'false' ? false : null);
  }

  #string(from: number, to: number): PdfString {
    this.position = to < 0 ? ~to : to;
    const value = readString(this.bytes, from, this.position);
    return new PdfString(this.#decrypt === undefined ? value : this.#decrypt(value));
  }

  #number(pos: number): PdfObject {
    const { bytes, end } = this;
    const to = referenceEnd(bytes, pos, end);
    if (to === -1) {
      this.position = skipRegular(bytes, pos, end);
      return new PdfNumber(readAscii(bytes, pos, this.position));
    }
    this.position = to;
    const generation = skipSpace(bytes, skipDigits(bytes, pos, end), end);
    return new PdfReference(readDigits(bytes, pos, end), readDigits(bytes, generation, end));
  }
}

function isContents({ isDictionary, elements }: Open): boolean {
  const key = elements.at(-1);
  return isDictionary && key instanceof PdfName && key.value === 'Contents';
}

/**
 * Whether a dictionary is a signature, whose /Contents is never encrypted (ISO 32000-2, 7.6.2). /Type may be missing, and
 * then /ByteRange tells.
 */
function isSignature(entries: PdfDictionary): boolean {
  const type = nameOf(entries.get('Type'));
  return type === 'Sig' || type === 'DocTimeStamp' || (entries.get('ByteRange') ?? null) !== null;
}

/** Bytes of the `<<` at a position, or 0; only that of the outermost dictionary may be damaged. */
function openingOf(bytes: Uint8Array, pos: number, end: number, depth: number): number {
  if (bytes[pos] === 0x3c && bytes[pos + 1] === 0x3c && pos + 1 < end) return 2;
  return depth === 0 ? damagedOpening(bytes, pos, end) : 0;
}

/** Elements taken two by two; what stands where a key belongs and is no name is left out. */
function dictionary(elements: readonly PdfObject[]): PdfDictionary {
  const result: PdfDictionary = new Map();
  for (let i = 0; i < elements.length; i++) {
    const key = elements[i];
    if (key instanceof PdfName) result.set(key.value, elements[++i] ?? null);
  }
  return result;
}
