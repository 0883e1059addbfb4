import { PdfError } from './errors.ts';
import type { Limits } from './limits.ts';

/**
 * What reading one document may cost. A small file can ask for endless work (a thousand streams of which each seems to
 * reach the end of the file, an object that is listed a million times); this bounds it by the file's own size.
 */
export class Work {
  readonly #limits: Limits;
  /** What it may cost for one purpose; grows by what is decoded. */
  #whole: number;
  #left: number;
  #decodedLeft: number;

  constructor(limits: Limits, sourceBytes: number) {
    this.#limits = limits;
    this.#whole = limits.workBytesMin + sourceBytes * limits.workFactorMax;
    this.#left = this.#whole;
    this.#decodedLeft = limits.decodedBytesTotalMax;
  }

  /** Counts bytes that were looked at or written. Throws PdfError `limit`. */
  spend(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new PdfError('limit', 'The document causes too much work for its size.');
  }

  /** The document is read for another purpose, which may cost as much as the first, or a share of that. */
  renew(share = 1): void {
    this.#left = this.#whole * share;
  }

  /** Counts bytes that came out of a decoded stream, which may in turn be read. Throws PdfError `limit`. */
  decoded(bytes: number): void {
    this.#left += bytes * this.#limits.workFactorMax;
    this.#whole += bytes * this.#limits.workFactorMax;
    this.#decodedLeft -= bytes;
    if (this.#decodedLeft < 0)
      throw new PdfError('limit', 'The streams of the document decode to too many bytes.');
  }
}
