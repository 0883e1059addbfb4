import { Refused } from '../../sandbox/refusal.ts';
import { type CompoundFile, type Entry, followerOfSmall } from './child-compound.ts';
import { damaged, type Sectors } from './child-sectors.ts';
import {
  endOfChain,
  largeBytesMin,
  noSectorMin,
  ofStorage,
  ofStream,
  smallSectorBytes,
  unused,
} from './format.ts';

const depthMax = 64;

/**
 * Looks at all of a compound file that is read by a library which follows whatever it finds: chains of sectors end where they should, the
 * directory is a tree, and no bytes are given out twice. Throws Refused.
 */
export function assertSound({ sectors, entries, root }: CompoundFile): void {
  const { header, count, perSector, sectorBytes } = sectors;
  const once = new Once(sectors);
  // A reader goes by what the header counts.
  if (header.lists > sectors.lists.length) throw damaged();
  if (header.tableSectors > sectors.tables.filter((sector) => sector < noSectorMin).length) throw damaged();
  once.take(sectors.lists);
  once.take(sectors.tables.slice(0, Math.ceil(count / perSector)).filter((sector) => sector < noSectorMin));
  once.takeChain(header.directory);
  // The sectors of small streams lie in the stream of the root. Some writers give an empty one a place: it has to end.
  if (root.bytes === 0) sectors.chain(root.first);
  const holders = root.bytes === 0 ? [] : once.takeChain(root.first);
  if (header.smallTableSectors > once.takeChain(header.smallTable).length) throw damaged();
  assertTree(entries, root.child);
  const next = followerOfSmall(sectors);
  let smallLeft = holders.length * sectorBytes;
  for (const { type, first, bytes } of entries) {
    if (type !== ofStream || bytes === 0) continue;
    if (bytes >= largeBytesMin) once.takeStream(first, bytes);
    else smallLeft -= smallBytesOf(next, first, bytes, holders.length * sectorBytes);
    if (smallLeft < 0) throw damaged();
  }
}

/** Gives out each sector once. */
class Once {
  readonly #sectors: Sectors;
  readonly #taken: Uint8Array;

  constructor(sectors: Sectors) {
    this.#sectors = sectors;
    this.#taken = new Uint8Array(sectors.count);
  }

  take(sectors: readonly number[]): void {
    for (const sector of sectors) {
      if (this.#taken[sector] !== 0) throw damaged();
      this.#taken[sector] = 1;
    }
  }

  /** A chain that ends as it should. */
  takeChain(first: number): readonly number[] {
    const chain = this.#sectors.chain(first);
    const last = chain.at(-1);
    if ((last === undefined ? first : this.#sectors.next(last)) !== endOfChain) throw damaged();
    this.take(chain);
    return chain;
  }

  /** As much of a chain as a stream has bytes. */
  takeStream(first: number, bytes: number): void {
    const most = Math.ceil(bytes / this.#sectors.sectorBytes);
    const chain = this.#sectors.chain(first, most);
    if (chain.length < most) throw damaged();
    this.take(chain);
  }
}

/** Sees that each entry has one place, in a tree that is not too deep. */
function assertTree(entries: readonly Entry[], top: number): void {
  const seen = new Set([0]);
  const pending: (readonly [index: number, depth: number])[] = [[top, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [index, depth] = next;
    if (index === unused) continue;
    const entry = entries[index];
    if (entry === undefined || seen.has(index) || (entry.type !== ofStorage && entry.type !== ofStream))
      throw damaged();
    if (depth > depthMax) throw new Refused('limit', 'it has too many levels');
    seen.add(index);
    pending.push([entry.left, depth], [entry.right, depth]);
    if (entry.type === ofStorage) pending.push([entry.child, depth + 1]);
  }
}

/** Follows a small stream; answers the bytes of its sectors. */
function smallBytesOf(
  next: (small: number) => number,
  first: number,
  bytes: number,
  smallBytes: number,
): number {
  let [small, taken] = [first, 0];
  for (; small < noSectorMin; taken += smallSectorBytes, small = next(small))
    if (taken >= bytes + smallSectorBytes || small * smallSectorBytes > smallBytes) throw damaged();
  if (taken < bytes || small !== endOfChain) throw damaged();
  return taken;
}
