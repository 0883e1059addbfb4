import { PdfError } from '../errors.ts';
import { decodeAscii85 } from './ascii85.ts';
import { decodeAsciiHex } from './ascii-hex.ts';
import { decodeFlate } from './flate.ts';
import { decodeLzw } from './lzw.ts';
import { outputLimit } from './output.ts';
import { undoPredictor, type FilterParms } from './predictor.ts';
import { decodeRunLength } from './run-length.ts';

export type { FilterParms } from './predictor.ts';

/** One entry of a stream's /Filter with the entry of /DecodeParms that belongs to it; the name has no slash. */
export interface FilterStep {
  readonly name: string;
  readonly parms: FilterParms | undefined;
}

type Filter = (bytes: Uint8Array, parms: FilterParms | undefined, bytesMax: number) => Uint8Array;

const flate: Filter = (bytes, parms, bytesMax) => undoPredictor(decodeFlate(bytes, bytesMax), parms);
const lzw: Filter = (bytes, parms, bytesMax) =>
  undoPredictor(decodeLzw(bytes, parms?.earlyChange === 0 ? 0 : 1, bytesMax), parms);
const ascii85: Filter = (bytes, _parms, bytesMax) => decodeAscii85(bytes, bytesMax);
const asciiHex: Filter = (bytes, _parms, bytesMax) => decodeAsciiHex(bytes, bytesMax);
const runLength: Filter = (bytes, _parms, bytesMax) => decodeRunLength(bytes, bytesMax);
/** The security handler has undone it before the bytes come here (ISO 32000-2, 7.4.10). */
const crypt: Filter = (bytes) => bytes;

/** By full name and by the abbreviation of inline images (ISO 32000-2, table 92), which some files use everywhere. */
const filters: ReadonlyMap<string, Filter> = new Map([
  ['FlateDecode', flate],
  ['Fl', flate],
  ['LZWDecode', lzw],
  ['LZW', lzw],
  ['ASCII85Decode', ascii85],
  ['A85', ascii85],
  ['ASCIIHexDecode', asciiHex],
  ['AHx', asciiHex],
  ['RunLengthDecode', runLength],
  ['RL', runLength],
  ['Crypt', crypt],
]);

/** Whether `decode` knows the filter. Those of pictures (DCTDecode, JPXDecode, CCITTFaxDecode, JBIG2Decode) it does not. */
export function isDecodable(name: string): boolean {
  return filters.has(name);
}

/**
 * Undoes the filters of a stream, the first step first (ISO 32000-2, 7.4.1). Of damaged data it gives what can be
 * had. Throws PdfError `limit` if any step gives more than `bytesMax` bytes, and `damaged` if a filter is not known or
 * a step gives nothing. Without steps the bytes themselves are returned.
 */
export function decode(bytes: Uint8Array, steps: readonly FilterStep[], bytesMax: number): Uint8Array {
  let decoded = bytes;
  for (const { name, parms } of steps) {
    const filter = filters.get(name);
    if (filter === undefined)
      throw new PdfError('damaged', `The filter ${JSON.stringify(name.slice(0, 64))} cannot be undone.`);
    decoded = filter(decoded, parms, bytesMax);
  }
  if (decoded.length > bytesMax) throw outputLimit(bytesMax);
  return decoded;
}
