import { assertPixels, refuse } from '../pictures/child-refused.ts';
import { openSharp } from '../pictures/child-sharp.ts';
import { drawPng, modulePixels } from './child-draw.ts';
import type { Plan } from './symbologies.ts';

/** Modules of a side of a QR code below which a picture would hide too much of it, and the version (ISO/IEC 18004) that has so many. */
const least = { modules: 37, version: 5 };
/** Of the side, with the white around it: with the highest error correction a quarter of the area may be lost. */
const share = 0.24;

/** A PNG of the encoder in greys: it has colours, and is packed badly. */
export async function packed(png: Buffer): Promise<Buffer> {
  const sharp = await openSharp();
  return sharp(png).removeAlpha().toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer();
}

/** A QR code as PNG with a picture in its middle. Throws Misfit, and Refused of a picture that cannot be read. */
export async function decorated(plan: Plan, path: string): Promise<Buffer> {
  let png = await drawPng(plan);
  if (modulesOf(png, plan) < least.modules)
    png = await drawPng({ ...plan, options: { ...plan.options, version: String(least.version) } });
  const modules = modulesOf(png, plan);
  // As odd as the code is, so that it covers whole modules.
  const side = 2 * Math.floor((modules * share - 1) / 2) + 1;
  const sharp = await openSharp();
  const picture = await pictureOf(path, (side - 2) * modulePixels);
  const white = sharp({
    create: { width: side * modulePixels, height: side * modulePixels, channels: 3, background: '#ffffff' },
  });
  const middle = await white
    .composite([{ input: picture }])
    .png()
    .toBuffer();
  return sharp(png)
    .composite([{ input: middle }])
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
}

function modulesOf(png: Buffer, { look }: Plan): number {
  return png.readUInt32BE(16) / modulePixels - 2 * look.quiet[0];
}

/** A picture as PNG that fits into a square. */
async function pictureOf(path: string, side: number): Promise<Buffer> {
  const sharp = await openSharp();
  try {
    const picture = sharp(path);
    const { width, height } = await picture.metadata();
    assertPixels(width, height);
    return await picture
      .autoOrient()
      .resize(side, side, { fit: 'inside' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .png()
      .toBuffer();
  } catch (error) {
    return refuse(error);
  }
}
