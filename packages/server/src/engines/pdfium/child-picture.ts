import type { Matrix } from './child-page-place.ts';
import type { Pdfium } from './child-pdfium.ts';
import { openSharp } from './child-sharp.ts';
import { bmpOf } from './pixels/bmp.ts';
import { isGray, type Pixels, toGrays } from './pixels/pixels.ts';
import { asPlaced, type Seen } from './pixels/placed.ts';
import type { PackedPicture, PictureFormat } from './writers/writer.ts';

/** An image of a page that is open. */
export interface PlacedPicture {
  readonly document: number;
  readonly page: number;
  readonly object: number;
  /** From the unit square to the page as it is shown, y down. */
  readonly matrix: Matrix;
  readonly seen: Seen;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
}

/** Pixels of one picture: of more, it is scaled down. */
const pixelsMax = 20_000_000;
const quality = 90;

/** Packs an image with its mask, as the page shows it; undefined where PDFium cannot read it. */
export async function packPicture(
  pdfium: Pdfium,
  picture: PlacedPicture,
  format: PictureFormat,
): Promise<PackedPicture | undefined> {
  const own = ownPixels(pdfium, picture);
  if (own === undefined) return undefined;
  const [a, b, c, d] = picture.matrix;
  const pixels = asPlaced(own, { a, b, c, d }, picture.seen);
  return { format, bytes: format === 'bmp' ? bmpOf(onWhite(pixels)) : await encode(pixels, format) };
}

/** The image upright, with as many pixels as it has: red is the lowest byte, alpha the highest. */
function ownPixels(pdfium: Pdfium, picture: PlacedPicture): Pixels | undefined {
  const { document, page, object, pixelWidth, pixelHeight } = picture;
  if (pixelWidth < 1 || pixelHeight < 1) return undefined;
  const scale = Math.min(1, Math.sqrt(pixelsMax / (pixelWidth * pixelHeight)));
  const side = (pixels: number) => Math.max(1, Math.floor(pixels * scale));
  const { call, scratch } = pdfium;
  if (call.FPDFPageObj_GetMatrix(object, scratch) === 0) return undefined;
  const kept = pdfium.floats().slice(scratch >> 2, (scratch >> 2) + 6);
  const place = (matrix: ArrayLike<number>) => {
    pdfium.floats().set(matrix, scratch >> 2);
    call.FPDFPageObj_SetMatrix(object, scratch);
  };
  // PDFium makes of an image as many pixels as it takes points.
  place([side(pixelWidth), 0, 0, side(pixelHeight), 0, 0]);
  const bitmap = call.FPDFImageObj_GetRenderedBitmap(document, page, object);
  place(kept);
  if (bitmap === 0) return undefined;
  try {
    const [width, height] = [call.FPDFBitmap_GetWidth(bitmap), call.FPDFBitmap_GetHeight(bitmap)];
    const at = call.FPDFBitmap_GetBuffer(bitmap) >>> 2;
    if (call.FPDFBitmap_GetStride(bitmap) !== width * 4) return undefined;
    const data = Uint32Array.from(pdfium.integers().subarray(at, at + width * height), swapped);
    return { width, height, data };
  } finally {
    call.FPDFBitmap_Destroy(bitmap);
  }
}

/** With red and blue in each other's place. */
function swapped(pixel: number): number {
  return (pixel & 0xff00ff00) | ((pixel >>> 16) & 0xff) | ((pixel & 0xff) << 16);
}

async function encode(pixels: Pixels, format: Exclude<PictureFormat, 'bmp'>): Promise<Uint8Array> {
  const sharp = await openSharp();
  const { width, height, data } = pixels;
  const isOpaque = data.every((pixel) => pixel >>> 24 === 255);
  if (isOpaque && format !== 'gif' && isGray(pixels)) {
    const grays = sharp(toGrays(pixels).data, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
    return format === 'png' ? grays.png().toBuffer() : grays.jpeg({ quality }).toBuffer();
  }
  const shown = format === 'jpeg' ? onWhite(pixels) : pixels;
  const bytes = new Uint8Array(shown.data.buffer, shown.data.byteOffset, shown.data.byteLength);
  const all = sharp(bytes, { raw: { width, height, channels: 4 } });
  const picture = isOpaque || format === 'jpeg' ? all.removeAlpha() : all;
  if (format === 'gif') return picture.gif().toBuffer();
  return format === 'png' ? picture.png().toBuffer() : picture.jpeg({ quality }).toBuffer();
}

/** What shows where white lies below. */
function onWhite({ width, height, data }: Pixels): Pixels {
  const mixed = (value: number, alpha: number) => Math.round((value * alpha + 255 * (255 - alpha)) / 255);
  const over = data.map((pixel) => {
    const alpha = pixel >>> 24;
    if (alpha === 255) return pixel;
    const [red, green, blue] = [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
    return mixed(red, alpha) | (mixed(green, alpha) << 8) | (mixed(blue, alpha) << 16) | (255 << 24);
  });
  return { width, height, data: over };
}
