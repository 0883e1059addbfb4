import type { PdfDictionary } from './object.ts';

/** A stream (ISO 32000-2, 7.3.8): its dictionary, and where its raw bytes lie in the source. */
export class PdfStream {
  readonly dictionary: PdfDictionary;
  /** Offset of the first byte in the source. */
  readonly offset: number;
  /** Raw bytes, as they are stored: neither decrypted nor decoded. */
  readonly length: number;

  constructor(dictionary: PdfDictionary, offset: number, length: number) {
    this.dictionary = dictionary;
    this.offset = offset;
    this.length = length;
  }
}
