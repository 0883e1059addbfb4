import * as core from '@octavo/pdf';
import { deflateSync } from 'node:zlib';
import type { PictureSettings, PictureTreatment } from '../capabilities.ts';
import { fromCcitt, fromJpeg, type Packed, scale, toFlate, toGray, toJpeg } from './child-codec.ts';
import { readJpeg } from './jpeg.ts';
import { fromBits, fromPalette, isPhotograph, type Samples, toBits } from './samples.ts';

type Info = core.PictureInfo;
/** A replacement with its data in hand. */
export type Replaced = Omit<core.PictureReplacement, 'data' | 'bytes'> & { readonly content: Uint8Array };

/** Bytes of the samples of one picture, and of its data; what is larger stays as it is. */
const samplesBytesMax = 128 * 1024 * 1024;
/** A picture of fewer bytes is not worth a look. */
const bytesMin = 512;
/** A JPEG that is packed anew loses a little; it has to gain so much. */
const jpegGainMin = 0.85;
/** By how much the quality of a JPEG has to be above the one asked for. */
const qualityStep = 5;
/** A picture that is shown smaller than that, in points, may be shown elsewhere too. */
const shownMin = 2;

/**
 * What becomes of one picture; undefined where it stays. Masks keep their edges (never JPEG); what is not understood to the
 * last (CMYK, Lab, DeviceN, JPX, JBIG2, colours mixed with a matte, odd decode arrays) stays as it is.
 */
export async function repackPicture(
  info: Info,
  settings: PictureSettings,
  read: (bytesMax: number) => Uint8Array | undefined,
): Promise<Replaced | undefined> {
  if (info.isSpecial || info.hasMatte || info.bytes < bytesMin) return undefined;
  if (info.width * info.height > samplesBytesMax) return undefined;
  if (isMonochrome(info)) return monochrome(info, settings, read);
  const { colorSpace } = info;
  if (colorSpace === undefined) return undefined;
  if (colorSpace.kind === 'Indexed') return indexed(info, settings, read);
  const isGray =
    ['DeviceGray', 'CalGray', 'ICCBased', 'Separation'].includes(colorSpace.kind) &&
    colorSpace.components === 1;
  const isColor =
    ['DeviceRGB', 'CalRGB', 'ICCBased'].includes(colorSpace.kind) && colorSpace.components === 3;
  if (!isGray && !isColor) return undefined;
  return continuous(info, isGray ? 1 : 3, settings, read);
}

function isMonochrome({ isStencil, bitsPerComponent, colorSpace }: Info): boolean {
  return isStencil || (bitsPerComponent === 1 && colorSpace?.components === 1);
}

/** The size that a picture is scaled down to; undefined where it is not. */
export function targetOf(
  info: Info,
  { resample }: PictureTreatment,
): { width: number; height: number } | undefined {
  const { shown } = info;
  if (resample === undefined || shown === undefined || info.mask === 'color-key') return undefined;
  if (shown.width < shownMin || shown.height < shownMin) return undefined;
  const side = (pixels: number, points: number): number => {
    const perInch = (pixels * 72) / points;
    return perInch > resample.above ? Math.max(1, Math.ceil((pixels * resample.to) / perInch)) : pixels;
  };
  const [width, height] = [side(info.width, shown.width), side(info.height, shown.height)];
  return width === info.width && height === info.height ? undefined : { width, height };
}

