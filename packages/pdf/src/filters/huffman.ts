/** Deflate data and how far it was read. */
export interface BitReader {
  readonly bytes: Uint8Array;
  position: number;
  /** Bits of the byte that was begun, the next one lowest. */
  bits: number;
  bitCount: number;
}

/** `count` bits, low bit first, or -1 where the bytes end. */
export function readBits(input: BitReader, count: number): number {
  while (input.bitCount < count) {
    if (input.position >= input.bytes.length) return -1;
    input.bits |= input.bytes[input.position++]! << input.bitCount;
    input.bitCount += 8;
  }
  const value = input.bits & ((1 << count) - 1);
  input.bits >>>= count;
  input.bitCount -= count;
  return value;
}

/** The next symbol, or -1 where the bytes end or no symbol has the bits that follow. */
export function readSymbol(input: BitReader, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length < 16; length++) {
    const bit = readBits(input, 1);
    if (bit < 0) return -1;
    code |= bit;
    const count = counts[length]!;
    if (code - count < first) return symbols[index + (code - first)]!;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return -1;
}

/** A Huffman code (RFC 1951, 3.2.2): how many codes there are of each length, and the symbols in order of their codes. */
export interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * The canonical code with these lengths; undefined if they claim more codes than there is room for, or leave room,
 * which only no code or a single one of one bit may do.
 */
export function codeOf(lengths: Uint8Array): Code | undefined {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]!++;
  const offsets = new Uint16Array(16);
  let room = 1;
  for (let length = 1; length < 16; length++) {
    room = 2 * room - counts[length]!;
    if (room < 0) return undefined;
    if (length < 15) offsets[length + 1] = offsets[length]! + counts[length]!;
  }
  const used = lengths.length - counts[0]!;
  if (room > 0 && used > 0 && (used > 1 || counts[1] !== 1)) return undefined;
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) if (length > 0) symbols[offsets[length]!++] = symbol;
  return { counts, symbols };
}
