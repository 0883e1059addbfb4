import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Bytes that a record holds ([MS-XLS] 2.1.4); more goes on in a record `Continue`. */
export const recordBytesMax = 8_224;
/** Bytes that are packed at a time. */
const pieceBytes = 256 * 1024;

/** Numbers of the records that are written, [MS-XLS] 2.3. */
export const kinds = {
  BOF: 0x08_09,
  EOF: 0x00_0a,
  CodePage: 0x00_42,
  Window1: 0x00_3d,
  Date1904: 0x00_22,
  Font: 0x00_31,
  Format: 0x04_1e,
  XF: 0x00_e0,
  Style: 0x02_93,
  Palette: 0x00_92,
  BoundSheet8: 0x00_85,
  SST: 0x00_fc,
  Continue: 0x00_3c,
  ColInfo: 0x00_7d,
  Dimensions: 0x02_00,
  Number: 0x02_03,
  LabelSst: 0x00_fd,
  Window2: 0x02_3e,
  MergeCells: 0x00_e5,
} as const;

/** A record with its head. */
export function record(kind: keyof typeof kinds, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(4);
  const body = Buffer.concat(parts);
  head.writeUInt16LE(kinds[kind], 0);
  head.writeUInt16LE(body.length, 2);
  return Buffer.concat([head, body]);
}

/** Numbers of 16 bits. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}

/** A number of 32 bits. */
export function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A text with its length in 8 bits ([MS-XLS] 2.5.240), or in 16 (2.5.294); cut where it is longer. */
export function textOf(text: string, lengthBits: 8 | 16): Buffer {
  const kept = text.slice(0, 2 ** lengthBits - 1);
  const { bytes, flag } = characters(kept);
  const length = lengthBits === 8 ? Buffer.of(kept.length) : words(kept.length);
  return Buffer.concat([length, Buffer.of(flag), bytes]);
}

/** Characters of 8 bits where all fit in, else of 16; the flag says which. */
export function characters(text: string): { readonly bytes: Buffer; readonly flag: 0 | 1 } {
  const isNarrow = /^[\0-\u00FF]*$/.test(text);
  return { bytes: Buffer.from(text, isNarrow ? 'latin1' : 'utf16le'), flag: isNarrow ? 0 : 1 };
}

/** Bytes that wait in memory, packed: records take a small part of their room so. */
export class WaitingBytes {
  size = 0;
  readonly #packed: Uint8Array[] = [];
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  write(...parts: readonly Uint8Array[]): void {
    for (const bytes of parts) {
      this.size += bytes.length;
      this.#pending.push(bytes);
      this.#pendingBytes += bytes.length;
    }
    if (this.#pendingBytes >= pieceBytes) this.#pack();
  }

  /** After the last. */
  end(): this {
    this.#pack();
    return this;
  }

  *read(): Generator<Uint8Array> {
    for (const piece of this.#packed) yield inflateRawSync(piece);
  }

  #pack(): void {
    const packed = deflateRawSync(Buffer.concat(this.#pending), { level: 1 });
    // A copy, as the array may be a small part of a larger one.
    this.#packed.push(new Uint8Array(packed));
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
