import { CLASS, NUMERIC } from '../syntax/characters.ts';
import { readDigits, skipDigits, skipSpace } from '../syntax/tokens.ts';

/** Bytes of decoded object streams that are kept, for one document. */
const CACHE_BYTES_MAX = 16 * 1024 * 1024;

/** An object stream, decoded (ISO 32000-2, 7.5.7). */
export interface ObjectStream {
  readonly bytes: Uint8Array;
  /** Object numbers, by index. */
  readonly numbers: Uint32Array;
  /** Positions in `bytes`, by index. */
  readonly positions: Uint32Array;
}

/**
 * Splits a decoded object stream. `count` and `first` are what its dictionary says, and are not trusted: where `first` cuts
 * into the pairs of numbers that it begins with, the objects are taken to begin after these.
 */
export function splitObjectStream(bytes: Uint8Array, count: number, first: number): ObjectStream {
  const stream = splitAt(bytes, count, first, Math.min(first, bytes.length));
  if (count > 0 && stream.numbers.length === count) return stream;
  const headerEnd = pairsEnd(bytes);
  if (first >= headerEnd) return stream;
  return splitAt(bytes, headerEnd >> 1, headerEnd, headerEnd);
}

/** Position after the numbers that a stream begins with, and the space after them. */
function pairsEnd(bytes: Uint8Array): number {
  let at = skipSpace(bytes, 0, bytes.length);
  for (let end = at; ; at = skipSpace(bytes, end, bytes.length)) {
    end = skipDigits(bytes, at, bytes.length);
    if (end === at) return at;
  }
}

function splitAt(bytes: Uint8Array, count: number, first: number, headerEnd: number): ObjectStream {
  const room = Math.min(count, headerEnd >> 1);
  const numbers = new Uint32Array(room);
  const positions = new Uint32Array(room);
  let found = 0;
  let at = 0;
  while (found < room) {
    const number = skipSpace(bytes, at, headerEnd);
    const numberEnd = skipDigits(bytes, number, headerEnd);
    const position = skipSpace(bytes, numberEnd, headerEnd);
    at = skipDigits(bytes, position, headerEnd);
    if (numberEnd === number || at === position || CLASS[bytes[number]!] !== NUMERIC) break;
    numbers[found] = readDigits(bytes, number, numberEnd);
    positions[found++] = Math.min(first + readDigits(bytes, position, at), bytes.length);
  }
  return { bytes, numbers: numbers.subarray(0, found), positions: positions.subarray(0, found) };
}

/** The object streams used last. */
export class ObjectStreamCache {
  readonly #held = new Map<number, ObjectStream>();
  #bytes = 0;

  get(number: number): ObjectStream | undefined {
    return this.#held.get(number);
  }

  /** Keeps one more; the oldest go. */
  put(number: number, stream: ObjectStream): void {
    this.#held.set(number, stream);
    this.#bytes += stream.bytes.length;
    for (const [oldest, { bytes }] of this.#held) {
      if (this.#bytes <= CACHE_BYTES_MAX || oldest === number) break;
      this.#held.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  /** Lets go of all of them. */
  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
  }
}
