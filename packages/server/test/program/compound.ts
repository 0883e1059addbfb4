const headerBytes = 512;
const [end, none] = [0xfffffffe, 0xffffffff];

interface Node {
  readonly name: string;
  /** What it holds, where it is a storage. */
  readonly holds?: readonly string[];
}

/**
 * A compound file ([MS-CFB]) of empty streams, and of storages of such. `from`: the sector in which its directory begins; beyond the
 * 13,952nd of 512 bytes the header has no room for the table that knows it, and a sector of its own names that.
 */
export function compoundOf(
  nodes: readonly Node[],
  { from = 1, sectorBytes = 512 }: { readonly from?: number; readonly sectorBytes?: 512 | 4_096 } = {},
): Buffer {
  const entries = entriesOf(nodes);
  const perTable = sectorBytes / 4;
  const sectors = Math.ceil((entries.length * 128) / sectorBytes);
  const file = Buffer.alloc((from + sectors + 3) * sectorBytes, 0);
  const at = (sector: number) => (sector + 1) * sectorBytes;
  file.write('d0cf11e0a1b11ae1', 'hex');
  file.writeUInt16LE(Math.log2(sectorBytes), 30);
  file.writeUInt16LE(6, 32);
  file.writeUInt32LE(from, 48);
  file.writeUInt32LE(end, 68);
  file.fill(0xff, 76, headerBytes);
  const index = Math.floor(from / perTable);
  const tableAt = from + sectors;
  if (76 + index * 4 < headerBytes) file.writeUInt32LE(tableAt, 76 + index * 4);
  else {
    file.writeUInt32LE(tableAt + 1, 68);
    file.writeUInt32LE(1, 72);
    file.fill(0xff, at(tableAt + 1), at(tableAt + 2));
    file.writeUInt32LE(tableAt, at(tableAt + 1) + (index - 109) * 4);
  }
  for (let sector = 0; sector < sectors; sector++)
    file.writeUInt32LE(
      sector + 1 < sectors ? from + sector + 1 : end,
      at(tableAt) + ((from + sector) % perTable) * 4,
    );
  for (const [number, entry] of entries.entries()) entry.copy(file, at(from) + number * 128);
  return file;
}

/** The root, its nodes as a chain of right siblings, and what these hold behind them. */
function entriesOf(nodes: readonly Node[]): Buffer[] {
  const entries = [entryOf('Root Entry', 5, { child: 1 })];
  let next = nodes.length + 1;
  const inner: Buffer[] = [];
  for (const [index, { name, holds = [] }] of nodes.entries()) {
    const right = index + 1 < nodes.length ? index + 2 : none;
    entries.push(entryOf(name, holds.length > 0 ? 1 : 2, { right, child: holds.length > 0 ? next : none }));
    for (const [place, one] of holds.entries())
      inner.push(entryOf(one, 2, { right: place + 1 < holds.length ? next + place + 1 : none }));
    next += holds.length;
  }
  return [...entries, ...inner];
}

function entryOf(
  name: string,
  type: number,
  { right = none, child = none }: { readonly right?: number; readonly child?: number },
): Buffer {
  const entry = Buffer.alloc(128);
  entry.write(name, 'utf16le');
  entry.writeUInt16LE((name.length + 1) * 2, 64);
  entry[66] = type;
  entry.writeUInt32LE(none, 68);
  entry.writeUInt32LE(right, 72);
  entry.writeUInt32LE(child, 76);
  return entry;
}
