import { PdfError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { ObjectScan } from '../syntax/object-scan.ts';
import { Parser } from '../syntax/parser.ts';
import {
  damagedHeaderEnd,
  matches,
  readDigits,
  readObjectHeader,
  skipRegular,
  skipSpace,
} from '../syntax/tokens.ts';
import type { PdfObject } from '../objects/object.ts';
import type { Warnings } from '../warnings.ts';
import type { Work } from '../work.ts';
import type { Window } from './window.ts';

/** Bytes asked for at first for one object; most are smaller. */
const OBJECT_BYTES = 2048;
/** An object that ends so near to the end of the bytes may go on: `12` could be the start of `12 0 R`. */
const MARGIN_BYTES = 32;

/** What all steps of reading one document share. */
export interface Reading {
  readonly window: Window;
  readonly limits: Limits;
  readonly work: Work;
  readonly warnings: Warnings;
  /** For the steps that read objects one after the other. */
  readonly scan: ObjectScan;
  /** From this offset on there is no `endstream`, as a search has shown. */
  noEndstreamFrom: number;
}

/** Where the text of an indirect object lies. */
export interface RawObject {
  readonly number: number;
  readonly generation: number;
  readonly bytes: Uint8Array;
  /** Position in `bytes` of the object, after its header. */
  readonly start: number;
  /** Position in `bytes` up to which may be read. */
  readonly end: number;
  /** Offset in the source of the first of `bytes`, or -1 in an object stream. */
  readonly origin: number;
}

/**
 * Scans the object that starts at an offset, bringing in as many bytes as it takes. Throws PdfError `limit` past
 * `objectBytesMax`.
 */
export function scanAt(reading: Reading, offset: number, scan: ObjectScan, strings: boolean): void {
  const { window, limits, work } = reading;
  const max = limits.objectBytesMax;
  for (let wanted = OBJECT_BYTES; ; wanted = Math.min(wanted * 4, max)) {
    window.need(offset, wanted);
    const start = offset - window.origin;
    const end = Math.min(window.bytes.length, start + max);
    scan.read(window.bytes, start, end, strings);
    work.spend(scan.end - start);
    const atEnd = window.origin + end >= window.size;
    if (atEnd || (!scan.ranOut && scan.end <= end - MARGIN_BYTES)) return;
    if (wanted >= max) throw new PdfError('limit', 'An object of the document is too large.');
  }
}

/**
 * Scans the indirect object whose header is at an offset; undefined where there is no header. With `expected`, a header
 * of which only that number is left will do.
 */
export function objectAt(
  reading: Reading,
  offset: number,
  scan: ObjectScan,
  strings: boolean,
  expected = -1,
): RawObject | undefined {
  const { window } = reading;
  window.need(offset, OBJECT_BYTES);
  const { bytes, origin } = window;
  const header = readObjectHeader(bytes, offset - origin, bytes.length);
  if (header === undefined)
    return expected === -1 ? undefined : damagedObjectAt(reading, offset, scan, strings, expected);
  const { number, generation, end: headerEnd } = header;
  // A damaged byte may stick to the keyword.
  const wordEnd = skipRegular(bytes, headerEnd, bytes.length);
  const start = matches(bytes, wordEnd, '<<') ? wordEnd : headerEnd;
  scanAt(reading, origin + start, scan, strings);
  return {
    number,
    generation,
    bytes: window.bytes,
    start: origin + start - window.origin,
    end: window.bytes.length,
    origin: window.origin,
  };
}

/** The same where the header is damaged; its generation is taken to be 0. */
function damagedObjectAt(
  reading: Reading,
  offset: number,
  scan: ObjectScan,
  strings: boolean,
  expected: number,
): RawObject | undefined {
  const { window, warnings } = reading;
  const at = skipSpace(window.bytes, offset - window.origin, window.bytes.length);
  const headerEnd = damagedHeaderEnd(window.bytes, at, window.bytes.length);
  if (headerEnd === -1 || readDigits(window.bytes, at, headerEnd) !== expected) return undefined;
  warnings.add('The header of an object was damaged.');
  const start = window.origin + headerEnd;
  scanAt(reading, start, scan, strings);
  const { bytes, origin } = window;
  return { number: expected, generation: 0, bytes, start: start - origin, end: bytes.length, origin };
}

/** Offset of the data of a stream, if the object that was scanned is one; else -1. */
export function streamKeywordEnd(raw: RawObject, scan: ObjectScan): number {
  if (!scan.isDictionary || raw.origin === -1) return -1;
  const at = skipSpace(raw.bytes, scan.end, raw.end);
  return matches(raw.bytes, at, 'stream') ? raw.origin + at + 6 : -1;
}

/** Builds the object that was scanned. */
export function parseScanned(
  scan: ObjectScan,
  limits: Limits,
  decrypt?: (bytes: Uint8Array) => Uint8Array,
): PdfObject {
  return new Parser(scan.bytes, scan.start, scan.end, limits.nestingMax, decrypt).object();
}
