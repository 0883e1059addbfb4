import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive, and what its entry says in place of what is true. */
export interface ZipFile {
  readonly name: string;
  readonly data?: Uint8Array | string;
  readonly isStored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly bytes?: number;
  readonly checksum?: number;
  /** File type and permissions of Unix. */
  readonly mode?: number;
  /** Offset of the local header. */
  readonly offset?: number;
  /** Sizes and offset in the fields of 8 bytes. */
  readonly isLong?: boolean;
}

/** A ZIP archive; `end` is what the last record says in place of what is true. */
export function zipOf(
  files: readonly ZipFile[],
  end: { readonly count?: number; readonly directoryBytes?: number; readonly offset?: number } = {},
): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const name = Buffer.from(file.name);
    const data = Buffer.from(file.data ?? '');
    const packed = file.isStored === true ? data : deflateRawSync(data);
    const method = file.method ?? (file.isStored === true ? 0 : 8);
    const [bytes, checksum, offset] = [
      file.bytes ?? data.length,
      file.checksum ?? crc32(data),
      file.offset ?? at,
    ];
    const isLong = file.isLong === true;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    const extra = Buffer.alloc(isLong ? 28 : 0);
    if (isLong) {
      extra.writeUInt16LE(1);
      extra.writeUInt16LE(24, 2);
      for (const [index, value] of [bytes, packed.length, offset].entries())
        extra.writeBigUInt64LE(BigInt(value), 4 + index * 8);
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(3 << 8, 4);
    entry.writeUInt16LE(file.flags ?? 0, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(checksum, 16);
    entry.writeUInt32LE(isLong ? 0xffffffff : packed.length, 20);
    entry.writeUInt32LE(isLong ? 0xffffffff : bytes, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE((file.mode ?? 0o100644) * 0x10000, 38);
    entry.writeUInt32LE(isLong ? 0xffffffff : offset, 42);
    parts.push(local, name, packed);
    entries.push(entry, name, extra);
    at += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(entries);
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50);
  last.writeUInt16LE(end.count ?? files.length, 8);
  last.writeUInt16LE(end.count ?? files.length, 10);
  last.writeUInt32LE(end.directoryBytes ?? directory.length, 12);
  last.writeUInt32LE(end.offset ?? at, 16);
  return Buffer.concat([...parts, directory, last]);
}
