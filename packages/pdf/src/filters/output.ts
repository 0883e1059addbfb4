import { PdfError } from '../errors.ts';

/**
 * The bytes that a filter has produced so far. The buffer doubles as it fills and never grows past `bytesMax`:
 * asking for one byte more throws a PdfError of code `limit` before anything is allocated.
 */
export class Output {
  /** Backing store; only the first `length` bytes are the result. Replaced when it grows. */
  bytes: Uint8Array;
  /** Number of bytes produced. */
  length = 0;
  readonly #bytesMax: number;

  /** `bytesExpected` sizes the first buffer: right for most streams, harmless when wrong. */
  constructor(bytesExpected: number, bytesMax: number) {
    this.bytes = new Uint8Array(Math.min(bytesExpected, bytesMax));
    this.#bytesMax = bytesMax;
  }

  /** Makes room for `count` bytes more. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    if (needed > this.#bytesMax) throw outputLimit(this.#bytesMax);
    const grown = new Uint8Array(Math.min(this.#bytesMax, Math.max(needed, 2 * this.bytes.length, 256)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  append(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  /** Appends `count` times the same byte. */
  fill(byte: number, count: number): void {
    this.reserve(count);
    this.bytes.fill(byte, this.length, this.length + count);
    this.length += count;
  }

  /** Appends `count` bytes of its own past that begin at `start`; the copy may run into what it writes. */
  repeat(start: number, count: number): void {
    this.reserve(count);
    const { bytes, length } = this;
    for (let index = 0; index < count; index++) bytes[length + index] = bytes[start + index]!;
    this.length = length + count;
  }

  /** The result, as a view on the buffer. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** The error of every filter whose output would be longer than the caller allows. */
export function outputLimit(bytesMax: number): PdfError {
  return new PdfError('limit', `A stream decodes to more than ${bytesMax} bytes.`);
}
