import { PdfError } from '../errors.ts';
import { Output } from './output.ts';

const clearTable = 256;
const endOfData = 257;
const tableSize = 4096;

/**
 * Decodes LZWDecode data (ISO 32000-2, 7.4.4). With `earlyChange` 1, the default of PDF, codes grow longer one code
 * early; with 0 they do not. A code that cannot be ends the data there; throws `damaged` if that leaves nothing.
 *
 * Each string of the table is a string that was just written and the byte after it, so the table holds only places
 * in the output.
 */
export function decodeLzw(bytes: Uint8Array, earlyChange: number, bytesMax: number): Uint8Array {
  return readLzw(bytes, earlyChange, bytesMax).bytes;
}

/** The same, and whether the data was whole: it had its end marker, and no code before it that cannot be. */
export function readLzw(
  bytes: Uint8Array,
  earlyChange: number,
  bytesMax: number,
): { readonly bytes: Uint8Array; readonly isWhole: boolean } {
  const out = new Output(4 * bytes.length, bytesMax);
  const starts = new Uint32Array(tableSize);
  const lengths = new Uint32Array(tableSize);
  const codes: CodeReader = { bytes, position: 0, bits: 0, bitCount: 0 };
  let next = endOfData + 1;
  let previousStart = 0;
  let previousLength = 0;
  for (;;) {
    const code = readCode(codes, widthOf(next + earlyChange));
    if (code < 0 || code === endOfData) return { bytes: out.finish(), isWhole: code === endOfData };
    if (code === clearTable) {
      next = endOfData + 1;
      previousLength = 0;
      continue;
    }
    if (previousLength > 0 && next < tableSize) {
      starts[next] = previousStart;
      lengths[next++] = previousLength + 1;
    }
    if (code >= next) return { bytes: partOf(out), isWhole: false };
    const start = out.length;
    if (code < clearTable) out.push(code);
    else out.repeat(starts[code]!, lengths[code]!);
    previousStart = start;
    previousLength = out.length - start;
  }
}

function partOf(out: Output): Uint8Array {
  if (out.length === 0)
    throw new PdfError('damaged', 'LZW data begins with a code that is not in the table.');
  return out.finish();
}

function widthOf(next: number): number {
  if (next < 512) return 9;
  if (next < 1024) return 10;
  return next < 2048 ? 11 : 12;
}

interface CodeReader {
  readonly bytes: Uint8Array;
  position: number;
  bits: number;
  bitCount: number;
}

/** The next code, high bit first, or -1 where the bytes end. */
function readCode(reader: CodeReader, width: number): number {
  while (reader.bitCount < width) {
    if (reader.position === reader.bytes.length) return -1;
    reader.bits = ((reader.bits << 8) | reader.bytes[reader.position++]!) & 0xffffff;
    reader.bitCount += 8;
  }
  reader.bitCount -= width;
  return (reader.bits >>> reader.bitCount) & ((1 << width) - 1);
}