/** Pictures of 8 or 16 bits, grey or of three colours. */
async function continuous(
  info: Info,
  channels: 1 | 3,
  settings: PictureSettings,
  read: (bytesMax: number) => Uint8Array | undefined,
): Promise<Replaced | undefined> {
  const treatment = channels === 1 ? settings.grayscale : settings.color;
  const target = targetOf(info, treatment);
  const grays = settings.toGrayscale && channels === 3 && isPlain(info.decode) && info.mask !== 'color-key';
  const isJpeg = info.filter === 'DCTDecode';
  if (
    target === undefined &&
    !grays &&
    (treatment.format === 'keep' || (isJpeg && treatment.format !== 'jpeg'))
  )
    return undefined;
  const data = read(samplesBytesMax);
  if (data === undefined) return undefined;
  const jpeg = isJpeg ? readJpeg(data) : undefined;
  if (isJpeg && target === undefined && !grays && (jpeg?.quality ?? 0) < treatment.quality + qualityStep)
    return undefined;
  const isLossless = info.mask === 'color-key' || info.isSoftMask || info.isMask;
  if (isLossless && (isJpeg || info.bitsPerComponent === 16) && target === undefined) return undefined;
  let samples = isJpeg ? await ofJpeg(info, channels, jpeg) : ofSamples(info, channels, data);
  if (samples === undefined) return undefined;
  const wasPhotograph = isJpeg || isPhotograph(samples);
  if (target !== undefined) samples = await scale(samples, target.width, target.height);
  if (grays) samples = await toGray(samples);
  const byJpeg = !isLossless && wasPhotograph && (isJpeg || treatment.format === 'jpeg');
  if (info.bitsPerComponent === 16 && !byJpeg && target === undefined && !grays) return undefined;
  const packed = byJpeg ? await toJpeg(samples, treatment.quality) : await toFlate(samples);
  const isWorth = target !== undefined || !isJpeg || packed.data.length < info.bytes * jpegGainMin;
  if (!grays && !(isWorth && packed.data.length < info.bytes)) return undefined;
  return {
    ...sizeOf(samples),
    ...ofPacked(packed),
    ...(grays ? { colorSpace: 'DeviceGray', evenIfLarger: true } : {}),
  };
}

function isPlain(decode: readonly number[] | undefined): boolean {
  return decode === undefined || decode.every((value, index) => value === index % 2);
}

async function ofJpeg(
  info: Info,
  channels: 1 | 3,
  jpeg: ReturnType<typeof readJpeg>,
): Promise<Samples | undefined> {
  if (jpeg === undefined || jpeg.isOdd || jpeg.bits !== 8 || jpeg.components !== channels) return undefined;
  if (jpeg.width !== info.width || jpeg.height !== info.height || 'ColorTransform' in info.parms)
    return undefined;
  if (info.width * info.height * channels > samplesBytesMax) return undefined;
  const samples = await fromJpeg(jpeg.plain, channels);
  return samples?.width === info.width && samples.height === info.height ? samples : undefined;
}

/** Of 16 bits the upper 8 are what is seen. */
function ofSamples(info: Info, channels: 1 | 3, data: Uint8Array): Samples | undefined {
  const { width, height, bitsPerComponent } = info;
  const count = width * height * channels;
  if (info.filter !== undefined || count > samplesBytesMax) return undefined;
  if (bitsPerComponent === 8 && data.length >= count)
    return { width, height, channels, data: Buffer.from(data.subarray(0, count)) };
  if (bitsPerComponent !== 16 || data.length < count * 2) return undefined;
  const upper = Buffer.alloc(count);
  for (let at = 0; at < count; at++) upper[at] = data[at * 2] as number;
  return { width, height, channels, data: upper };
}

