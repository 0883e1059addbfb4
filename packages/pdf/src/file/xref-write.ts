import { deflateSync } from 'node:zlib';
import type { ByteBuffer } from '../syntax/byte-buffer.ts';
import { writeHexString } from '../syntax/write.ts';
import type { Placements, TrailerEntries } from './writer.ts';

/** Writes a cross-reference table and its trailer (ISO 32000-2, 7.5.4 and 7.5.5). Offsets fit ten digits. */
export function writeXrefTable(
  out: ByteBuffer,
  { length, positions }: Placements,
  entries: TrailerEntries,
): void {
  out.reserve(length * 20 + 256);
  out.ascii(`xref\n0 ${length}\n0000000000 65535 f \n`);
  for (let number = 1; number < length; number++) {
    out.ascii('0000000000 00000 n \n');
    let rest = positions[number]!;
    for (let at = out.length - 11; rest > 0; at--) {
      const tenth = Math.floor(rest / 10);
      out.bytes[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
  }
  out.ascii('trailer\n<<');
  writeEntries(out, length, entries);
  out.ascii('>>\n');
}

/** Bytes of a row before its position, and after it. */
const KIND_BYTES = 1;
const INDEX_BYTES = 2;

/** Writes the rest of a cross-reference stream, whose header has been written (ISO 32000-2, 7.5.8). */
export function writeXrefStream(
  out: ByteBuffer,
  placements: Placements,
  entries: TrailerEntries,
  deflateLevel: number,
): void {
  const width = positionBytes(placements);
  const packed = deflateSync(rows(placements, width), { level: deflateLevel });
  const columns = KIND_BYTES + width + INDEX_BYTES;
  out.ascii(`<</Type/XRef/W[${KIND_BYTES} ${width} ${INDEX_BYTES}]/Filter/FlateDecode`);
  out.ascii(`/DecodeParms<</Predictor 12/Columns ${columns}>>/Length ${packed.length}`);
  writeEntries(out, placements.length, entries);
  out.ascii('>>\nstream\n');
  out.range(packed, 0, packed.length);
  out.ascii('\nendstream\nendobj\n');
}

function positionBytes({ length, positions, containers }: Placements): number {
  let highest = length;
  for (let number = 1; number < length; number++)
    if (containers[number] === 0 && positions[number]! > highest) highest = positions[number]!;
  let bytes = 1;
  while (highest >= 256 ** bytes) bytes++;
  return bytes;
}

/** The rows with the PNG predictor Up: each byte less the one above it, which packs to a fraction. */
function rows({ length, positions, containers }: Placements, width: number): Uint8Array {
  const columns = KIND_BYTES + width + INDEX_BYTES;
  const packed = new Uint8Array(length * (columns + 1));
  let above = new Uint8Array(columns);
  let row = new Uint8Array(columns);
  for (let number = 0; number < length; number++) {
    const container = containers[number]!;
    const index = container === 0 ? 0 : positions[number]!;
    row[0] = number === 0 ? 0 : container === 0 ? 1 : 2;
    let rest = container === 0 ? positions[number]! : container;
    for (let at = width; at > 0; at--) {
      row[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    row[columns - 2] = index >> 8;
    row[columns - 1] = index & 255;
    let at = number * (columns + 1);
    packed[at++] = 2;
    for (let i = 0; i < columns; i++) packed[at + i] = row[i]! - above[i]!;
    [above, row] = [row, above];
  }
  return packed;
}

function writeEntries(out: ByteBuffer, size: number, { root, info, id, encrypt }: TrailerEntries): void {
  out.ascii(`/Size ${size}/Root ${root} 0 R`);
  if (info !== undefined) out.ascii(`/Info ${info} 0 R`);
  if (encrypt !== undefined) out.ascii(`/Encrypt ${encrypt} 0 R`);
  out.ascii('/ID[');
  for (const each of id) writeHexString(out, each);
  out.ascii(']');
}
