import type { PdfFile } from '../../file/file.ts';
import { countOf, nameOf, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import { PdfString } from '../../objects/string.ts';

/** A colour space (ISO 32000-2, 8.6), as far as it says what the samples of a picture mean. */
export interface PictureColorSpace {
  /** Its family; `Unknown` for what is none. */
  readonly kind:
    | 'DeviceGray'
    | 'DeviceRGB'
    | 'DeviceCMYK'
    | 'CalGray'
    | 'CalRGB'
    | 'Lab'
    | 'ICCBased'
    | 'Indexed'
    | 'Separation'
    | 'DeviceN'
    | 'Unknown';
  /** Samples of one pixel. */
  readonly components: number;
  /** Of `Indexed`: what the palette is made of. */
  readonly base?: PictureColorSpace;
  /** Of `Indexed`: the colours, one after another. */
  readonly palette?: Uint8Array;
}

const UNKNOWN: PictureColorSpace = { kind: 'Unknown', components: 0 };
const SIMPLE: Readonly<Record<string, PictureColorSpace>> = {
  DeviceGray: { kind: 'DeviceGray', components: 1 },
  G: { kind: 'DeviceGray', components: 1 },
  CalGray: { kind: 'CalGray', components: 1 },
  DeviceRGB: { kind: 'DeviceRGB', components: 3 },
  RGB: { kind: 'DeviceRGB', components: 3 },
  CalRGB: { kind: 'CalRGB', components: 3 },
  DeviceCMYK: { kind: 'DeviceCMYK', components: 4 },
  CMYK: { kind: 'DeviceCMYK', components: 4 },
  Lab: { kind: 'Lab', components: 3 },
  Separation: { kind: 'Separation', components: 1 },
};
/** 256 colours of 32 components. */
const PALETTE_BYTES_MAX = 8192;

/** Reads a colour space. */
export function colorSpaceOf(file: PdfFile, value: PdfObject | undefined, isBase = false): PictureColorSpace {
  const object = file.resolve(value);
  const name = nameOf(object);
  if (name !== undefined)
    return ['DeviceGray', 'DeviceRGB', 'DeviceCMYK'].includes(name) ? SIMPLE[name]! : UNKNOWN;
  if (!Array.isArray(object)) return UNKNOWN;
  const kind = nameOf(file.resolve(object[0])) ?? '';
  if (kind === 'ICCBased') {
    const profile = file.resolve(object[1]);
    const count =
      profile instanceof PdfStream ? countOf(file.resolve(profile.dictionary.get('N'))) : undefined;
    return count === 1 || count === 3 || count === 4 ? { kind, components: count } : UNKNOWN;
  }
  if (kind === 'DeviceN') {
    const names = file.resolve(object[1]);
    return Array.isArray(names) ? { kind, components: names.length } : UNKNOWN;
  }
  if ((kind === 'Indexed' || kind === 'I') && !isBase) return indexed(file, object);
  return SIMPLE[kind] ?? UNKNOWN;
}

function indexed(file: PdfFile, object: readonly PdfObject[]): PictureColorSpace {
  const base = colorSpaceOf(file, object[1], true);
  const highest = countOf(file.resolve(object[2]));
  if (base.components === 0 || highest === undefined || highest > 255) return UNKNOWN;
  const table = object[3] ?? null;
  const resolved = file.resolve(table);
  let palette: Uint8Array | undefined;
  if (resolved instanceof PdfString) palette = resolved.bytes;
  else if (table instanceof PdfReference) palette = file.decodedStream(table, PALETTE_BYTES_MAX);
  if (palette === undefined) return UNKNOWN;
  return {
    kind: 'Indexed',
    components: 1,
    base,
    palette: palette.slice(0, (highest + 1) * base.components),
  };
}
