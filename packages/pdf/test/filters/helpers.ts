import assert from 'node:assert/strict';
import { PdfError, type PdfErrorCode } from '../../src/errors.ts';

/** Bytes of a hexadecimal text; blanks are free. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

/** Bytes of a Latin-1 text. */
export function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** A copy that is a Uint8Array and no Buffer, as results are compared strictly. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** Compares long results, for which `assert.deepEqual` would print a difference for minutes. */
export function assertBytes(actual: Uint8Array, expected: Uint8Array): void {
  const differsAt = actual.findIndex((byte, index) => byte !== expected[index]);
  assert.equal(differsAt, -1, `byte ${differsAt} differs`);
  assert.equal(actual.length, expected.length);
}

/** For `assert.throws`: a PdfError with this code. */
export function pdfError(code: PdfErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof PdfError && error.code === code;
}

/** A generator of numbers below 2^32 that the seed determines (xorshift). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** So many bytes below `values`. */
export function randomBytes(next: () => number, length: number, values = 256): Uint8Array {
  return Uint8Array.from({ length }, () => next() % values);
}
