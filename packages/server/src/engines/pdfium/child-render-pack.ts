import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Sharp } from 'sharp';
import type { RenderSettings } from '../capabilities.ts';
import { openSharp } from './child-sharp.ts';
import { jpegBeginning, writePngDensity } from './density.ts';
import { toBits, toBlackAndWhite } from './pixels/one-bit.ts';
import { pngOfBits } from './pixels/png-bits.ts';

/** Bytes of a picture, row by row: greys, or red, green, blue and one that means nothing. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 4;
  readonly data: Uint8Array;
}

export type Packing = Pick<
  RenderSettings,
  'as' | 'quality' | 'tiffCompression' | 'bitsPerPixel' | 'oneBit'
> & {
  /** Pixels per inch, which is written into the file. */
  readonly resolution: number;
};

/** Pixels of a JPEG from which on its codes are not chosen by what it holds: a tenth smaller, but all of it is in memory once more. */
const chosenCodesMax = 16_000_000;
/** Of a PNG, in bytes: a JPEG that is little smaller spoils edges for nothing. */
const jpegShareMax = 0.6;
/** More costs much time and saves little. */
const pngLevel = 6;
const webpEffort = 2;

/** Whether all pixels become black or white: CCITT knows nothing else. */
export function isOneBit({
  as,
  bitsPerPixel,
  tiffCompression,
}: Pick<Packing, 'as' | 'bitsPerPixel' | 'tiffCompression'>): boolean {
  return bitsPerPixel === 1 || (as === 'tiff' && tiffCompression.startsWith('ccitt'));
}

/** Packs a picture into a file. Greys that become black and white are changed in place. */
export async function pack(samples: Samples, packing: Packing, path: string): Promise<void> {
  const isBits = isOneBit(packing);
  if (isBits) toBlackAndWhite(samples, packing.oneBit);
  if (packing.as === 'png' && isBits) return packPngBits(samples, packing, path);
  if (packing.as === 'png-or-jpg') return packEither(samples, packing, path);
  const pixels = samples.width * samples.height;
  const picture = encode(await open(samples, packing), pixels, packing, isBits);
  if (packing.as === 'jpg') return packJpeg(picture, packing, path);
  await picture.toFile(path);
  // WebP has no place for it, and a TIFF gets it from the library.
  if (packing.as === 'png') writePngDensity(path, packing.resolution);
}

async function packJpeg(picture: Sharp, { resolution }: Packing, path: string): Promise<void> {
  const jpeg = await picture.toBuffer();
  const file = openSync(path, 'w', 0o600);
  try {
    writeFileSync(file, jpegBeginning(resolution));
    writeFileSync(file, jpeg.subarray(2));
  } finally {
    closeSync(file);
  }
}

function packPngBits(samples: Samples, { resolution }: Packing, path: string): void {
  const { width, height } = samples;
  writeFileSync(path, pngOfBits(toBits(samples), width, height, resolution), { mode: 0o600 });
}

async function packEither(samples: Samples, packing: Packing, path: string): Promise<void> {
  await pack(samples, { ...packing, as: 'png' }, path);
  if (isOneBit(packing)) return;
  const other = `${path}-jpg`;
  await pack(samples, { ...packing, as: 'jpg' }, other);
  if (statSync(other).size < statSync(path).size * jpegShareMax) renameSync(other, path);
  else rmSync(other);
}

async function open({ data, width, height, channels }: Samples, packing: Packing): Promise<Sharp> {
  const sharp = await openSharp();
  const raw = { width, height, channels };
  const picture = sharp(data, { raw, limitInputPixels: false });
  if (channels === 1) return picture.toColourspace('b-w');
  const isOpaque = packing.bitsPerPixel !== 32 || packing.as === 'jpg';
  return isOpaque ? picture.removeAlpha() : picture.removeAlpha().ensureAlpha(1);
}

function encode(picture: Sharp, pixels: number, packing: Packing, isBits: boolean): Sharp {
  const { as, quality, tiffCompression, resolution } = packing;
  if (as === 'png') return picture.png({ compressionLevel: pngLevel });
  if (as === 'webp') return picture.webp({ quality, effort: webpEffort, lossless: isBits });
  if (as !== 'tiff')
    return picture.jpeg({ quality: Math.max(1, quality), optimiseCoding: pixels <= chosenCodesMax });
  const perMillimetre = resolution / 25.4;
  const compression = (
    {
      lzw: 'lzw',
      none: 'none',
      jpeg: 'jpeg',
      rle: 'packbits',
      ccitt3: 'ccittfax4',
      ccitt4: 'ccittfax4',
    } as const
  )[tiffCompression];
  return picture.tiff({
    compression,
    quality: Math.max(1, quality),
    predictor: 'none',
    ...(isBits ? { bitdepth: 1 } : {}),
    xres: perMillimetre,
    yres: perMillimetre,
    resolutionUnit: 'inch',
  });
}
