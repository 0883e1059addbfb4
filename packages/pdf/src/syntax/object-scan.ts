import { ELEMENTS_MAX, tooManyElements } from './bounds.ts';
import { CLASS, LESS, NUMERIC, OPEN_BRACKET, SLASH } from './characters.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import { Parser } from './parser.ts';
import { endsObject, MARK_STRIDE, Scanner } from './scanner.ts';
import { damagedOpening, nameIs, readName, skipRegular, skipSpace } from './tokens.ts';
import { transcribe, type Rewriting } from './transcribe.ts';

/** Fields of one entry: key from and to (after the slash), value from and to, first mark and the one after the last. */
const STRIDE = 6;
/** Dictionaries up to this size are looked through for keys that come twice. */
const COMPARED_MAX = 64;

/**
 * The outline of one object: where it ends and, if it is a dictionary, where each of its own keys and values lies.
 * Values are not built; they are copied as bytes, or parsed one by one where they must be understood. One instance
 * serves many objects, one after another.
 */
export class ObjectScan {
  readonly scanner: Scanner;
  bytes: Uint8Array = new Uint8Array(0);
  /** Whether the object is a dictionary, or the dictionary of a stream. */
  isDictionary = false;
  /** Position of the object's first byte. */
  start = 0;
  /** Position after the object. */
  end = 0;
  /** Whether the object ran into the end of the bytes. */
  ranOut = false;
  /** Number of entries of the dictionary. */
  count = 0;
  #entries = new Int32Array(STRIDE * 32);
  /** One bit for each key of the dictionary that is being read. */
  #bits = 0;
  readonly #nestingMax: number;

  constructor(nestingMax: number) {
    this.#nestingMax = nestingMax;
    this.scanner = new Scanner(nestingMax);
  }

  /**
   * Reads the object at `start`. With `strings`, its strings go through `Rewriting.string` when copied, but for those that
   * are never encrypted.
   */
  read(bytes: Uint8Array, start: number, end: number, strings: boolean): void {
    const { scanner } = this;
    scanner.clear();
    scanner.strings = strings;
    this.bytes = bytes;
    this.count = 0;
    this.start = skipSpace(bytes, start, end);
    const isSound = bytes[this.start] === 0x3c && bytes[this.start + 1] === 0x3c && this.start + 1 < end;
    const opening = isSound ? 2 : damagedOpening(bytes, this.start, end);
    this.isDictionary = opening > 0;
    scanner.repaired = this.isDictionary && !isSound;
    if (this.isDictionary) this.#readEntries(bytes, this.start + opening, end);
    else {
      this.end = scanner.scan(bytes, this.start, end);
      this.ranOut = scanner.ranOut;
    }
    if (strings && scanner.count > 0 && this.#maySign()) this.#clearSignatures();
  }

  /** Whether a signature may be part of the object. */
  #maySign(): boolean {
    const { bytes, start, end } = this;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    const has = (name: string): boolean => text.includes(name, 0, 'latin1');
    // A name may be spelt with escapes.
    return has('#') || (has('/Contents') && (has('/ByteRange') || has('/Sig') || has('/DocTimeStamp')));
  }

  /** Finds the strings that are never encrypted, as the parser does. */
  #clearSignatures(): void {
    const parser = new Parser(this.bytes, this.start, this.end, this.#nestingMax, (bytes) => bytes);
    parser.object();
    this.scanner.clearStrings(new Set(parser.clearStrings));
  }

  /** Forgets the object, so that it counts as `null`. */
  clear(): void {
    this.scanner.clear();
    this.scanner.repaired = false;
    this.isDictionary = false;
    this.count = 0;
    this.start = 0;
    this.end = 0;
  }

