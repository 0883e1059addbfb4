import { constants, deflateRawSync } from 'node:zlib';

/** The header of zlib for Deflate with a window of 32 KB (RFC 1950, 2.2). */
const HEADER = Uint8Array.of(0x78, 0x9c);
/** A last block that is empty, by fixed codes (RFC 1951, 3.2.6). */
const LAST_BLOCK = [0x03, 0x00];
const LEVEL = 6;
/** Largest prime below 65,536, and for how many bytes both sums stay whole without it. */
const ADLER_MODULUS = 65_521;
const ADLER_BYTES = 5_552;

/** Packs data by Flate (ISO 32000-2, 7.4.4) in pieces, each by itself: no call needs more memory than its piece. */
export class Deflater {
  #isBegun = false;
  #low = 1;
  #high = 0;

  /** Takes the next piece, and answers what becomes of it. */
  update(bytes: Uint8Array): Uint8Array {
    this.#add(bytes);
    // The flush ends on a whole byte, so that what follows can be appended.
    const packed = deflateRawSync(bytes, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH });
    return this.#begun(packed);
  }

  /** The end. */
  final(): Uint8Array {
    const { length } = LAST_BLOCK;
    const end = new Uint8Array(length + 4);
    end.set(LAST_BLOCK);
    new DataView(end.buffer).setUint32(length, this.#high * 65_536 + this.#low);
    return this.#begun(end);
  }

  #begun(bytes: Uint8Array): Uint8Array {
    if (this.#isBegun) return bytes;
    this.#isBegun = true;
    const begun = new Uint8Array(HEADER.length + bytes.length);
    begun.set(HEADER);
    begun.set(bytes, HEADER.length);
    return begun;
  }

  /** Adler-32 of all pieces (RFC 1950, 8.2). */
  #add(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += ADLER_BYTES) {
      const to = Math.min(bytes.length, from + ADLER_BYTES);
      for (let at = from; at < to; at++) {
        this.#low += bytes[at]!;
        this.#high += this.#low;
      }
      this.#low %= ADLER_MODULUS;
      this.#high %= ADLER_MODULUS;
    }
  }
}

/** Whether data that begins like this becomes so much smaller that packing pays. */
export function paysToDeflate(beginning: Uint8Array): boolean {
  return deflateRawSync(beginning, { level: 1 }).length < beginning.length * 0.9;
}
