import { deflateSync } from 'node:zlib';
import { Refused } from '../../sandbox/refusal.ts';
import type { PicturePage } from './child-page.ts';
import { assertPixels, damaged } from './child-refused.ts';

/** Header of a bitmap of Windows, of the kind that all programs write. */
interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isFromTop: boolean;
  readonly bits: number;
  readonly perInch: readonly [number, number];
  /** Where the palette begins, and where the rows do. */
  readonly paletteAt: number;
  readonly dataAt: number;
}

const [plain, byMasks] = [0, 3];
/** Red, green and blue of 32 bits, where masks say what is so without them. */
const usualMasks = [0xff0000, 0xff00, 0xff];
const perMetre = 0.0254;

/** An unpacked bitmap as a page. Throws Refused, also where it is packed or of an unusual kind. */
export function bmpPage(bmp: Buffer): PicturePage {
  const { width, height, bits, perInch, paletteAt, dataAt, isFromTop } = readHeader(bmp);
  const storedBytes = Math.ceil((width * bits) / 32) * 4;
  if (dataAt + storedBytes * height > bmp.length) throw damaged();
  const isIndexed = bits <= 8;
  const rowBytes = isIndexed ? Math.ceil((width * bits) / 8) : width * 3;
  const rows = Buffer.alloc(rowBytes * height);
  for (let row = 0; row < height; row++) {
    const from = dataAt + storedBytes * (isFromTop ? row : height - 1 - row);
    if (isIndexed) bmp.copy(rows, row * rowBytes, from, from + rowBytes);
    else copyColors(bmp, from, bits / 8, rows.subarray(row * rowBytes, (row + 1) * rowBytes));
  }
  const palette = isIndexed ? paletteOf(bmp, paletteAt, dataAt, bits) : undefined;
  return {
    picture: {
      width,
      height,
      bitsPerComponent: isIndexed ? bits : 8,
      colorSpace: { device: 'DeviceRGB', palette },
      filter: 'FlateDecode',
      data: deflateSync(rows),
    },
    perInch,
  };
}

function readHeader(bmp: Buffer): BmpHeader {
  if (bmp.length < 54) throw damaged();
  const [dataAt, headerBytes] = [bmp.readUInt32LE(10), bmp.readUInt32LE(14)];
  const [width, height] = [bmp.readInt32LE(18), bmp.readInt32LE(22)];
  const [bits, packing] = [bmp.readUInt16LE(28), bmp.readUInt32LE(30)];
  const masksAt = 54;
  const isUsual =
    packing === plain ||
    (packing === byMasks &&
      bits === 32 &&
      bmp.length >= masksAt + 12 &&
      usualMasks.every((mask, index) => bmp.readUInt32LE(masksAt + index * 4) === mask));
  if (!isUsual || headerBytes < 40 || ![1, 4, 8, 24, 32].includes(bits))
    throw new Refused('kind', 'it is a bitmap of an unusual kind');
  assertPixels(width, Math.abs(height));
  if (dataAt < masksAt) throw damaged();
  return {
    width,
    height: Math.abs(height),
    isFromTop: height < 0,
    bits,
    perInch: [bmp.readInt32LE(38) * perMetre, bmp.readInt32LE(42) * perMetre],
    paletteAt: 14 + headerBytes,
    dataAt,
  };
}

/** Blue, green and red, perhaps with a byte that means nothing, as red, green and blue. */
function copyColors(bmp: Buffer, from: number, pixelBytes: number, to: Buffer): void {
  for (let [at, source] = [0, from]; at < to.length; at += 3, source += pixelBytes) {
    to[at] = bmp[source + 2] as number;
    to[at + 1] = bmp[source + 1] as number;
    to[at + 2] = bmp[source] as number;
  }
}

/** The colours of a palette that lies before the rows. */
function paletteOf(bmp: Buffer, from: number, to: number, bits: number): Buffer {
  const count = Math.min(2 ** bits, Math.floor((to - from) / 4));
  if (count < 1) throw damaged();
  const palette = Buffer.alloc(count * 3);
  copyColors(bmp, from, 4, palette);
  return palette;
}