  #readEntries(bytes: Uint8Array, start: number, end: number): void {
    const { scanner } = this;
    let pos = start;
    this.#bits = 0;
    this.ranOut = false;
    for (;;) {
      pos = skipSpace(bytes, pos, end);
      if (pos >= end) {
        this.ranOut = true;
        break;
      }
      const c = bytes[pos]!;
      if (CLASS[c] === SLASH) {
        const keyEnd = skipRegular(bytes, pos + 1, end);
        const from = skipSpace(bytes, keyEnd, end);
        const mark = scanner.count;
        const to = scanner.scan(bytes, from, end);
        this.#addEntry(pos + 1, keyEnd, from, to, mark);
        pos = to;
      } else if (c === 0x3e && bytes[pos + 1] === 0x3e) {
        this.end = pos + 2;
        return;
      } else {
        // Something that is no key: step over it, unless the object has ended without its brackets.
        scanner.repaired = true;
        if (endsObject(bytes, pos, skipRegular(bytes, pos, end), end)) break;
        const mark = scanner.count;
        pos = Math.max(scanner.scan(bytes, pos, end), pos + 1);
        scanner.count = mark;
      }
    }
    scanner.repaired = true;
    this.end = Math.min(pos, end);
  }

  #addEntry(keyFrom: number, keyTo: number, from: number, to: number, mark: number): void {
    let at = this.count++ * STRIDE;
    if (at === this.#entries.length) {
      if (this.count > ELEMENTS_MAX) throw tooManyElements();
      const grown = new Int32Array(at * 2);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    const entries = this.#entries;
    entries[at++] = keyFrom;
    entries[at++] = keyTo;
    entries[at++] = from;
    entries[at++] = to;
    entries[at++] = mark;
    entries[at] = this.scanner.count;
    // Keys with the same bit may be equal; most objects have no two.
    const bit = 1 << ((this.bytes[keyFrom]! + 7 * this.bytes[keyTo - 1]! + keyTo - keyFrom) & 31);
    if ((this.#bits & bit) !== 0 && this.count <= COMPARED_MAX) this.#dropEqual(keyFrom, keyTo);
    this.#bits |= bit;
  }

  /** Of equal keys the last counts, and the others go. */
  #dropEqual(keyFrom: number, keyTo: number): void {
    const entries = this.#entries;
    for (let at = 0; at < (this.count - 1) * STRIDE; at += STRIDE) {
      const from = entries[at]!;
      let same = keyTo - keyFrom === entries[at + 1]! - from;
      for (let key = from, pos = keyFrom; same && pos < keyTo; key++, pos++)
        same = this.bytes[key] === this.bytes[pos];
      if (!same) continue;
      entries.copyWithin(at, at + STRIDE, this.count * STRIDE);
      this.count--;
      this.scanner.repaired = true;
      return;
    }
  }

  /** Index of the entry with this key, or -1. Of equal keys the last counts. */
  find(key: string): number {
    const entries = this.#entries;
    const first = key.charCodeAt(0);
    for (let index = this.count - 1; index >= 0; index--) {
      const from = entries[index * STRIDE]!;
      const c = this.bytes[from];
      if (c !== first && c !== 0x23) continue;
      if (nameIs(this.bytes, from, entries[index * STRIDE + 1]!, key)) return index;
    }
    return -1;
  }

  /** Whether the entry with this key is the name given. */
  isName(key: string, name: string): boolean {
    const index = this.find(key);
    return index !== -1 && this.valueIs(index, name);
  }

  /** Whether the value of an entry is the name given. */
  valueIs(index: number, name: string): boolean {
    const from = this.valueFrom(index);
    return this.bytes[from] === 0x2f && nameIs(this.bytes, from + 1, this.valueTo(index), name);
  }

  /** The value of the entry with this key, if it is a name. */
  name(key: string): string | undefined {
    const index = this.find(key);
    const from = index === -1 ? -1 : this.valueFrom(index);
    return this.bytes[from] === 0x2f ? readName(this.bytes, from + 1, this.valueTo(index)) : undefined;
  }

  /** Whether there is an entry with this key that is not `null`. */
  has(key: string): boolean {
    const index = this.find(key);
    if (index === -1) return false;
    const from = this.valueFrom(index);
    const length = this.valueTo(index) - from;
    return length > 0 && !(length === 4 && this.bytes[from] === 0x6e);
  }

  /** Whether the value of an entry is an array, a dictionary or a reference. */
  isContainer(index: number): boolean {
    const from = this.valueFrom(index);
    const kind = CLASS[this.bytes[from]!]!;
    if (kind === LESS) return this.bytes[from + 1] === 0x3c;
    return kind === OPEN_BRACKET || (kind === NUMERIC && this.bytes[this.valueTo(index) - 1] === 0x52);
  }

  /** The references in the object, or in one entry: number and generation, in order. */
  references(index?: number): number[] {
    const { marks, count } = this.scanner;
    const entry = index === undefined ? -1 : index * STRIDE;
    const from = entry === -1 ? 0 : this.#entries[entry + 4]!;
    const to = entry === -1 ? count : this.#entries[entry + 5]!;
    const found: number[] = [];
    for (let at = from * MARK_STRIDE; at < to * MARK_STRIDE; at += MARK_STRIDE)
      if (marks[at + 2]! >= 0) found.push(marks[at + 2]!, marks[at + 3]!);
    return found;
  }

  /** Position of an entry's value. */
  valueFrom(index: number): number {
    return this.#entries[index * STRIDE + 2]!;
  }

  /** Position after an entry's value. */
  valueTo(index: number): number {
    return this.#entries[index * STRIDE + 3]!;
  }

  /** The key of an entry. */
  key(index: number): string {
    const at = index * STRIDE;
    return readName(this.bytes, this.#entries[at]!, this.#entries[at + 1]!);
  }

  /** Whether the key of an entry is this one. */
  keyIs(index: number, key: string): boolean {
    const at = index * STRIDE;
    return nameIs(this.bytes, this.#entries[at]!, this.#entries[at + 1]!, key);
  }

  /** Writes one entry, key and value. */
  copyEntry(index: number, out: ByteBuffer, rewriting: Rewriting): void {
    const entries = this.#entries;
    const at = index * STRIDE;
    const from = entries[at + 2]!;
    const to = entries[at + 3]!;
    out.range(this.bytes, entries[at]! - 1, entries[at + 1]!);
    if (from === to) return out.ascii(' null');
    if (CLASS[this.bytes[from]!]! < SLASH) out.byte(32);
    transcribe(out, this.bytes, from, to, this.scanner, entries[at + 4]!, entries[at + 5]!, rewriting);
  }

  /** Writes the whole object; an empty one is `null`. */
  copy(out: ByteBuffer, rewriting: Rewriting): void {
    if (this.isDictionary) {
      out.ascii('<<');
      for (let index = 0; index < this.count; index++) this.copyEntry(index, out, rewriting);
      out.ascii('>>');
    } else if (this.end === this.start) out.ascii('null');
    else transcribe(out, this.bytes, this.start, this.end, this.scanner, 0, this.scanner.count, rewriting);
  }
}
