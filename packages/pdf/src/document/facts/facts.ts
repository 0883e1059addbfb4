import { PdfError } from '../../errors.ts';
import type { PdfFile } from '../../file/file.ts';
import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';
import { textOfString } from '../../syntax/text-string.ts';
import type { Document, OfDocument } from '../document.ts';

/** Bytes of one text that are read. */
const TEXT_BYTES_MAX = 1024 * 1024;
/** Bytes of all texts of a section: a small file may name one long text a thousand times. */
const TEXT_BYTES_TOTAL_MAX = 16 * 1024 * 1024;
/** Elements of all its lists, for the same reason. */
const ITEMS_TOTAL_MAX = 1_000_000;
/** Bytes of a name that are read. */
const NAME_BYTES_MAX = 1024;
/** Of the work that a document may cause, what one section may. */
const SECTION_SHARE = 1 / 2;
/** Parts that may fail before the section does. */
const FAILURES_MAX = 100;
/** References to references that are followed. */
const HOPS_MAX = 32;

/** A stream, and the object it is: that goes into its decryption. */
export interface LocatedStream {
  readonly stream: PdfStream;
  readonly number: number;
  readonly generation: number;
}

/** Reads facts of a document without trusting it: what is too long is cut, what cannot be read is left out, with a warning. */
export class Facts implements OfDocument {
  readonly document: Document;
  #failures = 0;
  #itemsLeft = ITEMS_TOTAL_MAX;
  #textLeft = TEXT_BYTES_TOTAL_MAX;
  #pageIndexes: Map<number, number> | undefined;

  constructor(document: Document) {
    this.document = document;
  }

  get file(): PdfFile {
    return this.document.file;
  }

  /** Says what was cut or left out. */
  warn(sentence: string): void {
    this.file.reading.warnings.add(sentence);
  }

  /**
   * What a step reads, or `otherwise` with a warning where the document makes that impossible. `what` begins a sentence.
   * Throws PdfError after many failures, as all that the document may cost is then spent.
   */
  part<Result>(what: string, otherwise: Result, step: () => Result): Result {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof PdfError) || this.#failures++ === FAILURES_MAX) throw error;
      this.warn(`${what} could not be read: ${error.message}`);
      return otherwise;
    }
  }

  /**
   * A part that may cost much: it gets bounds of its own, and a share of the work that the document may cause, so that one
   * that takes too much leaves the others theirs.
   */
  section<Result>(what: string, otherwise: Result, step: () => Result): Result {
    this.#failures = 0;
    this.#itemsLeft = ITEMS_TOTAL_MAX;
    this.#textLeft = TEXT_BYTES_TOTAL_MAX;
    this.file.reading.work.renew(SECTION_SHARE);
    return this.part(what, otherwise, step);
  }

  /** The first `countMax` elements; `what` (plural, it begins a sentence) tells the warning what was too many. */
  first<Item>(items: readonly Item[], countMax: number, what: string): readonly Item[] {
    const count = Math.min(items.length, countMax, this.#itemsLeft);
    this.#itemsLeft -= count;
    if (items.length === count) return items;
    this.warn(`${what} were too many; only the first ${count} are told.`);
    return items.slice(0, count);
  }

  /** Follows references until there is none; `null` where they lead nowhere. */
  resolve(object: PdfObject | undefined): PdfObject {
    if (!(object instanceof PdfReference)) return object ?? null;
    return this.part('An object', null, () => this.file.resolve(object));
  }

  /** The object of a number; `null` if there is none. */
  object(number: number): PdfObject {
    return this.part('An object', null, () => this.file.object(number));
  }

  /** The value of an entry, references followed; `null` if there is none. */
  get(dictionary: PdfObject | undefined, key: string): PdfObject {
    if (dictionary instanceof PdfStream) return this.get(dictionary.dictionary, key);
    const value = dictionary instanceof Map ? dictionary.get(key) : undefined;
    return this.resolve(value);
  }

  /** The value of an entry that is a dictionary; an empty one in place of anything else. */
  dictionary(dictionary: PdfObject | undefined, key: string): PdfDictionary {
    const value = this.get(dictionary, key);
    return value instanceof Map ? value : new Map();
  }

  /** The elements of an entry that is an array, none of anything else. */
  array(dictionary: PdfObject | undefined, key: string): readonly PdfObject[] {
    const value = this.get(dictionary, key);
    return Array.isArray(value) ? value : [];
  }

  /** What a text string or a text stream says (ISO 32000-2, 7.9.2 and 7.9.3), or undefined where the object is neither. */
  text(object: PdfObject | undefined): string | undefined {
    const value = this.resolve(object);
    if (value instanceof PdfString) return textOfString(this.#bounded(value.bytes));
    if (!(value instanceof PdfStream)) return undefined;
    return this.part('A text', undefined, () => {
      const located = this.stream(object);
      return located === undefined ? undefined : textOfString(this.#bounded(this.bytes(located)));
    });
  }

  /** What an entry says as a text. */
  textOf(dictionary: PdfObject | undefined, key: string): string | undefined {
    return dictionary instanceof Map && dictionary.has(key) ? this.text(dictionary.get(key)) : undefined;
  }

  /** The text of a name, which should be UTF-8 (ISO 32000-2, 7.3.5); undefined where the object is none. */
  name(object: PdfObject | undefined): string | undefined {
    const name = nameOf(this.resolve(object));
    if (name === undefined) return undefined;
    const bytes = Buffer.from(name.slice(0, NAME_BYTES_MAX), 'latin1');
    const text = bytes.toString('utf8');
    return text.includes('\ufffd') ? bytes.toString('latin1') : text;
  }

  /** The name that is the value of an entry. */
  nameOf(dictionary: PdfObject | undefined, key: string): string | undefined {
    return this.name(this.get(dictionary, key));
  }

  /** The stream that a reference leads to. */
  stream(reference: PdfObject | undefined): LocatedStream | undefined {
    const { file } = this;
    let current = reference;
    for (let hop = 0; hop < HOPS_MAX && current instanceof PdfReference; hop++) {
      const { number, generation } = current;
      if (!file.has(number, generation)) return undefined;
      const object = file.object(number);
      if (object instanceof PdfStream) return { stream: object, number, generation };
      current = object;
    }
    return undefined;
  }

  /** The data of a stream, decrypted and decoded. Throws PdfError. */
  bytes({ stream, number, generation }: LocatedStream): Uint8Array {
    return this.file.decodedBytes(stream, number, generation);
  }

  /** The index of the page that an object is, from 0; of a page that comes twice the first. */
  pageIndex(number: number): number | undefined {
    if (this.#pageIndexes === undefined) {
      this.#pageIndexes = new Map();
      for (const [index, page] of this.document.pages.entries())
        if (page.number !== 0 && !this.#pageIndexes.has(page.number))
          this.#pageIndexes.set(page.number, index);
    }
    return this.#pageIndexes.get(number);
  }

  #bounded(bytes: Uint8Array): Uint8Array {
    const max = Math.min(TEXT_BYTES_MAX, this.#textLeft);
    const cut = bytes.length > max ? bytes.subarray(0, max & ~1) : bytes;
    if (cut.length < bytes.length) this.warn('A text of the document was too long and was cut.');
    this.#textLeft -= cut.length;
    return cut;
  }
}
