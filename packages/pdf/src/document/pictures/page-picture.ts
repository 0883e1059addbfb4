import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import type { PdfObject } from '../../objects/object.ts';
import { NewReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { deflated } from '../../file/repacking.ts';
import type { Source } from '../../file/source.ts';
import type { FileWriter } from '../../file/writer.ts';
import { writeEntry } from '../../syntax/write.ts';

/** A picture as it is stored (ISO 32000-2, 8.9.5): nothing of it is decoded, packed or checked here. */
export interface StoredPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly bitsPerComponent: number;
  readonly colorSpace: StoredColorSpace;
  readonly filter: 'DCTDecode' | 'FlateDecode' | 'CCITTFaxDecode';
  /** /DecodeParms of the filter. */
  readonly parms?: Readonly<Record<string, number | boolean>> | undefined;
  /** What samples are mapped to: `[1, 0, ...]` for a CMYK JPEG of Adobe, whose samples are inverted. */
  readonly decode?: readonly number[] | undefined;
  /** The data, or where it lies. */
  readonly data: Uint8Array | Stretch;
  /** How much of it is seen: a picture in grey of any size. */
  readonly softMask?: StoredPicture | undefined;
  /** Lowest and highest value of each component of the colour that is not seen. */
  readonly colorKey?: readonly number[] | undefined;
}

/** Bytes of a source. */
export interface Stretch {
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
}

/** What the samples of a stored picture mean. */
export interface StoredColorSpace {
  readonly device: 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK';
  /** A profile (ISO 15076-1) of that many components, which says it more exactly. */
  readonly profile?: Uint8Array | undefined;
  /** Where samples are indexes: the colours, one after another. */
  readonly palette?: Uint8Array | undefined;
}

const COMPONENTS = { DeviceGray: 1, DeviceRGB: 3, DeviceCMYK: 4 } as const;

/** Nothing that is written here refers to objects of an older file. */
const nothingOld = { reference: () => 0 };

/** Writes pictures; profiles are given by `profileNumber`, so that equal ones can be one object. Answers the object number. */
export function writePicture(
  writer: FileWriter,
  picture: StoredPicture,
  profileNumber: (profile: Uint8Array, components: number) => number,
): number {
  const { softMask, colorKey, decode, parms, data, colorSpace } = picture;
  const maskNumber = softMask === undefined ? 0 : writePicture(writer, softMask, profileNumber);
  const space = colorSpaceObject(colorSpace, profileNumber);
  const number = writer.allocate();
  const out = writer.beginStream(number);
  const entries: [string, PdfObject][] = [
    ['Type', new PdfName('XObject')],
    ['Subtype', new PdfName('Image')],
    ['Width', numberOf(picture.width)],
    ['Height', numberOf(picture.height)],
    ['BitsPerComponent', numberOf(picture.bitsPerComponent)],
    ['ColorSpace', space],
    ['Filter', new PdfName(picture.filter)],
  ];
  if (parms !== undefined) {
    const values = Object.entries(parms).map(
      ([key, value]) => [key, typeof value === 'number' ? numberOf(value) : value] as const,
    );
    entries.push(['DecodeParms', new Map(values)]);
  }
  if (decode !== undefined) entries.push(['Decode', decode.map(numberOf)]);
  if (colorKey !== undefined) entries.push(['Mask', colorKey.map(numberOf)]);
  if (maskNumber !== 0) entries.push(['SMask', new NewReference(maskNumber)]);
  entries.push(['Length', numberOf(data.length)]);
  out.ascii('<<');
  for (const [key, value] of entries) writeEntry(out, key, value, nothingOld);
  out.ascii('>>');
  writer.beginData();
  if (data instanceof Uint8Array) writer.data(data);
  else writer.copy(data.source, data.offset, data.length);
  writer.endStream();
  return number;
}

function colorSpaceObject(
  { device, profile, palette }: StoredColorSpace,
  profileNumber: (profile: Uint8Array, components: number) => number,
): PdfObject {
  const components = COMPONENTS[device];
  const base =
    profile === undefined
      ? new PdfName(device)
      : [new PdfName('ICCBased'), new NewReference(profileNumber(profile, components))];
  if (palette === undefined) return base;
  const highest = Math.floor(palette.length / components) - 1;
  return [new PdfName('Indexed'), base, numberOf(highest), new PdfString(palette)];
}

/** Writes a profile as the stream that ICCBased names (ISO 32000-2, 8.6.5.5). */
export function writeProfile(
  writer: FileWriter,
  number: number,
  profile: Uint8Array,
  components: number,
): void {
  const packed = deflated(profile);
  const out = writer.beginStream(number);
  out.ascii(`<</N ${components}/Filter/FlateDecode/Length ${packed.length}>>`);
  writer.beginData();
  writer.data(packed);
  writer.endStream();
}

function numberOf(value: number): PdfNumber {
  return new PdfNumber(String(value));
}
