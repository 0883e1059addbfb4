import type { PdfFile } from '../file/file.ts';
import { IN_FILE, type XrefTable } from '../file/xref-table.ts';
import { PdfStream } from '../objects/stream.ts';
import { CLASS, SPACE } from '../syntax/characters.ts';
import { matches } from '../syntax/tokens.ts';
import { DIGEST_START, digestWith } from './digest.ts';

/** Objects that are smaller than this, data included, are not worth a look. */
const OBJECT_BYTES_MIN = 1024;
/** Bytes looked at before the end of an object. */
const TAIL_BYTES = 512;
/** Bytes of the data that go into a digest: as many in all, in so many pieces of this size, so far apart. */
const SAMPLED_BYTES = 416;
const PIECES = 4;
const PIECE_BYTES = 16;
const PIECE_DISTANCE = 128;

/**
 * Digests of the streams of a file by the end of their data, which is found without reading the object: where the next
 * object begins, this one has ended.
 */
export class StreamTails {
  /** The table that this was made for. */
  readonly table: XrefTable;
  readonly #file: PdfFile;
  /** Offsets of all objects of the file, in order, and its end. */
  #offsets: Float64Array | undefined;
  readonly #piece = new Uint8Array(TAIL_BYTES);

  constructor(file: PdfFile) {
    this.#file = file;
    this.table = file.table;
  }

  /** A number of 32 bits that equal data gives alike; 0 for what is no stream, or a small one. */
  digest(number: number): number {
    const { kinds, positions } = this.table;
    if (kinds[number] !== IN_FILE) return 0;
    const offset = positions[number]!;
    // Most objects are small, and most lie in the order of their numbers.
    const next = positions[number + 1]!;
    if (kinds[number + 1] === IN_FILE && next > offset && next < offset + OBJECT_BYTES_MIN) return 0;
    const end = this.#endOf(offset);
    if (end - offset < OBJECT_BYTES_MIN) return 0;
    const bytes = this.#before(end);
    let at = skipSpaceBack(bytes, bytes.length);
    if (!matches(bytes, at - 6, 'endobj')) return this.#read(number);
    at = skipSpaceBack(bytes, at - 6);
    return matches(bytes, at - 9, 'endstream') ? digestBefore(bytes, at - 9) : 0;
  }

  /** Reads an object after which something else comes than the next one. */
  #read(number: number): number {
    const object = this.#file.object(number);
    if (!(object instanceof PdfStream) || object.length < TAIL_BYTES) return 0;
    const bytes = this.#before(object.offset + object.length);
    return digestBefore(bytes, bytes.length);
  }

  /** The bytes before an offset. */
  #before(end: number): Uint8Array {
    return this.#file.reading.window.peek(end - TAIL_BYTES, this.#piece);
  }

  /** The offset of the object after the one at an offset. */
  #endOf(offset: number): number {
    const offsets = (this.#offsets ??= offsetsOf(this.table, this.#file.reading.window.size));
    let low = 0;
    let high = offsets.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (offsets[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return offsets[low]!;
  }
}

function offsetsOf({ length, kinds, positions }: XrefTable, size: number): Float64Array {
  const offsets = new Float64Array(length + 1);
  let count = 0;
  let isSorted = true;
  for (let number = 1; number < length; number++) {
    if (kinds[number] !== IN_FILE) continue;
    const offset = positions[number]!;
    if (offset >= size) continue;
    if (count > 0 && offset < offsets[count - 1]!) isSorted = false;
    offsets[count++] = offset;
  }
  offsets[count++] = size;
  const all = offsets.subarray(0, count);
  return isSorted ? all : all.sort();
}

function skipSpaceBack(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at > 0 && CLASS[bytes[at - 1]!] === SPACE) at--;
  return at;
}

/** A digest of samples of the data that ends at a position; line ends there may not be data and do not count. */
function digestBefore(bytes: Uint8Array, end: number): number {
  let to = end;
  while (to > 0 && (bytes[to - 1] === 0x0a || bytes[to - 1] === 0x0d)) to--;
  if (to < SAMPLED_BYTES) return 0;
  let hash = DIGEST_START;
  for (let piece = 0; piece < PIECES; piece++, to -= PIECE_DISTANCE)
    for (let at = to - PIECE_BYTES; at < to; at++) hash = digestWith(hash, bytes[at]!);
  return hash >>> 0 || 1;
}
