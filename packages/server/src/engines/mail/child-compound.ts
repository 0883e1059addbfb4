import { Refused } from '../../sandbox/refusal.ts';

const mark = 'd0cf11e0a1b11ae1';
const headerBytes = 512;
/** In a table of sectors: those above are no sectors (MS-CFB 2.1). */
const sectorMax = 0xfffffffa;
const endOfChain = 0xfffffffe;
const smallSectorBytes = 64;
const entryBytes = 128;
/** Bytes from which a stream lies in sectors of its own. */
const largeBytesMin = 4_096;
const nothing = 0xffffffff;
/** A message has a few dozen for each recipient and attachment. */
const entriesMax = 200_000;
const depthMax = 64;
const [storage, stream, root] = [1, 2, 5] as const;

/** An entry of the directory of a compound file (MS-CFB 2.6). */
interface Entry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly bytes: number;
}

/** Whether bytes begin as a compound file does. */
export function isCompound(bytes: Buffer): boolean {
  return bytes.toString('hex', 0, 8) === mark;
}

/**
 * Looks at all that a reader of a compound file follows: chains of sectors end where they should, the directory is a tree, and no bytes
 * are given out twice. Answers the names in its root. Throws Refused.
 */
export function checkCompound(bytes: Buffer): ReadonlySet<string> {
  const sectorBytes = bytes.length >= headerBytes ? 2 ** bytes.readUInt16LE(30) : 0;
  if (sectorBytes !== 512 && sectorBytes !== 4_096) throw damaged();
  const sectors = new Sectors(bytes, sectorBytes);
  const entries = readEntries(sectors, bytes.readUInt32LE(48));
  const [first] = entries;
  if (first?.type !== root) throw damaged();
  // The sectors of small streams lie in the stream of the root. Some writers give an empty one a place.
  if (first.bytes === 0) sectors.assertEnds(first.start);
  const smallBytes = first.bytes === 0 ? 0 : sectors.chain(first.start).length * sectorBytes;
  const smallTable = sectors.chain(bytes.readUInt32LE(60));
  if (bytes.readUInt32LE(64) > smallTable.length) throw damaged();
  const names = walk(entries, first.child);
  let small = 0;
  for (const { type, start, bytes: size } of entries) {
    if (type !== stream || size === 0) continue;
    if (size >= largeBytesMin) sectors.takeStream(start, size);
    else small += checkSmall(sectors, smallTable, start, size, smallBytes);
    if (small > smallBytes) throw damaged();
  }
  return names;
}

/** The sectors of a file, each of which belongs to one chain. */
class Sectors {
  readonly bytes: Buffer;
  readonly sectorBytes: number;
  readonly #table: Uint32Array;
  readonly #taken: Uint8Array;

  constructor(bytes: Buffer, sectorBytes: number) {
    this.bytes = bytes;
    this.sectorBytes = sectorBytes;
    const count = Math.ceil(bytes.length / sectorBytes) - 1;
    this.#taken = new Uint8Array(Math.max(count, 0));
    this.#table = this.#readTable(count);
  }

  /** Where a sector lies. Throws Refused for one that is not there. */
  offset(sector: number): number {
    const offset = (sector + 1) * this.sectorBytes;
    if (offset >= this.bytes.length) throw damaged();
    return offset;
  }

  /** The numbers of a sector. */
  numbers(sector: number): Uint32Array {
    const from = this.offset(sector);
    const numbers = new Uint32Array(this.sectorBytes / 4).fill(nothing);
    for (let index = 0; index < numbers.length && from + index * 4 + 4 <= this.bytes.length; index++)
      numbers[index] = this.bytes.readUInt32LE(from + index * 4);
    return numbers;
  }

  /** A chain to its end; each of its sectors is taken. */
  chain(start: number): number[] {
    const sectors: number[] = [];
    let sector = start;
    for (; sector < sectorMax; sector = this.#table[sector] ?? nothing) {
      this.#take(sector);
      sectors.push(sector);
    }
    if (sector !== endOfChain) throw damaged();
    return sectors;
  }

