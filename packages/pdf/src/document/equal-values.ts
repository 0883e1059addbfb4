import { DataComparison } from '../file/data-comparison.ts';
import { streamKeywordEnd } from '../file/reading.ts';
import { PdfStream } from '../objects/stream.ts';
import { ByteBuffer } from '../syntax/byte-buffer.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import { DIGEST_START, digestWith } from './digest.ts';
import type { Document } from './document.ts';
import { eachReached } from './reach.ts';
import { ResourceWalk } from './resource-walk.ts';

/** Objects with one digest that another is compared with. */
const COMPARED_MAX = 4;
/** Bytes of a stream's data that go into its digest, from its end, where checksums stand. */
const SAMPLED_BYTES = 64;

/**
 * Finds objects of a document that are equal: what pages and appearances show, by its bytes and by those of what it refers
 * to, from below, so that two fonts are equal if their descriptors and programs are. Answers, by number, the first equal
 * object. Objects with an identity, appearances of annotations and streams of an encrypted document equal only themselves.
 */
export function equalValues(document: Document): ReadonlyMap<number, number> {
  return new EqualValues(document).find();
}

/** The text of an object with equal objects made one, and the data of a stream. */
interface Value {
  readonly text: Uint8Array;
  readonly stream: PdfStream | undefined;
}

class EqualValues {
  readonly #document: Document;
  readonly #scan: ObjectScan;
  readonly #equal = new Map<number, number>();
  /** By digest, objects that differ. */
  readonly #known = new Map<number, number[]>();
  readonly #data = new DataComparison();
  readonly #sample = new Uint8Array(SAMPLED_BYTES);
  /** Streams that annotations refer to as their appearances. */
  readonly #appearances = new Set<number>();

  constructor(document: Document) {
    this.#document = document;
    this.#scan = new ObjectScan(document.file.reading.limits.nestingMax);
  }

  find(): ReadonlyMap<number, number> {
    const { file } = this.#document;
    const holders = this.#lookAround();
    const isEncrypted = file.security !== undefined;
    const walk = new ResourceWalk(this.#document, {
      isValue: (number) => !this.#appearances.has(number),
      leave: (number) => this.#place(number, isEncrypted),
    });
    walk.pages();
    for (const number of holders) walk.entries(number, HOLDING);
    return this.#equal;
  }

  /** Looks at all that the pages and the catalog reach: notes appearances, answers the objects that have resources. */
  #lookAround(): number[] {
    const { file } = this.#document;
    const holders: number[] = [];
    const pending: number[] = [];
    const note = (references: readonly number[]): void => {
      for (let at = 0; at < references.length; at += 2) {
        this.#appearances.add(references[at]!);
        pending.push(references[at]!);
      }
    };
    eachReached(this.#document, (number, _raw, scan) => {
      if (HOLDING.some((key) => scan.find(key) !== -1)) holders.push(number);
      const index = scan.find('AP');
      if (index !== -1) note(scan.references(index));
    });
    const scan = this.#scan;
    // Their dictionaries may be objects of their own, and those of their states too.
    for (let level = 0; level < 2; level++)
      for (const number of pending.splice(0)) {
        const raw = file.scan(number, scan);
        if (raw !== undefined && streamKeywordEnd(raw, scan) === -1) note(scan.references());
      }
    return holders;
  }

  /** Finds the object's equal among those before it, or adds it to them. */
  #place(number: number, isEncrypted: boolean): void {
    const value = this.#value(number);
    if (value === undefined || (isEncrypted && value.stream !== undefined)) return;
    const digest = this.#digest(value);
    const known = this.#known.get(digest);
    if (known === undefined) this.#known.set(digest, [number]);
    else {
      const text = value.text.slice();
      const equal = known.find((other) => this.#isEqual(other, text, value.stream));
      if (equal !== undefined) this.#equal.set(number, equal);
      else if (known.length < COMPARED_MAX) known.push(number);
    }
  }

  #isEqual(other: number, text: Uint8Array, stream: PdfStream | undefined): boolean {
    const value = this.#value(other);
    if (value === undefined || Buffer.compare(value.text, text) !== 0) return false;
    if (stream === undefined || value.stream === undefined) return stream === value.stream;
    const { reading } = this.#document.file;
    return (
      stream.length === value.stream.length &&
      this.#data.isEqual(reading, value.stream.offset, reading, stream.offset, stream.length)
    );
  }

  readonly #out = new ByteBuffer(4096);

  /** The text is valid until the next one is asked for. */
  #value(number: number): Value | undefined {
    const { file } = this.#document;
    const scan = this.#scan;
    const out = this.#out;
    const raw = file.scan(number, scan);
    if (raw === undefined) return undefined;
    const decrypt = file.stringDecryption(raw);
    const rewriting = {
      reference: (each: number, generation: number): number =>
        file.table.has(each, generation) ? (this.#equal.get(each) ?? each) : 0,
      string: (bytes: Uint8Array): Uint8Array => (decrypt === undefined ? bytes : decrypt(bytes)),
    };
    out.clear();
    if (streamKeywordEnd(raw, scan) === -1) {
      scan.copy(out, rewriting);
      return { text: out.view(), stream: undefined };
    }
    for (let index = 0; index < scan.count; index++)
      if (!scan.keyIs(index, 'Length')) scan.copyEntry(index, out, rewriting);
    const stream = file.build(raw, scan);
    return stream instanceof PdfStream ? { text: out.view(), stream } : undefined;
  }

  /** Of the text, the length of the data and its end. */
  #digest({ text, stream }: Value): number {
    let hash = DIGEST_START;
    const add = (byte: number): void => {
      hash = digestWith(hash, byte);
    };
    for (const byte of text) add(byte);
    if (stream !== undefined) {
      const { length, offset } = stream;
      for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) add(rest % 256);
      const count = Math.min(length, SAMPLED_BYTES);
      const { window } = this.#document.file.reading;
      for (const byte of window.peek(offset + length - count, this.#sample.subarray(0, count))) add(byte);
    }
    return hash;
  }
}

/** Keys whose values are resources, wherever they stand. */
const HOLDING = ['Resources', 'DR'];
