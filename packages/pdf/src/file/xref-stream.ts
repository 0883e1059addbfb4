import { PdfError } from '../errors.ts';
import { countOf, type PdfDictionary, type PdfObject } from '../objects/object.ts';
import { decodeStream } from './filter-steps.ts';
import { objectAt, parseScanned, streamKeywordEnd, type Reading } from './reading.ts';
import { dataOffset, endsAt, searchLength } from './stream-extent.ts';
import { FREE, IN_FILE, IN_STREAM, type XrefTable } from './xref-table.ts';

/** In a cross-reference stream nothing may be indirect (ISO 32000-2, 7.5.8.2), for there is no table yet to find it by. */
const direct = (object: PdfObject | undefined): PdfObject => object ?? null;

/**
 * Reads the cross-reference stream at an offset into the table (ISO 32000-2, 7.5.8) and answers its dictionary, which is
 * also a trailer; undefined if there is none. Throws PdfError `damaged` if it is one but makes no sense.
 */
export function readXrefStream(
  reading: Reading,
  offset: number,
  base: number,
  table: XrefTable,
): PdfDictionary | undefined {
  const { window, limits, work, scan } = reading;
  const raw = objectAt(reading, offset, scan, false);
  const keywordEnd = raw === undefined ? -1 : streamKeywordEnd(raw, scan);
  if (keywordEnd === -1 || !scan.isName('Type', 'XRef')) return undefined;
  const dictionary = parseScanned(scan, limits) as PdfDictionary;
  const ranges = rangesOf(dictionary);
  if (ranges.some((_, at) => at % 2 === 0 && ranges[at]! + (ranges[at + 1] ?? 0) > table.numberEnd))
    throw damaged();
  const start = dataOffset(window, keywordEnd);
  const claimed = countOf(dictionary.get('Length'));
  const length =
    claimed !== undefined && endsAt(window, start, claimed) ? claimed : searchLength(reading, start);
  window.need(start, length);
  const bytes = window.bytes.subarray(start - window.origin, start - window.origin + length);
  const decoded = decodeStream(bytes, dictionary, direct, limits);
  work.decoded(decoded.length);
  readRows(decoded, counts(dictionary.get('W')), ranges, base, table);
  return dictionary;
}

/** First number and count, two by two: the numbers of the objects that the rows are about. */
function rangesOf(dictionary: PdfDictionary): number[] {
  return dictionary.has('Index')
    ? counts(dictionary.get('Index'))
    : [0, countOf(dictionary.get('Size')) ?? 0];
}

function readRows(
  bytes: Uint8Array,
  widths: readonly number[],
  ranges: readonly number[],
  base: number,
  table: XrefTable,
): void {
  const width = widths.reduce((sum, each) => sum + each, 0);
  if (widths.length < 3 || width === 0 || width > 64) throw damaged();
  let at = 0;
  const [kindWidth, positionWidth, extraWidth] = widths as [number, number, number];
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    let number = ranges[range]!;
    for (let left = ranges[range + 1]!; left > 0 && at + width <= bytes.length; left--, at += width) {
      const kind = kindWidth === 0 ? 1 : field(bytes, at, kindWidth);
      const position = field(bytes, at + kindWidth, positionWidth);
      const extra = field(bytes, at + kindWidth + positionWidth, extraWidth);
      let fits = true;
      if (kind === 1) fits = table.offer(number, IN_FILE, position + base, extra);
      else if (kind === 2) fits = table.offer(number, IN_STREAM, position, extra);
      else if (kind === 0) fits = table.offer(number, FREE, 0, 0);
      if (!fits) throw damaged();
      number++;
    }
  }
}

function field(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + bytes[at + i]!;
  return value;
}

function counts(object: PdfObject | undefined): number[] {
  return Array.isArray(object) ? object.map((each) => countOf(each) ?? 0) : [];
}

function damaged(): PdfError {
  return new PdfError('damaged', 'The cross-reference stream does not fit the file.');
}
