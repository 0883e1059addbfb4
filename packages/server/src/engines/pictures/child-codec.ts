import { openSharp } from './child-sharp.ts';
import { pixelsMax } from './limits.ts';
import type { Samples } from './samples.ts';

/** Packed samples by a filter of PDF. */
export interface Packed {
  readonly filter: 'DCTDecode' | 'FlateDecode';
  readonly parms?: Readonly<Record<string, number>>;
  readonly data: Buffer;
}

/** Reads a JPEG of one or three components; undefined where it is damaged. */
export async function fromJpeg(jpeg: Buffer, channels: 1 | 3): Promise<Samples | undefined> {
  const sharp = await openSharp();
  try {
    const { data, info } = await sharp(jpeg, { limitInputPixels: pixelsMax, failOn: 'warning' })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return info.channels === channels
      ? { width: info.width, height: info.height, channels, data }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads CCITT data, `group` 3 (of one dimension) or 4: 0 is black. Undefined where it is damaged. */
export async function fromCcitt(
  data: Uint8Array,
  width: number,
  height: number,
  group: 3 | 4,
): Promise<Samples | undefined> {
  const sharp = await openSharp();
  try {
    const { data: samples, info } = await sharp(tiffOf(data, width, height, group), {
      limitInputPixels: pixelsMax,
      failOn: 'warning',
    })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const isWhole = info.channels === 1 && info.width === width && info.height === height;
    return isWhole ? { width, height, channels: 1, data: samples } : undefined;
  } catch {
    return undefined;
  }
}

/** Scales samples to a size. */
export async function scale(samples: Samples, width: number, height: number): Promise<Samples> {
  const sharp = await openSharp();
  const { channels } = samples;
  const data = await sharp(samples.data, { raw: samples })
    .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
  return { width, height, channels, data };
}

/** Colours as greys of the same brightness. */
export async function toGray(samples: Samples): Promise<Samples> {
  if (samples.channels === 1) return samples;
  const sharp = await openSharp();
  const { width, height } = samples;
  const data = await sharp(samples.data, { raw: samples }).toColourspace('b-w').raw().toBuffer();
  return { width, height, channels: 1, data };
}

/** Packs by JPEG. */
export async function toJpeg(samples: Samples, quality: number): Promise<Packed> {
  const sharp = await openSharp();
  const data = await sharp(samples.data, { raw: samples })
    .toColourspace(samples.channels === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality, mozjpeg: true })
    .toBuffer();
  return { filter: 'DCTDecode', data };
}

/** Packs without loss, with the predictors of PNG: a PNG's data is what FlateDecode reads. */
export async function toFlate(samples: Samples): Promise<Packed> {
  const sharp = await openSharp();
  const { width: Columns, channels: Colors } = samples;
  const png = await sharp(samples.data, { raw: samples })
    .toColourspace(Colors === 1 ? 'b-w' : 'srgb')
    .png({ compressionLevel: 9, adaptiveFiltering: true, palette: false })
    .toBuffer();
  return {
    filter: 'FlateDecode',
    parms: { Predictor: 15, Colors, BitsPerComponent: 8, Columns },
    data: idatOf(png),
  };
}

/** The data of a PNG, in one piece. */
export function idatOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at + 8 <= png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(parts);
}

/** CCITT data as the one strip of a TIFF, in which 0 is white. */
function tiffOf(data: Uint8Array, width: number, height: number, group: 3 | 4): Buffer {
  const entries = [
    [256, width],
    [257, height],
    [258, 1],
    [259, group],
    [262, 0],
    [273, 0],
    [277, 1],
    [278, height],
    [279, data.length],
  ] as const;
  const head = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 10 + index * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(4, at + 2);
    head.writeUInt32LE(1, at + 4);
    head.writeUInt32LE(tag === 273 ? head.length : value, at + 8);
  }
  return Buffer.concat([head, data]);
}
