import { closeSync, fstatSync, openSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { readAt } from '../zip/child-bytes.ts';

/** A stream of a compound file, by its name at the top. */
export interface CompoundStream {
  readonly name: string;
  readonly bytes: number;
  /** Bytes from an offset on; fewer only at its end. Throws Refused. */
  read(offset: number, length: number): Buffer;
}

export const compoundMark = 'd0cf11e0a1b11ae1';
const headerBytes = 512;
const sectorsMax = 0xfffffffa;
const endOfChain = 0xfffffffe;
const miniStreamCutoff = 4_096;
const miniSectorBytes = 64;
const entryBytes = 128;
const entriesMax = 4_096;

/** Reads the streams of a compound file ([MS-CFB]), hands them over, and closes it. Throws Refused where it is none, or damaged. */
export function withStreams<T>(path: string, use: (streams: readonly CompoundStream[]) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(streamsOf(file));
  } finally {
    closeSync(file);
  }
}

function streamsOf(file: number): CompoundStream[] {
  const header = readAt(file, 0, headerBytes);
  if (header.length < headerBytes || header.toString('hex', 0, 8) !== compoundMark) throw damaged();
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) throw damaged();
  const sectorBytes = 1 << shift;
  const sectorsOfFile = Math.ceil(fstatSync(file).size / sectorBytes);
  const sector = (index: number) => readAt(file, (index + 1) * sectorBytes, sectorBytes);
  const table = readTable(header, sector, sectorsOfFile);
  const chain = (first: number) => chainOf(first, table, sectorsOfFile);
  const inSectors = (sectors: readonly number[], bytes: number) => (offset: number, length: number) => {
    const end = Math.min(bytes, offset + length);
    const parts: Buffer[] = [];
    for (let at = offset; at < end;) {
      const within = at % sectorBytes;
      const count = Math.min(sectorBytes - within, end - at);
      const index = sectors[Math.floor(at / sectorBytes)];
      if (index === undefined) throw damaged();
      parts.push(readAt(file, (index + 1) * sectorBytes + within, count));
      at += count;
    }
    return Buffer.concat(parts);
  };
  const directorySectors = chain(header.readUInt32LE(48)).slice(0, (entriesMax * entryBytes) / sectorBytes);
  const entries = directorySectors.flatMap((index) => {
    const bytes = sector(index);
    return Array.from({ length: Math.floor(bytes.length / entryBytes) }, (_, at) =>
      bytes.subarray(at * entryBytes, (at + 1) * entryBytes),
    );
  });
  const root = entries[0];
  if (root === undefined) throw damaged();
  const mini = inSectors(chain(root.readUInt32LE(116)), root.readUInt32LE(120));
  const miniTable = tableOf(chain(header.readUInt32LE(60)).map(sector));
  return entries
    .filter((entry) => entry[66] === 2)
    .map((entry) => {
      const name = entry.toString('utf16le', 0, Math.max(0, Math.min(64, entry.readUInt16LE(64)) - 2));
      const [first, bytes] = [entry.readUInt32LE(116), entry.readUInt32LE(120)];
      if (bytes >= miniStreamCutoff) return { name, bytes, read: inSectors(chain(first), bytes) };
      const own = (offset: number, length: number) => {
        const parts = chainOf(first, miniTable, miniTable.length).map((index) =>
          mini(index * miniSectorBytes, miniSectorBytes),
        );
        return Buffer.concat(parts)
          .subarray(0, bytes)
          .subarray(offset, offset + length);
      };
      return { name, bytes, read: own };
    });
}

/** Which sector follows each: the sectors of the table stand in the header, and in a chain of more. */
function readTable(header: Buffer, sector: (index: number) => Buffer, sectorsOfFile: number): number[] {
  const places: number[] = [];
  const take = (bytes: Buffer) => {
    for (let at = 0; at + 4 <= bytes.length; at += 4)
      if (bytes.readUInt32LE(at) < sectorsMax) places.push(bytes.readUInt32LE(at));
  };
  take(header.subarray(76));
  let next = header.readUInt32LE(68);
  for (let count = 0; next < sectorsMax; count++) {
    const bytes = sector(next);
    if (count > sectorsOfFile || bytes.length < 4) throw damaged();
    take(bytes.subarray(0, -4));
    next = bytes.readUInt32LE(bytes.length - 4);
  }
  if (places.length > sectorsOfFile) throw damaged();
  return tableOf(places.map(sector));
}

function tableOf(sectors: readonly Buffer[]): number[] {
  return sectors.flatMap((bytes) =>
    Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readUInt32LE(at * 4)),
  );
}

function chainOf(first: number, table: readonly number[], lengthMax: number): number[] {
  const chain: number[] = [];
  for (let next = first; next < sectorsMax; next = table[next] ?? endOfChain) {
    if (chain.push(next) > lengthMax) throw damaged();
  }
  return chain;
}

function damaged(): Refused {
  return new Refused('office', 'its compound file is damaged');
}
