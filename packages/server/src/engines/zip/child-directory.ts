import { closeSync, fstatSync, openSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { readAt } from './child-bytes.ts';

/** What the central directory of a ZIP archive says of a file (APPNOTE.TXT of PKWARE, 4.3.12). */
export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isEncrypted: boolean;
  /** Neither a symbolic link nor a device. */
  readonly isPlain: boolean;
  /** By Deflate, or not; undefined for another method. */
  readonly isPacked: boolean | undefined;
  /** CRC-32 of its bytes. */
  readonly checksum: number;
  /** Bytes as they are stored, and unpacked. */
  readonly packedBytes: number;
  readonly bytes: number;
  /** Offset of its local header. */
  readonly offset: number;
}

const endBytes = 22;
const commentMax = 65_535;
const directoryBytesMax = 16 * 1024 * 1024;
const [endMark, end64Mark, locatorMark, entryMark] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50];
const [none16, none32] = [0xffff, 0xffffffff];

/** Whether a file that begins like this is an archive: with a file in it, none, or as a part of a larger one. */
export function isArchive(beginning: Buffer): boolean {
  return /^504b(?:0304|0506|0708)/.test(beginning.toString('hex', 0, 4));
}

/** Reads the central directory of an archive, in its order. Throws Refused. */
export function readDirectory(path: string, entriesMax: number): Entry[] {
  const file = openSync(path, 'r');
  try {
    const { count, bytes, offset } = findDirectory(file, fstatSync(file).size);
    if (count > entriesMax)
      throw new Refused('archive', `it holds more than ${entriesMax} files and folders`);
    if (bytes > directoryBytesMax) throw new Refused('archive', 'its directory is too large');
    const directory = readAt(file, offset, bytes);
    const entries: Entry[] = [];
    for (let at = 0; entries.length < count;) {
      if (at + 46 > directory.length || directory.readUInt32LE(at) !== entryMark) throw damaged();
      const [name, extra, comment] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place));
      const end = at + 46 + name! + extra! + comment!;
      if (end > directory.length) throw damaged();
      entries.push(readEntry(directory.subarray(at, end), name!, extra!));
      at = end;
    }
    return entries;
  } finally {
    closeSync(file);
  }
}

/** Where the directory lies, by the record at the end of the archive, or the longer one before that. */
function findDirectory(file: number, size: number): { count: number; bytes: number; offset: number } {
  const from = Math.max(0, size - endBytes - commentMax);
  const tail = readAt(file, from, size - from);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endMark || at + endBytes + tail.readUInt16LE(at + 20) > tail.length)
      continue;
    const short = {
      count: tail.readUInt16LE(at + 10),
      bytes: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    const isShort = short.count !== none16 && short.bytes !== none32 && short.offset !== none32;
    const found = isShort ? short : (findLong(file, from + at) ?? short);
    if (found.offset + found.bytes > from + at) throw damaged();
    return found;
  }
  throw damaged();
}

function findLong(file: number, end: number): { count: number; bytes: number; offset: number } | undefined {
  const locator = readAt(file, Math.max(0, end - 20), 20);
  if (locator.length < 20 || locator.readUInt32LE(0) !== locatorMark) return undefined;
  const record = readAt(file, long(locator, 8), 56);
  if (record.length < 56 || record.readUInt32LE(0) !== end64Mark) throw damaged();
  return { count: long(record, 32), bytes: long(record, 40), offset: long(record, 48) };
}

function readEntry(entry: Buffer, nameBytes: number, extraBytes: number): Entry {
  const name = entry.subarray(46, 46 + nameBytes);
  const [madeBy, flags, method] = [entry[5], entry.readUInt16LE(8), entry.readUInt16LE(10)];
  let [bytes, packedBytes, offset] = [24, 20, 42].map((at) => entry.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const longs = longField(entry.subarray(46 + nameBytes, 46 + nameBytes + extraBytes));
  // They stand there in this order, and only those that have no room in their place.
  if (bytes === none32) bytes = longs.shift() ?? bytes;
  if (packedBytes === none32) packedBytes = longs.shift() ?? packedBytes;
  if (offset === none32) offset = longs.shift() ?? offset;
  const [isUnix, mode] = [madeBy === 3, entry.readUInt16LE(40) >> 12];
  const text = textOf(name);
  return {
    name: text,
    isFolder: /[/\\]$/.test(text) || (isUnix && mode === 4),
    isEncrypted: (flags & 0x2041) !== 0,
    isPlain: !isUnix || mode === 0 || mode === 8,
    isPacked: method === 8 ? true : method === 0 ? false : undefined,
    checksum: entry.readUInt32LE(16),
    packedBytes,
    bytes,
    offset,
  };
}

/** The numbers of 8 bytes among the extra fields of an entry. */
function longField(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1 && end <= extra.length)
      return Array.from({ length: (end - at - 4) >> 3 }, (_, index) => long(extra, at + 4 + index * 8));
    at = end;
  }
  return [];
}

function long(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged();
  return Number(value);
}

/** UTF-8 where it is that, whatever the archive says of it. */
function textOf(name: Buffer): string {
  const text = name.toString('utf8');
  return text.includes('\uFFFD') ? name.toString('latin1') : text;
}

/** What an archive is that cannot be read. */
export function damaged(): Refused {
  return new Refused('archive', 'it is damaged');
}
