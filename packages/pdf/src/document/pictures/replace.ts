import type { PdfFile } from '../../file/file.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import type { PdfDictionary, PdfObject } from '../../objects/object.ts';
import { PdfString } from '../../objects/string.ts';
import type { PackedStream } from '../../file/repacking.ts';
import type { Repack } from '../stream-packing.ts';

/** What a picture becomes; what is not said here stays: masks, layers, metadata, intents. */
export interface PictureReplacement {
  readonly width: number;
  readonly height: number;
  readonly bitsPerComponent: number;
  readonly filter: 'DCTDecode' | 'FlateDecode' | 'CCITTFaxDecode';
  readonly parms?: Readonly<Record<string, number | boolean>> | undefined;
  /** Another colour space in place of its own: grey, what its palette is made of, or a palette of greys. */
  readonly colorSpace?: 'DeviceGray' | 'base' | { readonly grays: Uint8Array } | undefined;
  /** Whether it takes the place of what is smaller too: because it was asked for. */
  readonly evenIfLarger?: boolean | undefined;
  /** Bytes of its data. */
  readonly bytes: number;
  data(): Uint8Array;
}

/** What takes the place of pictures, by object number; undefined for those that stay. */
export type Replacements = (number: number) => PictureReplacement | undefined;

/** Entries of a stream that a replacement has its own of. */
const OWN = ['Width', 'Height', 'BitsPerComponent', 'Filter', 'DecodeParms', 'DL'];

/** Puts replacements in place where they are smaller than what else would become of the picture. */
export function replacing(replacements: Replacements, repack: Repack): Repack {
  return (file, raw, extent, dictionary) => {
    const replacement = replacements(raw.number);
    if (replacement === undefined) return repack(file, raw, extent, dictionary);
    const isSmaller = (bytes: number): boolean =>
      replacement.evenIfLarger === true || replacement.bytes < bytes;
    if (!isSmaller(extent.length)) return repack(file, raw, extent, dictionary);
    const packed = repack(file, raw, extent, dictionary);
    if (packed !== undefined && !isSmaller(packed.data.length)) return packed;
    file.reading.work.spend(replacement.bytes);
    return replaced(file, dictionary, replacement);
  };
}

function replaced(file: PdfFile, dictionary: PdfDictionary, replacement: PictureReplacement): PackedStream {
  const { width, height, bitsPerComponent, filter, parms, colorSpace } = replacement;
  const result = new Map([...dictionary].filter(([key]) => !OWN.includes(key)));
  const number = (value: number): PdfObject => new PdfNumber(String(value));
  result.set('Width', number(width));
  result.set('Height', number(height));
  if (result.get('ImageMask') !== true) result.set('BitsPerComponent', number(bitsPerComponent));
  result.set('Filter', new PdfName(filter));
  if (parms !== undefined)
    result.set(
      'DecodeParms',
      new Map(
        Object.entries(parms).map(([key, value]) => [key, typeof value === 'number' ? number(value) : value]),
      ),
    );
  if (colorSpace === 'DeviceGray') result.set('ColorSpace', new PdfName('DeviceGray'));
  else if (colorSpace === 'base') {
    const indexed = file.resolve(dictionary.get('ColorSpace'));
    result.set('ColorSpace', Array.isArray(indexed) ? (indexed[1] ?? null) : null);
  } else if (colorSpace !== undefined)
    result.set('ColorSpace', [
      new PdfName('Indexed'),
      new PdfName('DeviceGray'),
      number(colorSpace.grays.length - 1),
      new PdfString(colorSpace.grays),
    ]);
  return { dictionary: result, data: replacement.data() };
}
