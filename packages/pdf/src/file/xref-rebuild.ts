import { countOf, type PdfDictionary } from '../objects/object.ts';
import { PdfReference } from '../objects/reference.ts';
import type { ObjectScan } from '../syntax/object-scan.ts';
import {
  beginsLine,
  damagedHeaderEnd,
  matches,
  objectHeaderEnd,
  objectHeaderStart,
  readDigits,
  skipSpace,
} from '../syntax/tokens.ts';
import { objectAt, parseScanned, scanAt, streamKeywordEnd, type RawObject, type Reading } from './reading.ts';
import { dataOffset, endsAt, findStreamEnd } from './stream-extent.ts';
import { deletedObjects } from './xref-deleted.ts';
import type { Xref } from './xref-read.ts';
import { FREE, IN_FILE, XrefTable } from './xref-table.ts';

/** Bytes looked at in one piece. */
const PIECE_BYTES = 1024 * 1024;
/** Longest header `N G obj` that is found: ten digits, five digits, white space. */
const HEADER_BYTES_MAX = 48;

/** A table that was rebuilt from the objects themselves. */
export interface RebuiltXref extends Xref {
  /** Object streams in the order of the file; what is in them is not in the table yet, since they may be encrypted. */
  readonly objectStreams: { readonly number: number; readonly offset: number }[];
  /** The last object that looks like the encryption dictionary of the standard security handler. */
  readonly encryption: PdfReference | undefined;
}

/**
 * Finds all objects and trailers of a file by one linear scan. Of two objects with one number the later counts; what the
 * table of an update deletes is gone.
 */
export function rebuildXref(reading: Reading): RebuiltXref {
  const scan = new LinearScan(reading);
  while (!scan.atEnd) scan.step();
  if (!scan.trailer.has('Root') && scan.catalog !== undefined) scan.trailer.set('Root', scan.catalog);
  return scan;
}

/** Whether the dictionary that was scanned is one of the standard security handler (ISO 32000-2, table 21). */
function isEncryption(scan: ObjectScan): boolean {
  return scan.isName('Filter', 'Standard') && ['V', 'R', 'O', 'U', 'P'].every((key) => scan.has(key));
}

class LinearScan implements RebuiltXref {
  readonly table: XrefTable;
  readonly trailer: PdfDictionary = new Map();
  readonly objectStreams: { number: number; offset: number }[] = [];
  catalog: PdfReference | undefined;
  encryption: PdfReference | undefined;
  atEnd = false;
  readonly #reading: Reading;
  /** Where to go on; bytes before it are done with. */
  #offset = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.table = new XrefTable(reading.limits.objectsMax);
  }

  /** Goes on to the next `obj`, or to the end of the piece if there is none. */
  step(): void {
    const { window, work } = this.#reading;
    const offset = this.#offset;
    window.need(offset, 2 * HEADER_BYTES_MAX, PIECE_BYTES);
    const { bytes, origin } = window;
    const start = offset - origin;
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, start + PIECE_BYTES));
    const found = piece.indexOf('obj', start, 'latin1');
    const stop = found === -1 ? piece.length : found;
    work.spend(stop - start);
    this.#trailers(piece.subarray(0, stop), start, origin);
    if (found !== -1) {
      const header = objectHeaderStart(bytes, found);
      this.#offset = origin + found + 3;
      if (header !== -1) this.#object(origin + header, -1);
      else this.#damaged(found);
    } else if (origin + piece.length >= window.size) this.atEnd = true;
    else this.#offset = Math.max(offset + 1, origin + piece.length - HEADER_BYTES_MAX);
  }

  #trailers(piece: Buffer, start: number, origin: number): void {
    const { scan, limits } = this.#reading;
    for (
      let at = piece.indexOf('trailer', start, 'latin1');
      at !== -1;
      at = piece.indexOf('trailer', at + 7, 'latin1')
    ) {
      scanAt(this.#reading, origin + at + 7, scan, false);
      const dictionary = parseScanned(scan, limits);
      if (!(dictionary instanceof Map)) continue;
      this.#adopt(dictionary);
      for (const number of deletedObjects(piece.subarray(start, at), dictionary))
        if (this.table.kinds[number] === IN_FILE || this.objectStreams.length > 0)
          this.table.set(number, FREE, origin + at, 0);
    }
  }

  /** Takes over what a trailer says; later ones win. */
  #adopt(dictionary: PdfDictionary): void {
    for (const key of ['Root', 'Info', 'ID', 'Encrypt']) {
      const value = dictionary.get(key);
      if (value !== undefined && value !== null) this.trailer.set(key, value);
    }
  }

  /** Given the position of an `obj` that ends no header: notes the object whose damaged header it is in, or comes before. */
  #damaged(found: number): void {
    const { bytes, origin } = this.#reading.window;
    let at = found;
    if (matches(bytes, found - 3, 'end')) {
      at = skipSpace(bytes, found + 3, bytes.length);
      if (objectHeaderEnd(bytes, at, bytes.length) !== -1) return;
    } else while (!beginsLine(bytes, at) && found - at < HEADER_BYTES_MAX) at--;
    if (damagedHeaderEnd(bytes, at, bytes.length) !== -1)
      this.#object(origin + at, readDigits(bytes, at, bytes.length));
  }

  /** Notes the object whose header is at an offset, and goes on after it. Of a damaged header the number is given. */
  #object(header: number, expected: number): void {
    const { scan, limits } = this.#reading;
    const raw = objectAt(this.#reading, header, scan, false, expected);
    if (raw === undefined) return;
    const keywordEnd = streamKeywordEnd(raw, scan);
    const hasEnd = keywordEnd !== -1 || matches(raw.bytes, skipSpace(raw.bytes, scan.end, raw.end), 'endobj');
    // Of a damaged header the number may be wrong too, and one without an end may be no object at all.
    const isDoubtful = expected !== -1 || !hasEnd;
    if (raw.number === 0 || (isDoubtful && this.table.has(raw.number, raw.generation))) return;
    if (!this.table.set(raw.number, IN_FILE, header, raw.generation)) return;
    if (!scan.isDictionary) return;
    if (keywordEnd === -1 && isEncryption(scan))
      this.encryption = new PdfReference(raw.number, raw.generation);
    if (scan.isName('Type', 'Catalog')) this.catalog = new PdfReference(raw.number, raw.generation);
    if (keywordEnd !== -1) {
      if (scan.isName('Type', 'ObjStm')) this.objectStreams.push({ number: raw.number, offset: header });
      if (scan.isName('Type', 'XRef')) this.#adopt(parseScanned(scan, limits) as PdfDictionary);
      this.#offset = this.#streamEnd(raw, keywordEnd);
    } else if (hasEnd || !scan.scanner.repaired) this.#offset = raw.origin + scan.end;
  }

  #streamEnd(raw: RawObject, keywordEnd: number): number {
    const { window, scan, limits } = this.#reading;
    const dictionary = parseScanned(scan, limits);
    const start = dataOffset(window, keywordEnd);
    const claimed = dictionary instanceof Map ? countOf(dictionary.get('Length')) : undefined;
    if (claimed !== undefined && endsAt(window, start, claimed)) return start + claimed;
    const end = findStreamEnd(this.#reading, start);
    // Without an end, what follows may well be more objects.
    return end === -1 ? raw.origin + scan.end : end;
  }
}
