import { PdfError } from './errors.ts';
import type { Limits } from './limits.ts';

/** Work that even the smallest document may cause, in bytes. */
const BASE_BYTES = 64 * 1024 * 1024;

/**
 * What reading one document may cost. A small file can ask for endless work (a thousand streams of which each seems to
 * reach the end of the file, an object that is listed a million times); this bounds it by the file's own size.
 */
export class Work {
  readonly #limits: Limits;
  readonly #whole: number;
  #left: number;
  #decodedLeft: number;

  constructor(limits: Limits, sourceBytes: number) {
    this.#limits = limits;
    this.#whole = BASE_BYTES + sourceBytes * limits.workFactorMax;
    this.#left = this.#whole;
    this.#decodedLeft = limits.decodedBytesTotalMax;
  }

  /** Counts bytes that were looked at or written. Throws PdfError `limit`. */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new PdfError('limit', 'The document causes too much work for its size.');
  }

  /** The document is read for another result, which may cost as much as the first. */
  renew(): void {
    this.#left = Math.max(this.#left, this.#whole);
  }

  /** Counts bytes that came out of a decoded stream, which may in turn be read. Throws PdfError `limit`. */
  decoded(bytes: number): void {
    this.#left += bytes * this.#limits.workFactorMax;
    this.#decodedLeft -= bytes;
    if (this.#decodedLeft < 0)
      throw new PdfError('limit', 'The streams of the document decode to too many bytes.');
  }
}
