import { codeOf, readBits, readSymbol, type BitReader, type Code } from './huffman.ts';
import { Output } from './output.ts';

/** What could be inflated, and whether the end of the deflate data was reached without an error. */
export interface SoundPart {
  readonly bytes: Uint8Array;
  readonly complete: boolean;
}

/**
 * Inflates deflate data (RFC 1951) from `start` up to its end or the first error. For damaged data only: node:zlib is
 * several times faster, but its synchronous call withholds what came before an error.
 */
export function inflateSoundPart(bytes: Uint8Array, start: number, bytesMax: number): SoundPart {
  const out = new Output(4 * bytes.length, bytesMax);
  const input: BitReader = { bytes, position: start, bits: 0, bitCount: 0 };
  let complete = false;
  while (!complete) {
    const header = readBits(input, 3);
    if (header < 0 || !inflateBlock(input, header >> 1, out)) break;
    complete = (header & 1) === 1;
  }
  return { bytes: out.finish(), complete };
}

/** False where the block has an error or ends early. */
function inflateBlock(input: BitReader, type: number, out: Output): boolean {
  if (type === 0) return copyStored(input, out);
  const codes = type === 1 ? fixedCodes() : type === 2 ? readCodes(input) : undefined;
  return codes !== undefined && inflateCodes(input, codes, out);
}

function copyStored(input: BitReader, out: Output): boolean {
  // The rest of the byte that was begun is padding.
  input.bits = input.bitCount = 0;
  const length = readBits(input, 16);
  const complement = readBits(input, 16);
  if (complement < 0 || length !== (~complement & 0xffff)) return false;
  out.append(input.bytes.subarray(input.position, input.position + length));
  input.position += length;
  return input.position <= input.bytes.length;
}

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const lengthExtraBits = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];

function inflateCodes(input: BitReader, codes: Codes, out: Output): boolean {
  for (;;) {
    const symbol = readSymbol(input, codes.literals);
    if (symbol === 256) return true;
    if (symbol < 0 || symbol > 285) return false;
    if (symbol < 256) out.push(symbol);
    else if (!copyMatch(input, symbol - 257, codes.distances, out)) return false;
  }
}

function copyMatch(input: BitReader, lengthCode: number, distances: Code, out: Output): boolean {
  const lengthExtra = readBits(input, lengthExtraBits[lengthCode]!);
  const distanceCode = readSymbol(input, distances);
  if (lengthExtra < 0 || distanceCode < 0 || distanceCode > 29) return false;
  const distanceExtra = readBits(input, Math.max(0, (distanceCode >> 1) - 1));
  const distance = distanceBases[distanceCode]! + distanceExtra;
  if (distanceExtra < 0 || distance > out.length) return false;
  out.repeat(out.length - distance, lengthBases[lengthCode]! + lengthExtra);
  return true;
}

interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

function codesOf(literalLengths: Uint8Array, distanceLengths: Uint8Array): Codes | undefined {
  const literals = codeOf(literalLengths);
  const distances = codeOf(distanceLengths);
  return literals && distances && { literals, distances };
}

function fixedCodes(): Codes | undefined {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280);
  return codesOf(lengths, new Uint8Array(32).fill(5));
}

const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The codes that a dynamic block begins with (RFC 1951, 3.2.7). */
function readCodes(input: BitReader): Codes | undefined {
  const literalCount = readBits(input, 5) + 257;
  const distanceCount = readBits(input, 5) + 1;
  const lengthCount = readBits(input, 4) + 4;
  const lengthLengths = new Uint8Array(19);
  for (let index = 0; index < lengthCount; index++)
    lengthLengths[lengthOrder[index]!] = Math.max(0, readBits(input, 3));
  const lengthCode = codeOf(lengthLengths);
  if (lengthCode === undefined || literalCount > 286 || distanceCount > 30) return undefined;
  const lengths = readLengths(input, lengthCode, literalCount + distanceCount);
  // A block without a code for its end cannot end.
  if (lengths === undefined || lengths[256] === 0) return undefined;
  return codesOf(lengths.subarray(0, literalCount), lengths.subarray(literalCount));
}

function readLengths(input: BitReader, code: Code, count: number): Uint8Array | undefined {
  const lengths = new Uint8Array(count);
  for (let index = 0; index < count;) {
    const symbol = readSymbol(input, code);
    if (symbol < 0 || (symbol === 16 && index === 0)) return undefined;
    if (symbol < 16) {
      lengths[index++] = symbol;
      continue;
    }
    const repeats =
      symbol === 16
        ? 3 + readBits(input, 2)
        : symbol === 17
          ? 3 + readBits(input, 3)
          : 11 + readBits(input, 7);
    if (index + repeats > count) return undefined;
    if (symbol === 16) lengths.fill(lengths[index - 1]!, index, index + repeats);
    index += repeats;
  }
  return lengths;
}
