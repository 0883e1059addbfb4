import { Failure, limitText } from '../../errors.ts';
import type { TextLimits } from './budget.ts';

/**
 * The bytes of a body, pulled one chunk at a time: nothing is read ahead, so a slow disk slows the client down instead of
 * filling memory.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** Bytes that arrived and are not taken yet. */
  held: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Adds the next chunk to `held`; false at the end of the body. */
  async more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    return true;
  }

  /** Holds at least this many bytes, or all that are left. */
  async atLeast(bytes: number): Promise<boolean> {
    while (this.held.length < bytes) if (!(await this.more())) return false;
    return true;
  }

  take(bytes: number): Buffer {
    const taken = this.held.subarray(0, bytes);
    this.held = this.held.subarray(bytes);
    return taken;
  }

  /** The rest of the body, as it comes. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    do if (this.held.length > 0) yield this.take(this.held.length);
    while (await this.more());
  }

  /** The rest of the body in one piece. Throws `textTooLarge` past the limit. */
  async rest(limits: TextLimits): Promise<Buffer> {
    const all = new ByteGatherer(limits.fieldBytesMax, limits);
    do all.add(this.take(this.held.length));
    while (await this.more());
    return all.bytes();
  }

  /** A line without its end; null where there is none within the limit. */
  async line(bytesMax: number): Promise<string | null> {
    for (;;) {
      const end = this.held.indexOf(0x0a);
      if (end > bytesMax || (end < 0 && this.held.length > bytesMax)) return null;
      if (end >= 0)
        return this.take(end + 1)
          .toString('latin1')
          .replace(/\r?\n$/, '');
      if (!(await this.more())) return null;
    }
  }
}

/** Joins chunks in one buffer that doubles: a list of a million one-byte chunks would cost a hundred times their size. */
export class ByteGatherer {
  readonly #bytesMax: number;
  readonly #limits: TextLimits | undefined;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(bytesMax: number, limits?: TextLimits) {
    this.#bytesMax = bytesMax;
    this.#limits = limits;
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytesMax) throw new Failure('textTooLarge', { limit: limitText(this.#bytesMax) });
    if (length > this.#buffer.length) {
      const capacity = Math.max(length, Math.min(2 * this.#buffer.length, this.#bytesMax));
      this.#limits?.hold(capacity - this.#buffer.length);
      const larger = Buffer.allocUnsafe(capacity);
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
