import type { PictureSettings, PictureTreatment } from '../engines/capabilities.ts';
import { field, type Source, type Values } from './fields.ts';
import type { Outcome, Tools } from './operation.ts';

/** What nobody sees on paper or on a screen at its own size: only what has more than 300 pixels per inch is scaled. */
const careful = { to: 200, above: 300 };

/** Pictures of one bit need more pixels, as they have no greys between. */
const monochromeFactor = 2;
/** Scaling by less than this gains little and blurs. */
const resampleFrom = 1.25;

type Format = PictureTreatment['format'];
/** Formats by the names that clients use, and what is said where we write another one. */
const formats = {
  JPEG: ['jpeg'],
  JPG: ['jpeg'],
  PNG: ['lossless'],
  Lossless: ['lossless'],
  Flate: ['lossless'],
  Deflate: ['lossless'],
  Zip: ['lossless'],
  CCITT: ['lossless'],
  CCITTFax: ['lossless'],
  JBIG2: ['lossless', 'CCITT G4 is written for pictures of one bit, not JBIG2'],
  JPEG2000: ['jpeg', 'JPEG is written, not JPEG 2000'],
  JPX: ['jpeg', 'JPEG is written, not JPEG 2000'],
  None: ['keep'],
  Keep: ['keep'],
} as const satisfies Readonly<Record<string, readonly [format: Format, instead?: string]>>;
type FormatName = keyof typeof formats;

/** What `profiles` say of pictures. */
export const pictureKeys = {
  ImageOptimizationFormat: field.choice(
    'What pictures are packed as: `PNG` stands for no loss, `None` leaves them alone.',
    Object.keys(formats) as [FormatName, ...FormatName[]],
    'JPEG',
  ),
  JPEGQuality: field.integer('Quality of JPEGs.', { min: 0, max: 100, absent: 85 }),
  ResampleImages: field.boolean('Scale pictures down that have more pixels than they need.', true),
  ResamplingResolution: field.optional(
    field.integer(
      'What they are scaled down to, in pixels per inch. Where it is not given, only pictures of more than 300 are scaled, to 200.',
      { min: 9, max: 2_400, absent: 200 },
    ),
  ),
  GrayscaleImages: field.boolean('Take the colour out of pictures.', false),
};

/** What a call asks for. Plain JSON. */
export interface AskedPictures {
  readonly pictures: PictureSettings;
  /** What of it is not heeded. */
  readonly warnings: readonly string[];
}

/** What these values ask for. */
export function pictureSettings(values: Values<typeof pictureKeys>): AskedPictures {
  const { ResamplingResolution: resolution, GrayscaleImages: toGrayscale } = values;
  const [format, instead]: readonly [Format, string?] = formats[values.ImageOptimizationFormat];
  const resample = values.ResampleImages ? resampleTo(resolution) : undefined;
  const one: PictureTreatment = { resample, format, quality: Math.max(1, values.JPEGQuality) };
  const monochrome: PictureTreatment = {
    resample: resolution === undefined || resample === undefined ? undefined : multiple(resample),
    format: format === 'keep' ? 'keep' : 'ccitt',
    quality: 100,
  };
  return {
    pictures: { color: one, grayscale: one, monochrome, toGrayscale },
    warnings: instead === undefined ? [] : [`profiles: ${instead}.`],
  };
}

/** Makes a document smaller, with its pictures as asked for. */
export async function optimise(
  url: Source,
  { pictures, warnings }: AskedPictures,
  { fetch, engine }: Pick<Tools, 'fetch' | 'engine'>,
): Promise<Outcome> {
  const made = await engine('pdf.optimise', { document: await fetch(url), pictures });
  const { bytesBefore, bytesAfter } = made;
  return { ...made, warnings: [...warnings, ...made.warnings], says: { bytesBefore, bytesAfter } };
}

function resampleTo(resolution: number | undefined): PictureTreatment['resample'] {
  return resolution === undefined ? careful : { to: resolution, above: resolution * resampleFrom };
}

function multiple({ to, above }: NonNullable<PictureTreatment['resample']>): PictureTreatment['resample'] {
  return { to: to * monochromeFactor, above: above * monochromeFactor };
}
