import { DataComparison } from '../file/data-comparison.ts';
import { PdfName } from '../objects/name.ts';
import { PdfNumber } from '../objects/number.ts';
import type { PdfDictionary, PdfObject } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import { PdfStream } from '../objects/stream.ts';
import { PdfString } from '../objects/string.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import type { DocumentCopy } from './copy.ts';
import { hasIdentity } from './identity.ts';

/** Values that are looked at to compare two objects, and levels of them. */
const VALUES_MAX = 2_000;
const DEPTH_MAX = 50;
/** Of data that is larger than this, so many samples of this size are compared first. */
const SAMPLED_MIN = 64 * 1024;
const SAMPLES = 8;
const SAMPLE_BYTES = 32;

/** An object of a document that is being copied. */
export interface Part {
  readonly copy: DocumentCopy;
  readonly object: PdfObject;
}

/** Finds out whether two objects mean the same wherever they stand, by all their bytes and those of what they refer to. */
export class Comparison {
  #scan: ObjectScan | undefined;
  readonly #data = new DataComparison();
  #left = 0;
  #depth = 0;
  /** Pairs of old numbers that are equal, or are being compared. */
  readonly #pairs = new Set<string>();

  /**
   * Builds an object that may stand for an equal one: it goes into the result as it is, and it is more than its identity.
   * Undefined if it is none.
   */
  part(copy: DocumentCopy, number: number): Part | undefined {
    const { file } = copy.document;
    const scan = (this.#scan ??= new ObjectScan(file.reading.limits.nestingMax));
    const raw = file.scan(number, scan);
    if (raw === undefined || hasIdentity(scan) || copy.edits.concerns(number, scan)) return undefined;
    return { copy, object: file.build(raw, scan) };
  }

  /** Whether two objects are equal; false too where finding out would take too much. */
  isEqual(a: Part, b: Part): boolean {
    this.#left = VALUES_MAX;
    this.#pairs.clear();
    return this.#values(a.copy, a.object, b.copy, b.object);
  }

  #values(copyA: DocumentCopy, a: PdfObject, copyB: DocumentCopy, b: PdfObject): boolean {
    if (--this.#left < 0 || this.#depth > DEPTH_MAX) return false;
    this.#depth++;
    try {
      if (a instanceof PdfReference || b instanceof PdfReference) return this.#references(copyA, a, copyB, b);
      if (a instanceof PdfStream) return b instanceof PdfStream && this.#streams(copyA, a, copyB, b);
      if (a instanceof Map) return b instanceof Map && this.#dictionaries(copyA, a, copyB, b);
      if (Array.isArray(a))
        return (
          Array.isArray(b) &&
          a.length === b.length &&
          a.every((each, index) => this.#values(copyA, each, copyB, b[index]!))
        );
    } finally {
      this.#depth--;
    }
    if (a instanceof PdfName) return b instanceof PdfName && a.value === b.value;
    if (a instanceof PdfNumber) return b instanceof PdfNumber && a.text === b.text;
    if (a instanceof PdfString) return b instanceof PdfString && Buffer.compare(a.bytes, b.bytes) === 0;
    return a === b;
  }

  #references(copyA: DocumentCopy, a: PdfObject, copyB: DocumentCopy, b: PdfObject): boolean {
    const number = numberOf(copyA, a);
    if (number !== 0 && number === numberOf(copyB, b)) return true;
    const partA = this.#target(copyA, a);
    const partB = this.#target(copyB, b);
    if (partA === undefined || partB === undefined) return false;
    if (a instanceof PdfReference && b instanceof PdfReference) {
      const pair = `${a.number} ${b.number}`;
      if (this.#pairs.has(pair)) return true;
      this.#pairs.add(pair);
    }
    return this.#values(copyA, partA.object, copyB, partB.object);
  }

  /** What a value leads to; undefined if that has an identity or is changed on its way. */
  #target(copy: DocumentCopy, object: PdfObject): Part | undefined {
    if (!(object instanceof PdfReference)) return { copy, object };
    const { table } = copy.document.file;
    if (copy.isLeftOut(object.number) || !table.has(object.number, object.generation))
      return { copy, object: null };
    return this.part(copy, object.number);
  }

  #dictionaries(copyA: DocumentCopy, a: PdfDictionary, copyB: DocumentCopy, b: PdfDictionary): boolean {
    if (a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !this.#values(copyA, value, copyB, other)) return false;
    }
    return true;
  }

  /** Compares first what costs least. Where the data lies and how its length is given does not count. */
  #streams(copyA: DocumentCopy, a: PdfStream, copyB: DocumentCopy, b: PdfStream): boolean {
    const [fileA, fileB] = [copyA.document.file, copyB.document.file];
    // What is encrypted is not what it says.
    if (a.length !== b.length || fileA.security !== undefined || fileB.security !== undefined) return false;
    const isEqualAt = (at: number, length: number): boolean =>
      this.#data.isEqual(fileA.reading, a.offset + at, fileB.reading, b.offset + at, length);
    const distance = a.length < SAMPLED_MIN ? a.length : Math.floor(a.length / SAMPLES);
    for (let at = distance; at + SAMPLE_BYTES < a.length; at += distance)
      if (!isEqualAt(at, SAMPLE_BYTES)) return false;
    return this.#dictionaries(copyA, withoutLength(a), copyB, withoutLength(b)) && isEqualAt(0, a.length);
  }
}

/** The number in the new file of what a reference leads to, 0 if it has none. */
function numberOf(copy: DocumentCopy, object: PdfObject): number {
  return object instanceof PdfReference && copy.document.file.table.has(object.number, object.generation)
    ? copy.numberOf(object.number)
    : 0;
}

function withoutLength({ dictionary }: PdfStream): PdfDictionary {
  const rest = new Map(dictionary);
  rest.delete('Length');
  return rest;
}
