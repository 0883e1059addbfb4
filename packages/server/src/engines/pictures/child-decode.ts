import { type CcittData, encodeCcitt, type StoredPicture } from '@octavo/pdf';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { idatOf } from './child-codec.ts';
import type { PicturePage } from './child-page.ts';
import { openSharp } from './child-sharp.ts';
import { pixelsMax } from './limits.ts';
import { toBits } from './samples.ts';

/** Level of Flate: 9 takes several times as long for a few parts in a hundred. */
const compressionLevel = 6;

/** What the library says of a file. Throws where it does not read it. */
export async function lookAt(path: string): Promise<Metadata> {
  const sharp = await openSharp();
  return sharp(path, optionsOf(0)).metadata();
}

/** One picture of a file, packed anew without loss: in 8 bits, with its alpha as a soft mask; of 1 bit by CCITT G4. Throws where it is damaged. */
export async function decodedPage(path: string, page: number): Promise<PicturePage> {
  const sharp = await openSharp();
  const open = () => sharp(path, optionsOf(page));
  const facts = await open().metadata();
  const { width, height, orientation, density, hasAlpha } = facts;
  const isGray = facts.channels <= 2;
  const perInch = density === undefined ? undefined : ([density, density] as const);
  const more = { orientation, perInch };
  if (facts.bitsPerSample === 1 && facts.channels === 1 && !facts.isPalette) {
    const data = await open().toColourspace('b-w').raw().toBuffer();
    const bits = encodeCcitt(toBits({ width, height, channels: 1, data }), width, height);
    return { picture: bilevel(width, height, bits), ...more };
  }
  const colors = open()
    .removeAlpha()
    .toColourspace(isGray ? 'b-w' : 'srgb');
  const softMask = hasAlpha ? await maskOf(open(), width, height) : undefined;
  return { picture: { ...(await packed(colors, width, height)), softMask }, ...more };
}

/** How much of each pixel is seen; undefined where that is all of all. */
async function maskOf(image: Sharp, width: number, height: number): Promise<StoredPicture | undefined> {
  const sharp = await openSharp();
  const alpha = await image.extractChannel('alpha').toColourspace('b-w').raw().toBuffer();
  let at = 0;
  while (alpha[at] === 255) at++;
  if (at === alpha.length) return undefined;
  const raw = { width, height, channels: 1 } as const;
  return packed(sharp(alpha, { raw }).toColourspace('b-w'), width, height);
}

/** What the library has of a picture, packed without loss in 8 bits. */
export async function packed(image: Sharp, width: number, height: number): Promise<StoredPicture> {
  const png = await image.png({ compressionLevel, adaptiveFiltering: true, palette: false }).toBuffer();
  return fromPng(png, width, height);
}

function optionsOf(page: number): SharpOptions {
  return { page, limitInputPixels: pixelsMax, failOn: 'error', sequentialRead: true };
}

function bilevel(width: number, height: number, bits: CcittData): StoredPicture {
  return {
    width,
    height,
    bitsPerComponent: 1,
    colorSpace: { device: 'DeviceGray' },
    filter: 'CCITTFaxDecode',
    ...bits,
  };
}

/** A PNG of 8 bits that the library wrote. */
function fromPng(png: Buffer, width: number, height: number): StoredPicture {
  const colors = png[25] === 2 ? 3 : 1;
  return {
    width,
    height,
    bitsPerComponent: 8,
    colorSpace: { device: colors === 3 ? 'DeviceRGB' : 'DeviceGray' },
    filter: 'FlateDecode',
    parms: { Predictor: 15, Colors: colors, BitsPerComponent: 8, Columns: width },
    data: idatOf(png),
  };
}
