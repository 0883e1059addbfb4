import type { PictureSettings, PictureTreatment } from '../engines/capabilities.ts';

/**
 * What nobody sees on paper or on a screen at its own size: only what has more than 300 pixels per inch is scaled, to 200, and
 * photographs become JPEGs of high quality.
 */
const photograph: PictureTreatment = { resample: { to: 200, above: 300 }, format: 'jpeg', quality: 85 };
const careful: PictureSettings = {
  color: photograph,
  grayscale: photograph,
  monochrome: { resample: undefined, format: 'ccitt', quality: 100 },
  toGrayscale: false,
};

/** Pictures of one bit need more pixels, as they have no greys between. */
const monochromeFactor = 2;
/** Scaling by less than this gains little and blurs. */
const resampleFrom = 1.25;

type Format = PictureTreatment['format'];
/** Formats by the names that clients use, and the nearest one where we do not write it. */
const formats: Readonly<Record<string, readonly [format: Format, instead?: string]>> = {
  jpeg: ['jpeg'],
  jpg: ['jpeg'],
  none: ['keep'],
  keep: ['keep'],
  lossless: ['lossless'],
  png: ['lossless'],
  flate: ['lossless'],
  zip: ['lossless'],
  deflate: ['lossless'],
  ccitt: ['lossless'],
  ccittfax: ['lossless'],
  jbig2: ['lossless', 'CCITT G4 is written for pictures of one bit, not JBIG2'],
  jpeg2000: ['jpeg', 'JPEG is written, not JPEG 2000'],
  jpx: ['jpeg', 'JPEG is written, not JPEG 2000'],
};

/** The settings that `profiles` of /pdf/optimize ask for, and what of them could not be heeded. Names match in any letter case. */
export function pictureProfile(profiles: object): {
  readonly pictures: PictureSettings;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const given = new Map(
    Object.entries(profiles).map(([name, value]) => [name.toLowerCase(), { name, value }]),
  );
  const take = <Value>(key: string, read: (text: string) => Value | undefined, expected: string) => {
    const found = given.get(key.toLowerCase());
    given.delete(key.toLowerCase());
    if (found === undefined || found.value === null || found.value === '') return undefined;
    const value = read(String(found.value).trim().toLowerCase());
    if (value === undefined) warnings.push(`profiles: ${key} is not heeded: it must be ${expected}.`);
    return value;
  };
  const asked = take(
    'ImageOptimizationFormat',
    (text) => formats[text.replaceAll(/[\s_-]/g, '')],
    'JPEG, None or PNG',
  );
  const quality = take('JPEGQuality', wholeFrom(1, 100), 'a whole number from 1 to 100');
  const resamples = take('ResampleImages', truth, 'true or false');
  const resolution = take('ResamplingResolution', wholeFrom(9, 2_400), 'a whole number from 9 to 2400');
  const toGrayscale = take('GrayscaleImages', truth, 'true or false') ?? careful.toGrayscale;
  for (const { name } of given.values()) warnings.push(`profiles: ${name.slice(0, 80)} is not known here.`);
  const [format = careful.color.format, instead] = asked ?? [];
  if (instead !== undefined) warnings.push(`profiles: ${instead}.`);
  const resample = resampleOf(resamples, resolution);
  const one: PictureTreatment = { resample, format, quality: quality ?? careful.color.quality };
  const monochrome: PictureTreatment = {
    resample: resolution === undefined || resample === undefined ? undefined : multiple(resample),
    format: format === 'keep' ? 'keep' : 'ccitt',
    quality: 100,
  };
  return { pictures: { color: one, grayscale: one, monochrome, toGrayscale }, warnings };
}

function resampleOf(
  resamples: boolean | undefined,
  resolution: number | undefined,
): PictureTreatment['resample'] {
  if (resamples === false) return undefined;
  if (resolution === undefined) return careful.color.resample;
  return { to: resolution, above: resolution * resampleFrom };
}

function multiple({ to, above }: NonNullable<PictureTreatment['resample']>): PictureTreatment['resample'] {
  return { to: to * monochromeFactor, above: above * monochromeFactor };
}

function truth(text: string): boolean | undefined {
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  return ['false', '0', 'no', 'off'].includes(text) ? false : undefined;
}

function wholeFrom(min: number, max: number) {
  return (text: string): number | undefined => {
    const value = Number(text);
    return text !== '' && Number.isFinite(value) && value >= min && value <= max
      ? Math.round(value)
      : undefined;
  };
}
