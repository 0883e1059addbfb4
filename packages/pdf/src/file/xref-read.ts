import { PdfError } from '../errors.ts';
import { countOf, type PdfDictionary } from '../objects/object.ts';
import { CLASS, SPACE } from '../syntax/characters.ts';
import { matches, readDigits, skipDigits, skipRegular, skipSpace } from '../syntax/tokens.ts';
import type { Header } from './header.ts';
import { parseScanned, scanAt, type Reading } from './reading.ts';
import { readXrefStream } from './xref-stream.ts';
import { FREE, IN_FILE, XrefTable } from './xref-table.ts';

/** How far from the end `startxref` is looked for. */
const TAIL_BYTES = 64 * 1024;
/** Bytes brought in at once while entries are read. */
const ENTRIES_BYTES = 64 * 1024;

/** A cross-reference table and what the trailers say. */
export interface Xref {
  readonly table: XrefTable;
  /** The newest trailer; /Root, /Info, /ID and /Encrypt come from an older one where it has none. */
  readonly trailer: PdfDictionary;
}

/** Entries of the trailer that an older one may supply. */
const TRAILER_KEYS = ['Root', 'Info', 'ID', 'Encrypt'];

/**
 * Reads the cross-reference tables and streams of a file, newest first (ISO 32000-2, 7.5.4 to 7.5.8). Throws PdfError
 * `damaged` where something does not fit, so that the table must be rebuilt, and `limit`.
 */
export function readXref(reading: Reading, header: Header): Xref {
  const table = new XrefTable(reading.limits.objectsMax);
  const trailer: PdfDictionary = new Map();
  const seen = new Set<number>();
  let next: number | undefined = findStartXref(reading);
  while (next !== undefined) {
    if (seen.has(next)) {
      reading.warnings.add('The chain of cross-reference sections was a loop.');
      break;
    }
    seen.add(next);
    if (seen.size > reading.limits.revisionsMax)
      throw new PdfError('limit', 'The document has too many revisions.');
    const section = readSection(reading, header, next, table);
    for (const [key, value] of section)
      if (seen.size === 1 || (TRAILER_KEYS.includes(key) && !trailer.has(key))) trailer.set(key, value);
    const previous = countOf(section.get('Prev'));
    next = previous === 0 ? undefined : previous;
  }
  return { table, trailer };
}

/** The offset after the last `startxref` (ISO 32000-2, 7.5.5). */
function findStartXref({ window }: Reading): number {
  const from = Math.max(0, window.size - TAIL_BYTES);
  window.need(from, window.size - from);
  const { bytes } = window;
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = tail.lastIndexOf('startxref', tail.length, 'latin1');
  const digits = skipSpace(bytes, at + 9, bytes.length);
  const offset = readDigits(bytes, digits, bytes.length);
  if (at === -1 || skipDigits(bytes, digits, bytes.length) === digits || offset >= window.size)
    throw damaged();
  return offset;
}

/** Reads one section, whichever way its offset is counted: from the header, as it should be, or from the first byte. */
function readSection(reading: Reading, header: Header, offset: number, table: XrefTable): PdfDictionary {
  const { window } = reading;
  for (const base of new Set([header.offset, 0])) {
    window.need(offset + base, 64);
    const at = skipSpace(window.bytes, offset + base - window.origin, window.bytes.length);
    if (matches(window.bytes, at, 'xref')) return readTable(reading, window.origin + at + 4, base, table);
    const dictionary = readXrefStream(reading, offset + base, base, table);
    if (dictionary !== undefined) return dictionary;
  }
  throw damaged();
}

/** Reads a table and its trailer, and the stream of a hybrid file that /XRefStm names (ISO 32000-2, 7.5.8.4). */
function readTable(reading: Reading, start: number, base: number, table: XrefTable): PdfDictionary {
  const { window } = reading;
  const freed: number[] = [];
  let offset = start;
  for (;;) {
    window.need(offset, 64);
    const { bytes, origin } = window;
    const at = skipSpace(bytes, offset - origin, bytes.length);
    if (matches(bytes, at, 'trailer')) {
      offset = origin + at + 7;
      break;
    }
    offset = readSubsection(reading, origin + at, base, table, freed);
  }
  scanAt(reading, offset, reading.scan, false);
  const trailer = parseScanned(reading.scan, reading.limits);
  if (!(trailer instanceof Map)) throw damaged();
  const hybrid = countOf(trailer.get('XRefStm'));
  if (hybrid !== undefined) readXrefStream(reading, hybrid + base, base, table);
  // Objects of the stream are marked free in the table, for readers that do not know streams.
  for (const number of freed) if (!table.offer(number, FREE, 0, 0)) throw damaged();
  return trailer;
}

/** Reads the entries of one subsection; answers the offset after it. */
function readSubsection(
  reading: Reading,
  start: number,
  base: number,
  table: XrefTable,
  freed: number[],
): number {
  const { window } = reading;
  window.need(start, 64, ENTRIES_BYTES);
  let { bytes } = window;
  let at = start - window.origin;
  const firstEnd = skipDigits(bytes, at, bytes.length);
  const countAt = skipSpace(bytes, firstEnd, bytes.length);
  const countEnd = skipDigits(bytes, countAt, bytes.length);
  if (firstEnd === at || countEnd === countAt) throw damaged();
  let number = readDigits(bytes, at, firstEnd);
  const count = readDigits(bytes, countAt, countEnd);
  at = countEnd;
  for (let index = 0; index < count; index++) {
    if (at + 64 > bytes.length) {
      const offset = window.origin + at;
      window.need(offset, 64, ENTRIES_BYTES);
      bytes = window.bytes;
      at = offset - window.origin;
    }
    at = skipSpace(bytes, at, bytes.length);
    const offsetEnd = skipDigits(bytes, at, bytes.length);
    const generationAt = skipSpace(bytes, offsetEnd, bytes.length);
    const generationEnd = skipDigits(bytes, generationAt, bytes.length);
    const kindAt = skipSpace(bytes, generationEnd, bytes.length);
    if (offsetEnd === at || generationEnd === generationAt) break;
    const offset = readDigits(bytes, at, offsetEnd);
    const generation = readDigits(bytes, generationAt, generationEnd);
    const inUse = bytes[kindAt] === 0x6e;
    if (!inUse && bytes[kindAt] !== 0x66) break;
    // Some writers count from 1, though the first entry is that of object 0.
    if (index === 0 && number === 1 && !inUse && generation === 65_535 && offset === 0) number = 0;
    if (inUse && offset > 0) {
      if (!table.offer(number, IN_FILE, offset + base, generation)) throw damaged();
    } else freed.push(number);
    number++;
    at = skipRegular(bytes, kindAt, bytes.length);
  }
  if (at < bytes.length && CLASS[bytes[at]!]! !== SPACE && !matches(bytes, at, 'trailer')) throw damaged();
  return window.origin + at;
}

/** The error that makes the caller rebuild the table. */
function damaged(): PdfError {
  return new PdfError('damaged', 'The cross-reference table does not fit the file.');
}
