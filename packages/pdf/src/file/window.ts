import type { Source } from './source.ts';

/** Sources up to this size are held whole while they are read. */
const WHOLE_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes read at once of larger ones. */
const CHUNK_BYTES = 32 * 1024;
/** Chunks kept. */
const CHUNKS_MAX = 16;

const EMPTY = new Uint8Array(0);

interface Chunk {
  readonly origin: number;
  readonly bytes: Uint8Array;
}

/**
 * The part of a source that is in memory. After `need`, `bytes` holds what was asked for; earlier `bytes` stay valid
 * for those who still hold them, since a chunk is never filled again.
 */
export class Window {
  readonly source: Source;
  readonly size: number;
  bytes: Uint8Array = EMPTY;
  /** Offset in the source of the first of `bytes`. */
  origin = 0;
  #chunks: Chunk[] = [];

  constructor(source: Source) {
    this.source = source;
    this.size = source.size;
  }

  /** Whether a range is in `bytes`. */
  holds(offset: number, length: number): boolean {
    return offset >= this.origin && offset + length <= this.origin + this.bytes.length;
  }

  /**
   * Brings a range into `bytes`, as far as the source has it. Where that takes reading, `ahead` bytes are read at once,
   * for those who go on from there.
   */
  need(offset: number, length: number, ahead = length): void {
    if (offset >= this.size) {
      this.bytes = EMPTY;
      this.origin = offset;
      return;
    }
    const wanted = Math.min(length, this.size - offset);
    if (this.holds(offset, wanted)) return;
    const chunk =
      this.#chunks.find(
        (held) => offset >= held.origin && offset + wanted <= held.origin + held.bytes.length,
      ) ?? this.#read(offset, Math.max(wanted, Math.min(ahead, this.size - offset)));
    this.bytes = chunk.bytes;
    this.origin = chunk.origin;
  }

  /** The bytes of a range, as far as the source has it, without bringing it in: those held, else `into`, filled. */
  peek(offset: number, into: Uint8Array): Uint8Array {
    if (this.holds(offset, into.length))
      return this.bytes.subarray(offset - this.origin, offset - this.origin + into.length);
    return into.subarray(0, this.source.readInto(into, offset));
  }

  /** Lets go of all bytes. */
  release(): void {
    this.#chunks = [];
    this.bytes = EMPTY;
    this.origin = 0;
  }

  #read(offset: number, length: number): Chunk {
    const { source, size } = this;
    if (source.bytes !== undefined) return this.#keep({ origin: 0, bytes: source.bytes });
    const whole = size <= WHOLE_BYTES_MAX;
    const origin = whole ? 0 : offset;
    const bytes = new Uint8Array(whole ? size : Math.min(Math.max(length, CHUNK_BYTES), size - offset));
    const count = source.readInto(bytes, origin);
    return this.#keep({ origin, bytes: bytes.subarray(0, count) });
  }

  #keep(chunk: Chunk): Chunk {
    this.#chunks.push(chunk);
    if (this.#chunks.length > CHUNKS_MAX) this.#chunks.shift();
    return chunk;
  }
}
