import { readAt } from '../zip/child-bytes.ts';

/** First bytes of a compound file ([MS-CFB] 2.2), in hexadecimal digits. */
export const compoundBegins = 'd0cf11e0a1b11ae1';

const headerBytes = 512;
const entryBytes = 128;
/** Sectors of the directory that are read: of the largest that programs write, a few hundred. */
const sectorsMax = 8_192;
/** Sectors that name tables: enough for files of several gigabytes. */
const namingMax = 1_024;
const [ofRoot, none] = [5, 0xffffffff];

/** An entry of the directory: its name, and the numbers of its siblings and of its child. */
interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
}

/** Names of what lies in the root of a compound file, in small letters; as far as it can be read. */
export function rootNames(file: number): ReadonlySet<string> {
  const names = new Set<string>();
  const entries = readEntries(file);
  const root = entries.find(({ type }) => type === ofRoot);
  const seen = new Set<number>();
  for (const waiting = root === undefined ? [] : [root.child]; waiting.length > 0;) {
    const number = waiting.pop() ?? none;
    const entry = entries[number];
    if (entry === undefined || seen.has(number)) continue;
    seen.add(number);
    names.add(entry.name.toLowerCase());
    waiting.push(entry.left, entry.right);
  }
  return names;
}

function readEntries(file: number): Entry[] {
  const header = readAt(file, 0, headerBytes);
  if (header.length < headerBytes) return [];
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) return [];
  const sectorBytes = 2 ** shift;
  const sector = (number: number): Buffer => readAt(file, (number + 1) * sectorBytes, sectorBytes);
  const next = nextSectors(header, sector, sectorBytes / 4);
  const entries: Entry[] = [];
  const seen = new Set<number>();
  for (let at = header.readUInt32LE(48); !seen.has(at) && seen.size < sectorsMax; at = next(at)) {
    seen.add(at);
    const bytes = sector(at);
    for (let from = 0; from + entryBytes <= bytes.length; from += entryBytes)
      entries.push(entryOf(bytes.subarray(from, from + entryBytes)));
    if (bytes.length < sectorBytes) break;
  }
  return entries;
}

/** Tells which sector follows another, by the tables that the header names, and the sectors that name more of them. */
function nextSectors(header: Buffer, sector: (number: number) => Buffer, perTable: number) {
  const named = Array.from({ length: (headerBytes - 76) / 4 }, (_, index) =>
    header.readUInt32LE(76 + index * 4),
  );
  const tables = new Map<number, Buffer>();
  let [more, moreLeft] = [header.readUInt32LE(68), Math.min(header.readUInt32LE(72), namingMax)];
  return (number: number): number => {
    const index = Math.floor(number / perTable);
    for (; index >= named.length && moreLeft > 0; moreLeft--) {
      const bytes = sector(more);
      if (bytes.length < perTable * 4) break;
      for (let at = 0; at < perTable - 1; at++) named.push(bytes.readUInt32LE(at * 4));
      more = bytes.readUInt32LE(bytes.length - 4);
    }
    const table = tables.get(index) ?? sector(named[index] ?? none);
    tables.set(index, table);
    const place = (number % perTable) * 4;
    return place + 4 <= table.length ? table.readUInt32LE(place) : none;
  };
}

function entryOf(bytes: Buffer): Entry {
  const nameBytes = Math.min(64, Math.max(0, bytes.readUInt16LE(64) - 2));
  return {
    name: bytes.toString('utf16le', 0, nameBytes & ~1),
    type: bytes[66] ?? 0,
    left: bytes.readUInt32LE(68),
    right: bytes.readUInt32LE(72),
    child: bytes.readUInt32LE(76),
  };
}
