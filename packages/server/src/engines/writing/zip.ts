import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Out } from './out.ts';

/** Characters that are packed at a time: a piece is packed as if nothing stood before it. */
const pieceLength = 256 * 1024;
/** 1 January 1980, the first day that there is in a ZIP file: a file tells nothing of when it was made. */
const date = 0x00_21;
/** The sizes and the check sum of an entry follow its data (APPNOTE.TXT, 4.4.4, bit 3). */
const flags = 0x00_08;
const deflated = 8;
const versionNeeded = 20;
/** A last block of DEFLATE without content (RFC 1951, 3.2.6). */
const lastBlock = Uint8Array.of(0x03, 0x00);

interface Entry {
  readonly name: string;
  readonly at: number;
  crc: number;
  packed: number;
  size: number;
}

/** A ZIP file of texts that is written from its beginning to its end (APPNOTE.TXT 6.3.10), of at most 4 GiB. */
export class ZipWriter {
  readonly #out: Out;
  readonly #entries: Entry[] = [];
  #at = 0;
  #pending: string[] = [];
  #pendingLength = 0;

  constructor(out: Out) {
    this.#out = out;
  }

  /** Ends the entry before it. `name` is ASCII. */
  begin(name: string): void {
    this.#finish();
    this.#entries.push({ name, at: this.#at, crc: 0, packed: 0, size: 0 });
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04_03_4b_50, 0);
    this.#describe(header, 4);
    header.writeUInt16LE(name.length, 26);
    this.#put(header);
    this.#put(Buffer.from(name, 'latin1'));
  }

  /** Adds to the entry that was begun last. */
  write(text: string): void {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= pieceLength) this.#pack();
  }

  /** Bytes of the entry that was begun last, before they are packed; what waits is counted by characters. */
  get entrySize(): number {
    return (this.#entries.at(-1)?.size ?? 0) + this.#pendingLength;
  }

  end(): void {
    this.#finish();
    const start = this.#at;
    for (const { name, at, crc, packed, size } of this.#entries) {
      const header = Buffer.alloc(46);
      header.writeUInt32LE(0x02_01_4b_50, 0);
      header.writeUInt16LE(versionNeeded, 4);
      this.#describe(header, 6);
      header.writeUInt32LE(crc, 16);
      header.writeUInt32LE(packed, 20);
      header.writeUInt32LE(size, 24);
      header.writeUInt16LE(name.length, 28);
      header.writeUInt32LE(at, 42);
      this.#put(header);
      this.#put(Buffer.from(name, 'latin1'));
    }
    const tail = Buffer.alloc(22);
    tail.writeUInt32LE(0x06_05_4b_50, 0);
    tail.writeUInt16LE(this.#entries.length, 8);
    tail.writeUInt16LE(this.#entries.length, 10);
    tail.writeUInt32LE(this.#at - start, 12);
    tail.writeUInt32LE(start, 16);
    this.#put(tail);
  }

  #describe(header: Buffer, at: number): void {
    header.writeUInt16LE(versionNeeded, at);
    header.writeUInt16LE(flags, at + 2);
    header.writeUInt16LE(deflated, at + 4);
    header.writeUInt16LE(date, at + 8);
  }

  #finish(): void {
    const entry = this.#entries.at(-1);
    if (entry === undefined) return;
    this.#pack();
    this.#put(lastBlock);
    const descriptor = Buffer.alloc(16);
    descriptor.writeUInt32LE(0x08_07_4b_50, 0);
    descriptor.writeUInt32LE(entry.crc, 4);
    descriptor.writeUInt32LE((entry.packed += lastBlock.length), 8);
    descriptor.writeUInt32LE(entry.size, 12);
    this.#put(descriptor);
  }

  #pack(): void {
    const entry = this.#entries.at(-1);
    if (entry === undefined || this.#pendingLength === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#pendingLength = 0;
    const packed = deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    entry.packed += packed.length;
    this.#put(packed);
  }

  #put(bytes: Uint8Array): void {
    this.#out.write(bytes);
    this.#at += bytes.length;
  }
}