/** Palettes: scaled down in their colours, or turned to grey as they are. */
async function indexed(
  info: Info,
  settings: PictureSettings,
  read: (bytesMax: number) => Uint8Array | undefined,
): Promise<Replaced | undefined> {
  const { width, height, bitsPerComponent, colorSpace } = info;
  const { base, palette } = colorSpace ?? {};
  const kinds = ['DeviceGray', 'DeviceRGB', 'CalGray', 'CalRGB', 'ICCBased'];
  if (base === undefined || palette === undefined || palette.length < base.components) return undefined;
  if (!kinds.includes(base.kind) || (base.components !== 1 && base.components !== 3)) return undefined;
  if (info.filter !== undefined || info.decode !== undefined || ![1, 2, 4, 8].includes(bitsPerComponent))
    return undefined;
  const channels = base.components;
  const treatment = channels === 1 ? settings.grayscale : settings.color;
  const target = targetOf(info, treatment);
  const grays = settings.toGrayscale && channels === 3;
  if (target === undefined && !grays) return undefined;
  if (width * height * channels > samplesBytesMax) return undefined;
  const data = read(samplesBytesMax);
  if (data === undefined) return undefined;
  if (target === undefined) {
    const colors = {
      width: Math.floor(palette.length / 3),
      height: 1,
      channels: 3,
      data: Buffer.from(palette),
    } as const;
    const content = deflateSync(data, { level: 9 });
    const { data: values } = await toGray({ ...colors, data: colors.data.subarray(0, colors.width * 3) });
    const own = { width, height, bitsPerComponent, filter: 'FlateDecode' } as const;
    return { ...own, content, colorSpace: { grays: values }, evenIfLarger: true };
  }
  const all = fromPalette(data, { width, height, bits: bitsPerComponent }, palette, channels);
  if (all === undefined) return undefined;
  let samples = await scale(all, target.width, target.height);
  if (grays) samples = await toGray(samples);
  const byJpeg = treatment.format === 'jpeg' && isPhotograph(all) && !info.isSoftMask;
  const packed = byJpeg ? await toJpeg(samples, treatment.quality) : await toFlate(samples);
  if (!grays && packed.data.length >= info.bytes) return undefined;
  const own = grays
    ? ({ colorSpace: 'DeviceGray', evenIfLarger: true } as const)
    : ({ colorSpace: 'base' } as const);
  return { ...sizeOf(samples), ...ofPacked(packed), ...own };
}

/** Pictures of one bit, stencils and masks: the bits mean what they meant, whatever that is. */
async function monochrome(
  info: Info,
  { monochrome: treatment }: PictureSettings,
  read: (bytesMax: number) => Uint8Array | undefined,
): Promise<Replaced | undefined> {
  const target = targetOf(info, treatment);
  const isCcitt = info.filter === 'CCITTFaxDecode';
  if (info.filter !== undefined && !isCcitt) return undefined;
  if (target === undefined && (treatment.format === 'keep' || (isCcitt && info.parms['K'] === -1)))
    return undefined;
  const data = read(samplesBytesMax);
  if (data === undefined) return undefined;
  let bits: Uint8Array | undefined = data;
  let { width, height } = info;
  if (isCcitt) bits = await ofCcitt(info, data);
  if (bits === undefined || bits.length < Math.ceil(width / 8) * height) return undefined;
  if (target !== undefined) {
    ({ width, height } = target);
    bits = toBits(await scale(fromBits(bits, info.width, info.height), width, height));
  }
  const { data: content, parms } = core.encodeCcitt(bits, width, height);
  if (content.length >= info.bytes) return undefined;
  return { width, height, bitsPerComponent: 1, filter: 'CCITTFaxDecode', parms, content };
}

async function ofCcitt({ width, height, parms }: Info, data: Uint8Array): Promise<Uint8Array | undefined> {
  const { K = 0, Columns = 1728, Rows = height, BlackIs1 = false, EncodedByteAlign = false } = parms;
  if (Columns !== width || Rows !== height || EncodedByteAlign === true || Number(K) > 0) return undefined;
  const samples = await fromCcitt(data, width, height, Number(K) < 0 ? 4 : 3);
  if (samples === undefined) return undefined;
  const bits = toBits(samples);
  if (BlackIs1 === true) for (let at = 0; at < bits.length; at++) bits[at] = ~(bits[at] as number) & 255;
  return bits;
}

function sizeOf({ width, height }: Samples) {
  return { width, height, bitsPerComponent: 8 };
}

function ofPacked({ filter, parms, data }: Packed) {
  return { filter, parms, content: data };
}
