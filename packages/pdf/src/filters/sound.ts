import { inflateSync } from 'node:zlib';
import { PdfError } from '../errors.ts';
import { isWhiteSpace } from './characters.ts';
import { decode, type FilterStep } from './decode.ts';
import { readLzw } from './lzw.ts';
import { undoPredictor } from './predictor.ts';

/** Undoes one filter; undefined if the data is not as the filter's encoder leaves it. */
type SoundFilter = (bytes: Uint8Array, step: FilterStep, bytesMax: number) => Uint8Array | undefined;

const flate: SoundFilter = (bytes, { parms }, bytesMax) => {
  try {
    return undoPredictor(inflateSync(bytes, { maxOutputLength: Math.max(1, bytesMax) }), parms);
  } catch (error) {
    if (error instanceof PdfError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
};
const lzw: SoundFilter = (bytes, { parms }, bytesMax) => {
  const { bytes: decoded, isWhole } = readLzw(bytes, parms?.earlyChange === 0 ? 0 : 1, bytesMax);
  return isWhole ? undoPredictor(decoded, parms) : undefined;
};

/** Those whose data is checked before `decode` gets it. */
const filters: ReadonlyMap<string, SoundFilter> = new Map([
  ['FlateDecode', flate],
  ['Fl', flate],
  ['LZWDecode', lzw],
  ['LZW', lzw],
  ['ASCII85Decode', checked(isAscii85)],
  ['A85', checked(isAscii85)],
  ['ASCIIHexDecode', checked(isAsciiHex)],
  ['AHx', checked(isAsciiHex)],
  ['RunLengthDecode', checked(isRunLength)],
  ['RL', checked(isRunLength)],
]);

/** Whether `decodeSound` knows a filter. */
export function isRepackable(name: string): boolean {
  return filters.has(name);
}

/**
 * Undoes the filters of a stream as `decode` does, but answers undefined for data that is damaged, where readers differ in
 * what they make of it, or that gives more than `bytesMax` bytes.
 */
export function decodeSound(
  bytes: Uint8Array,
  steps: readonly FilterStep[],
  bytesMax: number,
): Uint8Array | undefined {
  let decoded: Uint8Array | undefined = bytes;
  try {
    for (const step of steps) {
      decoded = filters.get(step.name)?.(decoded, step, bytesMax);
      if (decoded === undefined || decoded.length > bytesMax) return undefined;
    }
  } catch (error) {
    if (error instanceof PdfError) return undefined;
    throw error;
  }
  return decoded;
}

function checked(isSound: (bytes: Uint8Array) => boolean): SoundFilter {
  return (bytes, step, bytesMax) => (isSound(bytes) ? decode(bytes, [step], bytesMax) : undefined);
}

/** Letters of the alphabet up to `~>`. */
function isAscii85(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x7e) return bytes[at + 1] === 0x3e;
    if ((byte < 0x21 || byte > 0x75) && byte !== 0x7a && !isWhiteSpace(byte)) return false;
  }
  return false;
}

/** Digits up to `>`. */
function isAsciiHex(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0x3e) return true;
    const lower = byte | 0x20;
    const isDigit = (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
    if (!isDigit && !isWhiteSpace(byte)) return false;
  }
  return false;
}

/** Runs up to the end marker. */
function isRunLength(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && bytes[at] !== 128) at += bytes[at]! < 128 ? bytes[at]! + 2 : 2;
  return bytes[at] === 128;
}
