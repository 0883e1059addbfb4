import type { PictureSettings, PictureTreatment } from '../engines/capabilities.ts';
import { Failure } from '../errors.ts';

/** What happens to pictures of each kind where the call says nothing. */
const absent: Readonly<Record<Kind, PictureTreatment>> = {
  color: { resample: { to: 150, above: 225 }, format: 'jpeg', quality: 60 },
  grayscale: { resample: { to: 150, above: 225 }, format: 'jpeg', quality: 60 },
  monochrome: { resample: { to: 300, above: 450 }, format: 'ccitt', quality: 60 },
};
type Kind = 'color' | 'grayscale' | 'monochrome';
type Json = Readonly<Record<string, unknown>>;

/** What a `config` asks for. Plain JSON. */
export interface CompressConfig {
  readonly pictures: PictureSettings;
  /** Names that mean nothing here. */
  readonly unknown: readonly string[];
}

/** JSON Schema of a `config` as clients send it, with its defaults. */
export const configWire = {
  type: 'object',
  default: {
    images: Object.fromEntries(Object.entries(absent).map(([kind, treatment]) => [kind, wireOf(treatment)])),
    save: { garbage: 4 },
  },
};

/** Reads a `config`. Throws the Failure `fieldInvalid`, whose field is the path of the value that does not fit. */
export function compressConfig(config: object): CompressConfig {
  const unknown: string[] = [];
  const whole = new Level('config', config as Json, unknown);
  const images = whole.level('images');
  const kinds = (Object.keys(absent) as Kind[]).map(
    (kind) => [kind, treatmentOf(images.level(kind), kind)] as const,
  );
  const save = whole.level('save');
  save.number('garbage', { min: 0, max: 4, absent: 4 });
  for (const level of [save, images, whole]) level.end();
  const treatments = Object.fromEntries(kinds) as Record<Kind, PictureTreatment>;
  return { pictures: { ...treatments, toGrayscale: false }, unknown };
}

function treatmentOf(level: Level, kind: Kind): PictureTreatment {
  const { resample, format, quality } = absent[kind];
  const isSkipped = level.boolean('skip');
  const downsample = level.level('downsample');
  const keepsSize = downsample.boolean('skip');
  const to = downsample.number('downsample_ppi', { min: 9, max: 2_400, absent: resample?.to ?? 150 });
  const above = downsample.number('threshold_ppi', {
    min: 9,
    max: 4_800,
    absent: Math.max(to, resample?.above ?? 225),
  });
  const compression = level.level('compression');
  const keepsData = compression.boolean('skip');
  const formats = kind === 'monochrome' ? ['ccitt_g4', 'lossless'] : ['jpeg', 'lossless'];
  const asked = compression.choice('compression_format', formats, formats[0] as string);
  const params = compression.level('compression_params');
  const own = params.number('quality', { min: 1, max: 100, absent: quality });
  for (const one of [params, compression, downsample, level]) one.end();
  if (isSkipped) return { resample: undefined, format: 'keep', quality: own };
  return {
    resample: keepsSize ? undefined : { to, above: Math.max(to, above) },
    format: keepsData ? 'keep' : asked === 'lossless' ? 'lossless' : format,
    quality: own,
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

/** One object of the config, of which what was asked for is known. */
class Level {
  readonly #path: string;
  readonly #values: Json;
  readonly #unknown: string[];
  readonly #known = new Set<string>();

  constructor(path: string, values: Json, unknown: string[]) {
    this.#path = path;
    this.#values = values;
    this.#unknown = unknown;
  }

  level(name: string): Level {
    const value = this.#take(name) ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) this.#refuse(name, 'an object');
    return new Level(`${this.#path}.${name}`, value as Json, this.#unknown);
  }

  boolean(name: string): boolean {
    const text = String(this.#take(name) ?? false).toLowerCase();
    if (!['true', 'false', '1', '0'].includes(text)) this.#refuse(name, 'true or false');
    return text === 'true' || text === '1';
  }

  number(
    name: string,
    range: { readonly min: number; readonly max: number; readonly absent: number },
  ): number {
    const given = this.#take(name);
    const value = given === undefined || given === null ? range.absent : Number(given);
    const isOne = typeof given !== 'object' && given !== '' && value >= range.min && value <= range.max;
    if (given !== undefined && given !== null && !isOne)
      this.#refuse(name, `a number from ${range.min} to ${range.max}`);
    return value;
  }

  choice(name: string, choices: readonly string[], otherwise: string): string {
    const value = String(this.#take(name) ?? otherwise).toLowerCase();
    if (!choices.includes(value)) this.#refuse(name, `one of ${choices.join(', ')}`);
    return value;
  }

  /** Notes the names that nobody asked for. */
  end(): void {
    for (const name of Object.keys(this.#values))
      if (!this.#known.has(name)) this.#unknown.push(`${this.#path}.${name}`.slice(0, 120));
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#values[name];
  }

  #refuse(name: string, expected: string): never {
    throw new Failure('fieldInvalid', { field: `${this.#path}.${name}`, expected });
  }
}
