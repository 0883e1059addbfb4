/** Bytes that grow at the end. What `bytes` holds past `length` means nothing. */
export class ByteBuffer {
  bytes: Uint8Array;
  length = 0;

  /** Room for `capacity` bytes at first; it doubles. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Appends one byte. */
  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Appends text of which each character is one byte. */
  ascii(text: string): void {
    this.reserve(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** Appends a whole number that is not negative, in decimal digits. */
  integer(value: number): void {
    if (value > 0x7fffffff) return this.ascii(String(value));
    this.reserve(10);
    let digits = 1;
    for (let bound = 10; bound <= value; bound *= 10) digits++;
    let rest = value;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const tenth = (rest / 10) | 0;
      this.bytes[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    this.length += digits;
  }

  /** Appends a part of other bytes. */
  range(source: Uint8Array, from: number, to: number): void {
    const count = to - from;
    this.reserve(count);
    const { bytes } = this;
    // A call into the engine's copy costs more than a short loop.
    if (count < 64) {
      let at = this.length;
      for (let pos = from; pos < to; pos++) bytes[at++] = source[pos]!;
    } else bytes.set(source.subarray(from, to), this.length);
    this.length += count;
  }

  /** What was appended, not copied: valid until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Forgets what was appended and keeps the room. */
  clear(): void {
    this.length = 0;
  }
}
