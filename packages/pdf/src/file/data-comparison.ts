import type { Reading } from './reading.ts';

/** Data is compared in pieces of this size. */
const PIECE_BYTES = 64 * 1024;

/** Compares ranges of files, in memory of its own. */
export class DataComparison {
  #pieces: readonly [Uint8Array, Uint8Array] | undefined;

  /** Whether two ranges of one length have the same bytes; the work counts for the second file. */
  isEqual(a: Reading, offsetA: number, b: Reading, offsetB: number, length: number): boolean {
    const pieces = (this.#pieces ??= [new Uint8Array(PIECE_BYTES), new Uint8Array(PIECE_BYTES)]);
    for (let done = 0; done < length; done += PIECE_BYTES) {
      const count = Math.min(PIECE_BYTES, length - done);
      b.work.spend(count);
      const one = a.window.peek(offsetA + done, pieces[0].subarray(0, count));
      const other = b.window.peek(offsetB + done, pieces[1].subarray(0, count));
      if (Buffer.compare(one, other) !== 0) return false;
    }
    return true;
  }
}
