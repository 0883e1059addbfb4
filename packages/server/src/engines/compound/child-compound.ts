import { closeSync, openSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { damaged, Sectors } from './child-sectors.ts';
import { entryBytes, largeBytesMin, ofRoot, ofStream, smallSectorBytes, unused } from './format.ts';

/** An entry of the directory of a compound file ([MS-CFB] 2.6): numbers of its siblings and its child, and where its bytes lie. */
export interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly first: number;
  readonly bytes: number;
}

/** The bytes that a compound file holds under a name. */
export interface CompoundStream {
  readonly bytes: number;
  /** Bytes from an offset on; fewer only at its end, or where the file is cut off. Throws Refused. */
  read(offset: number, length: number): Buffer;
}

/** A message of Outlook has a few dozen for each recipient and attachment; documents have fewer. */
const entriesMax = 200_000;

/** Opens a compound file, hands it over, and closes it. Throws Refused, of the code `compound` where it is none or damaged. */
export function withCompound<Result>(path: string, use: (compound: CompoundFile) => Result): Result {
  const file = openSync(path, 'r');
  try {
    return use(new CompoundFile(new Sectors(file)));
  } finally {
    closeSync(file);
  }
}

/**
 * A compound file as programs have written it for thirty years: what nobody asks for may be damaged. Only what lies in its root is told:
 * storages in it may hold documents of other programs.
 */
export class CompoundFile {
  readonly sectors: Sectors;
  readonly entries: readonly Entry[];
  /** By their names in small letters, as those of a directory differ in more than the case (2.6.4). */
  readonly #root: ReadonlyMap<string, Entry>;

  constructor(sectors: Sectors) {
    this.sectors = sectors;
    this.entries = entriesOf(sectors);
    this.#root = siblingsOf(this.entries, this.root.child);
  }

  get root(): Entry {
    const [root] = this.entries;
    if (root?.type !== ofRoot) throw damaged();
    return root;
  }

  /** Whether it holds a stream or a storage of this name. */
  has(name: string): boolean {
    return this.#root.has(name.toLowerCase());
  }

  /** Undefined where it holds no stream of this name. Throws Refused. */
  stream(name: string): CompoundStream | undefined {
    const entry = this.#root.get(name.toLowerCase());
    if (entry?.type !== ofStream) return undefined;
    const isLarge = entry.bytes >= largeBytesMin;
    const unit = isLarge ? this.sectors.sectorBytes : smallSectorBytes;
    const most = Math.ceil(entry.bytes / unit);
    const places = isLarge
      ? this.sectors.chain(entry.first, most).map((sector) => this.sectors.offset(sector))
      : this.#smallPlaces(entry.first, most);
    return {
      bytes: entry.bytes,
      read: (offset, length) => {
        const parts: Buffer[] = [];
        const end = Math.min(entry.bytes, offset + length);
        for (let at = offset; at < end;) {
          const within = at % unit;
          const count = Math.min(unit - within, end - at);
          const place = places[Math.floor(at / unit)];
          if (place === undefined) throw damaged();
          parts.push(this.sectors.readAt(place + within, count));
          at += count;
        }
        return Buffer.concat(parts);
      },
    };
  }

  /** Where small sectors lie in the file: within the sectors of the root, by a table of their own. */
  #smallPlaces(first: number, most: number): number[] {
    if (most === 0) return [];
    const { sectors, root } = this;
    const holders = sectors.chain(root.first);
    const next = followerOfSmall(sectors);
    const places: number[] = [];
    for (let small = first; places.length < most; small = next(small)) {
      const at = small * smallSectorBytes;
      const holder = holders[Math.floor(at / sectors.sectorBytes)];
      if (holder === undefined) break;
      places.push(sectors.offset(holder) + (at % sectors.sectorBytes));
    }
    return places;
  }
}

/** Tells which small sector follows another; a number that is none at the end of a chain. */
export function followerOfSmall(sectors: Sectors): (small: number) => number {
  const table = sectors.chain(sectors.header.smallTable);
  let held: { readonly part: number; readonly numbers: Uint32Array } | undefined;
  return (small) => {
    const part = Math.floor(small / sectors.perSector);
    const sector = table[part];
    if (sector === undefined) return unused;
    if (held?.part !== part) held = { part, numbers: sectors.numbers(sector) };
    return held.numbers[small % sectors.perSector] ?? unused;
  };
}

function entriesOf(sectors: Sectors): Entry[] {
  const entries: Entry[] = [];
  for (const sector of sectors.chain(sectors.header.directory)) {
    const bytes = sectors.read(sector);
    for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes)
      entries.push(entryOf(bytes.subarray(at, at + entryBytes)));
    if (entries.length > entriesMax) throw new Refused('limit', 'it holds too many streams');
  }
  return entries;
}

function entryOf(bytes: Buffer): Entry {
  const nameBytes = Math.min(64, Math.max(2, bytes.readUInt16LE(64))) - 2;
  return {
    name: bytes.toString('utf16le', 0, nameBytes & ~1),
    type: bytes[66] ?? 0,
    left: bytes.readUInt32LE(68),
    right: bytes.readUInt32LE(72),
    child: bytes.readUInt32LE(76),
    first: bytes.readUInt32LE(116),
    bytes: bytes.readUInt32LE(120),
  };
}

/** An entry and its siblings, which are a tree; what is no entry, or was there before, ends a branch. */
function siblingsOf(entries: readonly Entry[], top: number): ReadonlyMap<string, Entry> {
  const siblings = new Map<string, Entry>();
  const seen = new Set([0]);
  for (const waiting = [top]; waiting.length > 0;) {
    const index = waiting.pop() ?? unused;
    const entry = entries[index];
    if (entry === undefined || seen.has(index)) continue;
    seen.add(index);
    const name = entry.name.toLowerCase();
    if (!siblings.has(name)) siblings.set(name, entry);
    waiting.push(entry.left, entry.right);
  }
  return siblings;
}
