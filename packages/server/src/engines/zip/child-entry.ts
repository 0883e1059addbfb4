import { closeSync, createReadStream, fstatSync, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { readAt } from './child-bytes.ts';
import { damaged, type Entry } from './child-directory.ts';

const headerBytes = 30;
const headerMark = 0x04034b50;

/** Unpacks a file of an archive; not more than it says that it has. Throws Refused. */
export async function unpackEntry(path: string, entry: Entry, to: string): Promise<void> {
  const start = dataOffset(path, entry);
  const out = openSync(to, 'wx', 0o600);
  let [bytes, checksum] = [0, 0];
  const take = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > entry.bytes) throw damaged();
    checksum = crc32(piece, checksum);
    for (let at = 0; at < piece.length;) at += writeSync(out, piece, at);
  };
  const takeAll = async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) take(piece);
  };
  try {
    if (entry.packedBytes > 0) {
      const stored = createReadStream(path, { start, end: start + entry.packedBytes - 1 });
      if (entry.isPacked === true) await pipeline(stored, createInflateRaw(), takeAll);
      else await pipeline(stored, takeAll);
    }
  } catch (error) {
    throw isOfFlate(error) ? damaged() : error;
  } finally {
    closeSync(out);
  }
  if (bytes !== entry.bytes || checksum !== entry.checksum) throw damaged();
}

/** The bytes of a file of an archive, all at once; not more than it says that it has. Throws Refused. */
export function bytesOfEntry(path: string, entry: Entry): Buffer {
  const start = dataOffset(path, entry);
  const file = openSync(path, 'r');
  try {
    if (start + entry.packedBytes > fstatSync(file).size) throw damaged();
    const stored = readAt(file, start, entry.packedBytes);
    const bytes =
      entry.isPacked === true && entry.bytes > 0
        ? inflateRawSync(stored, { maxOutputLength: entry.bytes })
        : stored;
    if (bytes.length !== entry.bytes || crc32(bytes) !== entry.checksum) throw damaged();
    return bytes;
  } catch (error) {
    throw isOfFlate(error) ? damaged() : error;
  } finally {
    closeSync(file);
  }
}

/** Whatever Flate says of the data, but for the memory that it needs. */
function isOfFlate(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return /^Z_(?!MEM)/.test(code) || code === 'ERR_BUFFER_TOO_LARGE';
}

/** Where the data begins: behind the local header, whose own name and fields may have other lengths. */
function dataOffset(path: string, { offset }: Entry): number {
  const file = openSync(path, 'r');
  try {
    const header = readAt(file, offset, headerBytes);
    if (header.length < headerBytes || header.readUInt32LE(0) !== headerMark) throw damaged();
    return offset + headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    closeSync(file);
  }
}
