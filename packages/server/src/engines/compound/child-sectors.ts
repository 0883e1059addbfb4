import { fstatSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { readAt } from '../zip/child-bytes.ts';
import { headerBytes, isCompound, namedAt, noSectorMin, unused } from './format.ts';

/** What the header of a compound file says of it ([MS-CFB] 2.2). */
export interface Header {
  readonly directory: number;
  readonly smallTable: number;
  readonly smallTableSectors: number;
  readonly tableSectors: number;
  readonly lists: number;
}

/** The sectors of a compound file, and the table of which follows which. Whatever a file says, none is followed for ever. */
export class Sectors {
  readonly header: Header;
  readonly sectorBytes: number;
  /** How many there are; the last may be cut off. */
  readonly count: number;
  /** Where the table lies, part by part; a number that is no sector where a part is missing. */
  readonly tables: readonly number[];
  /** The sectors that name parts of the table. */
  readonly lists: readonly number[];
  readonly #file: number;
  readonly #table: Uint32Array;

  /** Of an open file. Throws Refused. */
  constructor(file: number) {
    const header = readAt(file, 0, headerBytes);
    const shift = header.length < headerBytes || !isCompound(header) ? 0 : header.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) throw damaged();
    this.#file = file;
    this.sectorBytes = 2 ** shift;
    this.count = Math.max(0, Math.ceil(fstatSync(file).size / this.sectorBytes) - 1);
    this.header = {
      tableSectors: header.readUInt32LE(44),
      directory: header.readUInt32LE(48),
      smallTable: header.readUInt32LE(60),
      smallTableSectors: header.readUInt32LE(64),
      lists: header.readUInt32LE(72),
    };
    const named = numbersIn(header.subarray(namedAt), header.length - namedAt);
    const { tables, lists } = this.#tables([...named], header.readUInt32LE(68));
    this.tables = tables;
    this.lists = lists;
    this.#table = this.#readTable();
  }

  /** Numbers of the table, or of what is like it, in one sector. */
  get perSector(): number {
    return this.sectorBytes / 4;
  }

  /** Where a sector begins in the file. */
  offset(sector: number): number {
    return (sector + 1) * this.sectorBytes;
  }

  /** The bytes of a sector; fewer only at the end of the file. */
  read(sector: number): Buffer {
    return this.readAt(this.offset(sector), this.sectorBytes);
  }

  readAt(offset: number, length: number): Buffer {
    return readAt(this.#file, offset, length);
  }

  /** What a sector of a table says. */
  numbers(sector: number): Uint32Array {
    return numbersIn(this.read(sector), this.sectorBytes);
  }

  /** What follows a sector: another one, or a number that is none. */
  next(sector: number): number {
    return this.#table[sector] ?? unused;
  }

  /** A chain of sectors, to its end or as far as is wanted. Throws Refused where it has none. */
  chain(first: number, most = Infinity): number[] {
    const sectors: number[] = [];
    for (let sector = first; sector < noSectorMin && sectors.length < most; sector = this.next(sector))
      if (sectors.push(sector) > this.count + 1) throw damaged();
    return sectors;
  }

  /** With the parts of the table that the sectors of a list name besides those of the header. */
  #tables(tables: number[], list: number): { readonly tables: number[]; readonly lists: number[] } {
    const lists: number[] = [];
    for (let next = list; next < noSectorMin && lists.length < this.header.lists;) {
      // More of them name more sectors than there are.
      if (lists.push(next) * (this.perSector - 1) > this.count + this.perSector) throw damaged();
      const numbers = this.numbers(next);
      tables.push(...numbers.subarray(0, -1));
      next = numbers.at(-1) ?? unused;
    }
    return { tables, lists };
  }

  #readTable(): Uint32Array {
    const table = new Uint32Array(this.count).fill(unused);
    for (let at = 0; at < this.count; at += this.perSector) {
      const sector = this.tables[at / this.perSector] ?? unused;
      if (sector >= noSectorMin) continue;
      table.set(this.numbers(sector).subarray(0, this.count - at), at);
    }
    return table;
  }
}

/** The numbers of so many bytes; those that are missing say that nothing is there. */
function numbersIn(bytes: Buffer, length: number): Uint32Array {
  const numbers = new Uint32Array(length / 4).fill(unused);
  for (let at = 0; at + 4 <= bytes.length; at += 4) numbers[at / 4] = bytes.readUInt32LE(at);
  return numbers;
}

/** What a compound file is that cannot be read. */
export function damaged(): Refused {
  return new Refused('compound', 'its compound file is damaged');
}
