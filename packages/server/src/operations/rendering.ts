import type { RenderSettings } from '../engines/capabilities.ts';
import { field, type Values } from './fields.ts';
import type { Outcome, Tools } from './operation.ts';
import { readingFields } from './reading.ts';

/** The fields of all that makes pictures of pages. */
export const renderingFields = {
  url: readingFields.url,
  pages: readingFields.pages,
  rect: readingFields.rect,
};

/** Pixels per inch where nobody says it: sharp on a screen, readable on paper. */
const resolution = 150;

/** How many pixels an inch has, by the names that clients know it by. */
export function resolutionField(absent: number) {
  return {
    ...field.number('Pixels per inch. A picture of more than 70 million pixels is made smaller.', {
      min: 1,
      max: 2_400,
      absent,
    }),
    alsoNamed: ['Resolution', 'ResolutionOverride', 'DPI'],
  };
}

export const qualityField = field.integer('Quality of JPEG and WebP.', { min: 0, max: 100, absent: 85 });

const smoothing = ['HighQuality', 'HighSpeed'] as const;

/** The names of the enumeration of .NET: clockwise, then mirrored left to right (X) or top to bottom (Y). */
const turns = ['None', '90', '180', '270'] as const;
const flips = ['None', 'X', 'Y', 'XY'] as const;
type RotateFlip = `Rotate${(typeof turns)[number]}Flip${(typeof flips)[number]}`;
const rotateFlips = turns.flatMap((turn) => flips.map((flip): RotateFlip => `Rotate${turn}Flip${flip}`));

/** The keys of `profiles` of all that makes pictures of pages. */
export const renderingProfiles = {
  RenderingResolution: resolutionField(resolution),
  JPEGQuality: qualityField,
  TIFFCompression: field.choice(
    'How a TIFF is packed. CCITT makes it black and white; `CCITT3` is written as `CCITT4`, `RLE` as PackBits.',
    ['LZW', 'None', 'CCITT3', 'CCITT4', 'RLE', 'JPEG'],
    'LZW',
  ),
  ImageBitsPerPixel: field.optional(
    field.choice(
      'Depth of colour: black and white, 256 greys, colours, or colours with an opaque alpha channel. Where it is not given, `BPP24`, but `BPP8` of a page without colours.',
      ['BPP24', 'BPP1', 'BPP8', 'BPP32'],
      'BPP24',
    ),
  ),
  OneBitConversionAlgorithm: field.choice(
    'How greys become black and white: by the threshold that parts them best, or as a pattern of dots.',
    ['OtsuThreshold', 'BayerOrderedDithering'],
    'OtsuThreshold',
  ),
  RotateFlipType: field.choice(
    'Turns pages clockwise, then mirrors them: left and right (`X`), top and bottom (`Y`), or both.',
    rotateFlips as [RotateFlip, ...RotateFlip[]],
    'RotateNoneFlipNone',
  ),
  NightMode: field.boolean('Every colour becomes its opposite.', false),
  TextSmoothingMode: field.choice('`HighSpeed` draws text without smooth edges.', smoothing, 'HighQuality'),
  VectorSmoothingMode: field.choice('The same for lines and fills.', smoothing, 'HighQuality'),
  ImageInterpolationMode: field.choice('The same for pictures that are scaled.', smoothing, 'HighQuality'),
  RenderTextObjects: field.boolean('Draw text.', true),
  RenderVectorObjects: field.boolean('Draw lines and fills.', true),
  RenderCurveVectorObjects: field.boolean('Draw those of them that have curves.', true),
  RenderImageObjects: field.boolean('Draw pictures.', true),
  FontHintingMode: field.choice('Taken, and without effect.', ['Default', 'Stronger'], 'Default'),
};

type Profiles = Values<typeof renderingProfiles>;

const compressions = {
  LZW: 'lzw',
  None: 'none',
  CCITT3: 'ccitt3',
  CCITT4: 'ccitt4',
  RLE: 'rle',
  JPEG: 'jpeg',
} as const;
const depths = { BPP1: 1, BPP8: 8, BPP24: 24, BPP32: 32 } as const;

/** What a call asks for of the pictures of its pages. */
export function renderSettings(
  as: RenderSettings['as'],
  area: RenderSettings['area'],
  profiles: Profiles,
): RenderSettings {
  const depth = profiles.ImageBitsPerPixel;
  const [, turn = 'None', flip = 'None'] = /^Rotate(\w+)Flip(\w+)$/.exec(profiles.RotateFlipType) ?? [];
  return {
    as,
    area,
    resolution: profiles.RenderingResolution,
    quality: profiles.JPEGQuality,
    tiffCompression: compressions[profiles.TIFFCompression],
    bitsPerPixel: depth === undefined ? undefined : depths[depth],
    oneBit: profiles.OneBitConversionAlgorithm === 'OtsuThreshold' ? 'otsu' : 'bayer',
    rotate: turn === 'None' ? 0 : (Number(turn) as 90 | 180 | 270),
    flip: flip.toLowerCase() as RenderSettings['flip'],
    inverted: profiles.NightMode,
    smoothText: profiles.TextSmoothingMode === 'HighQuality',
    smoothLines: profiles.VectorSmoothingMode === 'HighQuality',
    smoothPictures: profiles.ImageInterpolationMode === 'HighQuality',
    text: profiles.RenderTextObjects,
    lines: profiles.RenderVectorObjects,
    curves: profiles.RenderCurveVectorObjects,
    pictures: profiles.RenderImageObjects,
  };
}

/** What of a call is not heeded, as its client hears it. */
function renderingWarnings({ as, tiffCompression }: RenderSettings): readonly string[] {
  return as === 'tiff' && tiffCompression === 'ccitt3'
    ? ['profiles: CCITT4 is written, not CCITT3: the same pixels, in less room.']
    : [];
}

/** Makes a picture of each page; of TIFF the one file. */
export async function render(
  as: 'png' | 'jpg' | 'webp' | 'tiff',
  { url, pages, rect: area, profiles }: Values<typeof renderingFields> & { readonly profiles: Profiles },
  { fetch, engine, stem }: Pick<Tools, 'fetch' | 'engine' | 'stem'>,
): Promise<Outcome> {
  const settings = renderSettings(as, area, profiles);
  const made = await engine('pdf.render', { document: await fetch(url), pages, stem, settings });
  const { files, pageCount } = made;
  const warnings = [...renderingWarnings(settings), ...made.warnings];
  const [file] = files;
  return as === 'tiff' && file !== undefined ? { file, pageCount, warnings } : { files, pageCount, warnings };
}
