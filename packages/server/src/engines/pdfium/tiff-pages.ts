import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** Bytes of each type of a value (TIFF 6.0, section 2). */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;
const isLong = 4;
/** Tags whose values are places in the file: of strips, tiles, and the thumbnail of old. */
const placeTags = new Set([273, 324, 513]);
const entryBytes = 12;
const copiedAtOnce = 1024 * 1024;
/** Places are numbers of four bytes. */
const fileBytesMax = 2 ** 32 - 1;

/**
 * A TIFF of many pages, made of files of one page each, which are copied behind each other: what they say of places in the file is moved
 * along, and each page says where the next one is. So no more than a page is ever in memory.
 */
export class TiffPages {
  readonly #file: number;
  #length = 8;
  /** Where the place of the next page has to be written. */
  #link = 4;

  constructor(path: string) {
    this.#file = openSync(path, 'w+', 0o600);
    writeSync(this.#file, Buffer.from('II*\0\0\0\0\0', 'latin1'), 0, 8, 0);
  }

  /** Adds a little-endian TIFF of one page. Throws a RangeError where the file becomes too long. */
  add(path: string): void {
    const page = openSync(path, 'r');
    try {
      const { size } = fstatSync(page);
      this.#length += this.#length & 1;
      // Its header is left out.
      const moved = this.#length - 8;
      if (moved + size > fileBytesMax) throw new RangeError('a TIFF holds at most 4 GB');
      copy(page, this.#file, 8, size, moved);
      const head = read(page, 0, 8);
      if (head.toString('latin1', 0, 4) !== 'II*\0') throw new Error('This is no page of a TIFF.');
      this.#move(head.readUInt32LE(4) + moved, moved);
      this.#length = moved + size;
    } finally {
      closeSync(page);
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Moves the places that a page's directory, which lies at `at`, speaks of. */
  #move(at: number, by: number): void {
    this.#write(at, this.#link);
    const count = read(this.#file, at, 2).readUInt16LE();
    const entries = read(this.#file, at + 2, count * entryBytes);
    for (let entry = 0; entry < entries.length; entry += entryBytes) {
      const [tag, type] = [entries.readUInt16LE(entry), entries.readUInt16LE(entry + 2)];
      const bytes = (typeBytes[type] ?? 0) * entries.readUInt32LE(entry + 4);
      const valueAt = at + 2 + entry + 8;
      const value = entries.readUInt32LE(entry + 8);
      if (bytes > 4) this.#write(value + by, valueAt);
      if (!placeTags.has(tag)) continue;
      if (type !== isLong) throw new Error('This page has places of another kind.');
      this.#moveAll(bytes > 4 ? value + by : valueAt, bytes, by);
    }
    this.#link = at + 2 + count * entryBytes;
    this.#write(0, this.#link);
  }

  #moveAll(at: number, bytes: number, by: number): void {
    const places = read(this.#file, at, bytes);
    for (let place = 0; place < bytes; place += 4)
      places.writeUInt32LE(places.readUInt32LE(place) + by, place);
    writeSync(this.#file, places, 0, bytes, at);
  }

  #write(value: number, at: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    writeSync(this.#file, bytes, 0, 4, at);
  }
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length;) {
    const count = readSync(file, bytes, done, length - done, at + done);
    if (count === 0) throw new Error('This page ends too early.');
    done += count;
  }
  return bytes;
}

/** Copies the bytes from `from` up to `to` to a place that is `by` further on. */
function copy(source: number, target: number, from: number, to: number, by: number): void {
  for (let at = from; at < to; at += copiedAtOnce) {
    const bytes = read(source, at, Math.min(copiedAtOnce, to - at));
    for (let done = 0; done < bytes.length;)
      done += writeSync(target, bytes, done, bytes.length - done, at + by + done);
  }
}
