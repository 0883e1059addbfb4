import type { Out } from '../writing/out.ts';
import {
  compoundMark,
  endOfChain,
  entryBytes,
  headerBytes,
  largeBytesMin,
  namedAt,
  namedInHeader,
  ofList,
  ofRoot,
  ofStream,
  ofTable,
  unused,
} from './format.ts';

const sectorBytes = headerBytes;
/** Numbers of sectors in one sector of the table. */
const perSector = sectorBytes / 4;

/**
 * Writes a compound file ([MS-CFB], version 3) of one stream: head, stream, directory, table of sectors, and the list of where the
 * table lies. `pieces` together have `size` bytes, at most 2 GiB. A small stream is filled up with zeros, so that none needs small sectors.
 */
export function writeCompound(out: Out, name: string, size: number, pieces: Iterable<Uint8Array>): void {
  const streamSize = Math.max(size, largeBytesMin);
  const stream = Math.ceil(streamSize / sectorBytes);
  const { table, list } = tableFor(stream + 1);
  const directoryAt = stream;
  const tableAt = stream + 1;
  const listAt = tableAt + table;
  out.write(headOf({ directoryAt, tableAt, table, listAt, list }));
  for (const piece of pieces) out.write(piece);
  out.write(new Uint8Array(stream * sectorBytes - size));
  out.write(directoryOf(name, streamSize));
  out.write(
    numbers(table * perSector, (index) => {
      if (index < stream) return index === stream - 1 ? endOfChain : index + 1;
      if (index === directoryAt) return endOfChain;
      if (index < listAt) return ofTable;
      return index < listAt + list ? ofList : unused;
    }),
  );
  const named = perSector - 1;
  out.write(
    numbers(list * perSector, (index) => {
      const sector = Math.floor(index / perSector);
      if (index % perSector === named) return sector === list - 1 ? endOfChain : listAt + sector + 1;
      const place = namedInHeader + sector * named + (index % perSector);
      return place < table ? tableAt + place : unused;
    }),
  );
}

/** How many sectors the table takes, and the list of those that the head does not name, when so many others are there. */
function tableFor(others: number): { table: number; list: number } {
  let [table, list] = [0, 0];
  for (;;) {
    const needed = Math.ceil((others + table + list) / perSector);
    if (needed === table) return { table, list };
    table = needed;
    list = Math.ceil(Math.max(0, table - namedInHeader) / (perSector - 1));
  }
}

function headOf(at: {
  readonly directoryAt: number;
  readonly tableAt: number;
  readonly table: number;
  readonly listAt: number;
  readonly list: number;
}): Buffer {
  const head = Buffer.alloc(sectorBytes);
  head.write(compoundMark, 'hex');
  head.writeUInt16LE(0x00_3e, 24);
  head.writeUInt16LE(3, 26);
  head.writeUInt16LE(0xff_fe, 28);
  // Sectors of 2^9 bytes, and of 2^6 in the stream of small ones, which there is not.
  head.writeUInt16LE(9, 30);
  head.writeUInt16LE(6, 32);
  head.writeUInt32LE(at.table, 44);
  head.writeUInt32LE(at.directoryAt, 48);
  head.writeUInt32LE(largeBytesMin, 56);
  head.writeUInt32LE(endOfChain, 60);
  head.writeUInt32LE(at.list === 0 ? endOfChain : at.listAt, 68);
  head.writeUInt32LE(at.list, 72);
  for (let place = 0; place < namedInHeader; place++)
    head.writeUInt32LE(place < at.table ? at.tableAt + place : unused, namedAt + place * 4);
  return head;
}

/** The root and the stream, and two places that are free. */
function directoryOf(name: string, streamSize: number): Buffer {
  const entries = Buffer.alloc(sectorBytes);
  const entry = (place: number, title: string, kind: number, child: number, start: number, size: number) => {
    const own = entries.subarray(place * entryBytes, (place + 1) * entryBytes);
    const written = own.write(title, 'utf16le');
    own.writeUInt16LE(kind === 0 ? 0 : written + 2, 64);
    own[66] = kind;
    // Black, in the tree of red and black in which entries lie.
    own[67] = kind === 0 ? 0 : 1;
    own.writeUInt32LE(unused, 68);
    own.writeUInt32LE(unused, 72);
    own.writeUInt32LE(child, 76);
    own.writeUInt32LE(start, 116);
    own.writeUInt32LE(size, 120);
  };
  entry(0, 'Root Entry', ofRoot, 1, endOfChain, 0);
  entry(1, name, ofStream, unused, 0, streamSize);
  entry(2, '', 0, unused, 0, 0);
  entry(3, '', 0, unused, 0, 0);
  return entries;
}

function numbers(count: number, valueOf: (index: number) => number): Buffer {
  const bytes = Buffer.alloc(count * 4);
  for (let index = 0; index < count; index++) bytes.writeUInt32LE(valueOf(index), index * 4);
  return bytes;
}