  /** Throws Refused for a chain that goes in circles; whose its sectors are does not matter. */
  assertEnds(start: number): void {
    let left = this.#table.length;
    for (let sector = start; sector < sectorMax; sector = this.#table[sector] ?? nothing)
      if (left-- === 0) throw damaged();
  }

  /** A stream: as much of its chain as it has bytes. */
  takeStream(start: number, size: number): void {
    let sector = start;
    for (let left = size; left > 0; left -= this.sectorBytes) {
      this.#take(sector);
      sector = this.#table[sector] ?? nothing;
    }
  }

  #take(sector: number): void {
    this.offset(sector);
    if (this.#taken[sector] === 1) throw damaged();
    this.#taken[sector] = 1;
  }

  /** The table that says which sector follows, by the list in the header and the sectors that go on with it. */
  #readTable(count: number): Uint32Array {
    const table = new Uint32Array(Math.max(count, 0)).fill(nothing);
    const perSector = this.sectorBytes / 4;
    let [at, parts, lists] = [0, 0, 0];
    const add = (sector: number): void => {
      if (sector >= sectorMax) return;
      parts++;
      if (at >= count) return;
      this.#take(sector);
      table.set(this.numbers(sector).subarray(0, Math.min(perSector, count - at)), at);
      at += perSector;
    };
    for (let place = 76; place < headerBytes; place += 4) add(this.bytes.readUInt32LE(place));
    for (let next = this.bytes.readUInt32LE(68); next < sectorMax;) {
      this.#take(next);
      const numbers = this.numbers(next);
      for (const sector of numbers.subarray(0, -1)) add(sector);
      next = numbers.at(-1) ?? nothing;
      lists++;
    }
    // A reader goes by what the header counts.
    if (this.bytes.readUInt32LE(44) > parts || this.bytes.readUInt32LE(72) > lists) throw damaged();
    return table;
  }
}

function readEntries(sectors: Sectors, start: number): Entry[] {
  const { bytes, sectorBytes } = sectors;
  const entries: Entry[] = [];
  for (const sector of sectors.chain(start)) {
    const from = sectors.offset(sector);
    for (let at = from; at < from + sectorBytes && at + entryBytes <= bytes.length; at += entryBytes) {
      const nameBytes = Math.min(64, Math.max(2, bytes.readUInt16LE(at + 64))) - 2;
      const [left, right, child] = [68, 72, 76].map((place) => bytes.readUInt32LE(at + place));
      entries.push({
        name: bytes.toString('utf16le', at, at + nameBytes),
        type: bytes[at + 66]!,
        left: left!,
        right: right!,
        child: child!,
        start: bytes.readUInt32LE(at + 116),
        bytes: bytes.readUInt32LE(at + 120),
      });
      if (entries.length > entriesMax) throw new Refused('limit', 'a message of too many properties');
    }
  }
  return entries;
}

/** Sees that each entry has one place, in a tree that is not too deep; answers the names at its top. */
function walk(entries: readonly Entry[], top: number): ReadonlySet<string> {
  const seen = new Set([0]);
  const names = new Set<string>();
  const pending: (readonly [index: number, depth: number])[] = [[top, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [index, depth] = next;
    if (index === nothing) continue;
    const entry = entries[index];
    if (entry === undefined || seen.has(index) || (entry.type !== storage && entry.type !== stream))
      throw damaged();
    if (depth > depthMax) throw new Refused('limit', 'a message of too many levels');
    seen.add(index);
    if (depth === 1) names.add(entry.name);
    pending.push([entry.left, depth], [entry.right, depth]);
    if (entry.type === storage) pending.push([entry.child, depth + 1]);
  }
  return names;
}

/** Follows a small stream; answers the bytes of its sectors. */
function checkSmall(
  sectors: Sectors,
  table: readonly number[],
  start: number,
  size: number,
  smallBytes: number,
): number {
  const perSector = sectors.sectorBytes / 4;
  let [sector, taken] = [start, 0];
  for (; sector < sectorMax; taken += smallSectorBytes) {
    if (taken >= size + smallSectorBytes || (sector + 1) * smallSectorBytes > smallBytes + smallSectorBytes)
      throw damaged();
    const holder = table[Math.floor(sector / perSector)];
    if (holder === undefined) throw damaged();
    const at = sectors.offset(holder) + (sector % perSector) * 4;
    sector = at + 4 <= sectors.bytes.length ? sectors.bytes.readUInt32LE(at) : endOfChain;
  }
  if (taken < size || sector !== endOfChain) throw damaged();
  return taken;
}

/** What a message is that cannot be read. */
export function damaged(): Refused {
  return new Refused('mail', 'it is damaged');
}
