import {
  BLACK_RUNS,
  END_OF_LINE,
  HORIZONTAL,
  PASS,
  RUN_CODE_MAX,
  VERTICAL,
  WHITE_RUNS,
  type Code,
  type RunCodes,
} from './ccitt-codes.ts';

/** Rows of bits by CCITT G4, and the parameters that give the same bits back. */
export interface CcittData {
  readonly data: Uint8Array;
  /** /DecodeParms of CCITTFaxDecode (ISO 32000-2, table 11). */
  readonly parms: {
    readonly K: -1;
    readonly Columns: number;
    readonly Rows: number;
    readonly BlackIs1: boolean;
  };
}

/**
 * Packs rows of bits, each in whole bytes, by CCITT G4 (ITU-T T.6). The colour that most bits have counts as white, which is
 * what costs least. Missing bits are 0.
 */
export function encodeCcitt(bits: Uint8Array, width: number, height: number): CcittData {
  const rowBytes = Math.ceil(width / 8);
  const isBlackOne = countOnes(bits) * 2 <= width * height;
  const out = new BitWriter();
  let above = [width, width];
  for (let row = 0; row < height; row++) {
    const edges = edgesOf(bits, row * rowBytes * 8, width, isBlackOne ? 0 : 1);
    encodeRow(out, edges, above, width);
    above = edges;
  }
  out.code(END_OF_LINE);
  out.code(END_OF_LINE);
  return { data: out.finish(), parms: { K: -1, Columns: width, Rows: height, BlackIs1: isBlackOne } };
}

/** Where the colour changes in a row, white first; ends with the width twice and once more. */
function edgesOf(bits: Uint8Array, from: number, width: number, white: number): number[] {
  const edges: number[] = [];
  let color = white;
  for (let at = 0; at < width;) {
    const byte = bits[(from + at) >> 3] ?? 0;
    // Whole bytes of one colour are the most of every page.
    if ((at & 7) === 0 && byte === (color === 0 ? 0 : 255)) {
      at += 8;
      continue;
    }
    if (((byte >> (7 - (at & 7))) & 1) !== color) {
      edges.push(at);
      color ^= 1;
    }
    at++;
  }
  edges.push(width, width, width);
  return edges;
}

function encodeRow(out: BitWriter, edges: readonly number[], above: readonly number[], width: number): void {
  let a0 = -1;
  let isBlack = 0;
  let next = 0;
  let b = 0;
  while (a0 < width) {
    while (edges[next]! <= a0 && edges[next]! < width) next++;
    // The next edge of this colour: edges alternate, so their index tells what they change to.
    if ((next & 1) !== isBlack && edges[next]! < width) next++;
    const a1 = edges[next] ?? width;
    b = Math.max(0, b - 2);
    while (b < above.length && ((above[b]! <= a0 && above[b]! < width) || (b & 1) !== isBlack)) {
      if (above[b]! >= width) break;
      b++;
    }
    const b1 = above[b] ?? width;
    const b2 = above[b + 1] ?? width;
    if (b2 < a1) {
      out.code(PASS);
      a0 = b2;
    } else if (Math.abs(a1 - b1) <= 3) {
      out.code(VERTICAL[a1 - b1 + 3]!);
      a0 = a1;
      isBlack ^= 1;
    } else {
      const a2 = edges[next + 1] ?? width;
      out.code(HORIZONTAL);
      writeRun(out, a1 - Math.max(a0, 0), isBlack === 0 ? WHITE_RUNS : BLACK_RUNS);
      writeRun(out, a2 - a1, isBlack === 0 ? BLACK_RUNS : WHITE_RUNS);
      a0 = a2;
    }
  }
}

function writeRun(out: BitWriter, length: number, { single, multiple }: RunCodes): void {
  let rest = length;
  for (; rest > RUN_CODE_MAX + 63; rest -= RUN_CODE_MAX) out.code(multiple.at(-1)!);
  if (rest > 63) out.code(multiple[rest >> 6]!);
  out.code(single[rest & 63]!);
}

function countOnes(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

class BitWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;
  #held = 0;
  #count = 0;

  code([bits, length]: Code): void {
    this.#held = (this.#held << length) | bits;
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      this.#byte((this.#held >>> this.#count) & 255);
    }
    this.#held &= (1 << this.#count) - 1;
  }

  finish(): Uint8Array {
    if (this.#count > 0) this.#byte((this.#held << (8 - this.#count)) & 255);
    return this.#bytes.subarray(0, this.#length);
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = value;
  }
}
