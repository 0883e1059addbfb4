import * as z from 'zod';
import type { PictureTreatment } from '../engines/capabilities.ts';
import { type Field, field, type Values } from './fields.ts';
import { type ProfileKeys, readProfileKeys } from './profile-keys.ts';
import type { AskedPictures } from './picture-settings.ts';
import { readKeys, unknownKeys } from './profiles.ts';

/** What happens to pictures of each kind where the call says nothing. */
const absent = {
  color: { resample: { to: 150, above: 225 }, format: 'jpeg', quality: 60 },
  grayscale: { resample: { to: 150, above: 225 }, format: 'jpeg', quality: 60 },
  monochrome: { resample: { to: 300, above: 450 }, format: 'ccitt', quality: 60 },
} as const satisfies Readonly<Record<string, PictureTreatment>>;
type Kind = keyof typeof absent;
const kinds = Object.keys(absent) as Kind[];

/** The field `config`: an object, or its text in all spellings of `profiles`. */
export const configField: Field<AskedPictures> = {
  ...field.object(
    'What happens to pictures, by kind: `images.color`, `.grayscale` and `.monochrome` with `skip`, `downsample` (`skip`, `downsample_ppi`, `threshold_ppi`) and `compression` (`skip`, `compression_format`: `jpeg`, for one bit `ccitt_g4`, or `lossless`; `compression_params.quality`). `save.garbage` is taken and changes nothing.',
    {
      default: {
        images: Object.fromEntries(kinds.map((kind) => [kind, wireOf(absent[kind])])),
        save: { garbage: 4 },
      },
    },
  ),
  schema: z
    .array(z.unknown())
    .transform(readProfileKeys)
    .pipe(z.custom<ProfileKeys>((keys) => keys !== undefined))
    .transform(configOf),
};

/** What is known for pictures of one kind. */
function keysOf(kind: Kind) {
  const { resample, quality } = absent[kind];
  return {
    skip: field.boolean('Leave them as they are.', false),
    'downsample.skip': field.boolean('Leave their size.', false),
    'downsample.downsample_ppi': field.number('What they are scaled down to.', {
      min: 9,
      max: 2_400,
      absent: resample.to,
    }),
    'downsample.threshold_ppi': field.number('Those with more are scaled down.', {
      min: 9,
      max: 4_800,
      absent: resample.above,
    }),
    'compression.skip': field.boolean('Leave them packed as they are.', false),
    'compression.compression_format':
      kind === 'monochrome'
        ? field.choice('', ['ccitt_g4', 'lossless'], 'ccitt_g4')
        : field.choice('', ['jpeg', 'lossless'], 'jpeg'),
    'compression.compression_params.quality': field.integer('Of JPEGs.', {
      min: 1,
      max: 100,
      absent: quality,
    }),
  };
}

const saveKeys = { garbage: field.integer('Taken, and changes nothing.', { min: 0, max: 4, absent: 4 }) };

function configOf(keys: ProfileKeys): AskedPictures {
  const place = (prefix: string) => ({ field: 'config', failure: 'fieldInvalid', prefix }) as const;
  const treatments = kinds.map(
    (kind) => [kind, treatmentOf(kind, readKeys(keysOf(kind), keys, place(`images.${kind}.`)))] as const,
  );
  readKeys(saveKeys, keys, place('save.'));
  const known = [
    ...kinds.flatMap((kind) => Object.keys(keysOf(kind)).map((name) => `images.${kind}.${name}`)),
    ...Object.keys(saveKeys).map((name) => `save.${name}`),
  ];
  return {
    pictures: { ...(Object.fromEntries(treatments) as Record<Kind, PictureTreatment>), toGrayscale: false },
    warnings: unknownKeys(known, keys, 'config'),
  };
}

function treatmentOf(kind: Kind, values: Values<ReturnType<typeof keysOf>>): PictureTreatment {
  const quality = values['compression.compression_params.quality'];
  if (values.skip) return { resample: undefined, format: 'keep', quality };
  const to = values['downsample.downsample_ppi'];
  const isLossless = values['compression.compression_format'] === 'lossless';
  return {
    resample: values['downsample.skip']
      ? undefined
      : { to, above: Math.max(to, values['downsample.threshold_ppi']) },
    format: values['compression.skip'] ? 'keep' : isLossless ? 'lossless' : absent[kind].format,
    quality,
  };
}

function wireOf({ resample, format, quality }: PictureTreatment) {
  return {
    skip: false,
    downsample: { skip: false, downsample_ppi: resample?.to, threshold_ppi: resample?.above },
    compression: {
      skip: false,
      compression_format: format === 'ccitt' ? 'ccitt_g4' : format,
      compression_params: format === 'ccitt' ? {} : { quality },
    },
  };
}
