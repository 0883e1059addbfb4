import type { PdfFile } from '../../file/file.ts';
import { filterEntries, filterParms, type Resolve } from '../../file/filter-steps.ts';
import { decodeSound, isRepackable } from '../../filters/sound.ts';
import { countOf, numberOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfStream } from '../../objects/stream.ts';
import type { ContentUses } from '../content/uses.ts';
import { Scales } from '../content/scales.ts';
import { colorSpaceOf, type PictureColorSpace } from './color-space.ts';

/** A picture of a document (ISO 32000-2, 8.9.5), as its dictionary has it: nothing of that has to be true of its data. */
export interface PictureInfo {
  /** Object number. */
  readonly number: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly bitsPerComponent: number;
  /** Whether it is a stencil that paint goes through. */
  readonly isStencil: boolean;
  /** Undefined for stencils, and where the data says it (JPX). */
  readonly colorSpace: PictureColorSpace | undefined;
  /** What samples are mapped to, where the dictionary says so. */
  readonly decode: readonly number[] | undefined;
  /** The picture that says how much of this one is seen; 0 if there is none. */
  readonly softMask: number;
  /** What else hides parts of it. */
  readonly mask: 'none' | 'stencil' | 'color-key';
  /** What it is to others; a picture can be all. */
  readonly isSoftMask: boolean;
  readonly isMask: boolean;
  /** Whether colours are mixed with one that its soft mask, or it as a soft mask, tells of. */
  readonly hasMatte: boolean;
  /** The filter of pictures that its data has (`DCTDecode`, ...) once general ones are undone; undefined for plain samples. */
  readonly filter: string | undefined;
  /** Numbers and truth values of that filter's parameters. */
  readonly parms: Readonly<Record<string, number | boolean>>;
  /** Bytes of its data as stored. */
  readonly bytes: number;
  /** How large it is shown at most, in points; undefined where that is not known. */
  readonly shown: { readonly width: number; readonly height: number } | undefined;
  /** Whether its data is in another file, encrypted on its own, or has something that only this data fits. */
  readonly isSpecial: boolean;
}

const DIMENSION_MAX = 1_000_000;

/** The pictures of a document by number, without those whose dictionaries make no sense. */
export function picturesOf(
  file: PdfFile,
  uses: ContentUses,
  canonical: (number: number) => number,
): PictureInfo[] {
  const dictionaries = new Map<number, PdfStream>();
  for (const number of uses.pictures.toSorted((one, other) => one - other)) {
    const stream = file.object(number);
    if (stream instanceof PdfStream) dictionaries.set(number, stream);
  }
  const shown = new Map(uses.shown);
  const roles = { softMasks: new Set<number>(), masks: new Set<number>() };
  for (const [number, { dictionary }] of dictionaries)
    for (const [key, role] of [
      ['SMask', roles.softMasks],
      ['Mask', roles.masks],
    ] as const) {
      const value = dictionary.get(key);
      if (!(value instanceof PdfReference)) continue;
      const mask = canonical(value.number);
      role.add(mask);
      const sizes = new Scales();
      sizes.addAll(shown.get(mask) ?? new Scales());
      const outer = shown.get(number);
      if (outer !== undefined) sizes.addAll(outer);
      shown.set(mask, sizes);
    }
  const matte = new Set<number>();
  for (const number of roles.softMasks)
    if (dictionaries.get(number)?.dictionary.has('Matte')) matte.add(number);
  return [...dictionaries].flatMap(([number, stream]) => {
    const softMask = stream.dictionary.get('SMask');
    const softNumber = softMask instanceof PdfReference ? canonical(softMask.number) : 0;
    const facts = factsOf(file, number, stream);
    if (facts === undefined) return [];
    return [
      {
        ...facts,
        softMask: softNumber,
        isSoftMask: roles.softMasks.has(number),
        isMask: roles.masks.has(number),
        hasMatte: matte.has(number) || matte.has(softNumber),
        shown: shown.get(number)?.largest(),
      },
    ];
  });
}

type Facts = Omit<PictureInfo, 'softMask' | 'isSoftMask' | 'isMask' | 'hasMatte' | 'shown'>;

function factsOf(file: PdfFile, number: number, { dictionary, length }: PdfStream): Facts | undefined {
  const value = (key: string): PdfObject => file.resolve(dictionary.get(key));
  const [width, height] = [countOf(value('Width')) ?? 0, countOf(value('Height')) ?? 0];
  const isOne = (size: number): boolean => size > 0 && size <= DIMENSION_MAX;
  if (!isOne(width) || !isOne(height)) return undefined;
  const isStencil = value('ImageMask') === true;
  const entries = filterEntries(dictionary, (object) => file.resolve(object));
  const own = ownFilter(entries);
  const filter = own === -1 ? undefined : (entries[own]!.name ?? 'Unknown');
  const decode = value('Decode');
  const mask = value('Mask');
  return {
    number,
    width,
    height,
    bitsPerComponent: isStencil ? 1 : (countOf(value('BitsPerComponent')) ?? 0),
    isStencil,
    colorSpace:
      isStencil || !dictionary.has('ColorSpace')
        ? undefined
        : colorSpaceOf(file, dictionary.get('ColorSpace')),
    decode: Array.isArray(decode) ? decode.map((each) => numberOf(file.resolve(each)) ?? NaN) : undefined,
    mask: mask instanceof PdfStream ? 'stencil' : mask === null ? 'none' : 'color-key',
    filter,
    parms: own === -1 ? {} : plainParms(file, entries[own]!.parms),
    bytes: length,
    isSpecial:
      dictionary.has('F') ||
      (own !== -1 && own !== entries.length - 1) ||
      entries.some(({ name }) => name === 'Crypt') ||
      dictionary.has('SMaskInData') ||
      dictionary.has('Measure') ||
      dictionary.has('PtData'),
  };
}

function plainParms(file: PdfFile, parms: PdfObject): Record<string, number | boolean> {
  const plain: Record<string, number | boolean> = {};
  if (!(parms instanceof Map)) return plain;
  for (const [key, each] of parms) {
    const value = file.resolve(each);
    const number = numberOf(value);
    if (typeof value === 'boolean') plain[key] = value;
    else if (number !== undefined) plain[key] = number;
  }
  return plain;
}

/**
 * The data of a picture without its general filters; undefined where it is damaged or gives more than `bytesMax` bytes. Valid
 * until the next bytes are read.
 */
export function pictureData(file: PdfFile, number: number, bytesMax: number): Uint8Array | undefined {
  const stream = file.object(number);
  if (!(stream instanceof PdfStream) || stream.length > bytesMax) return undefined;
  const resolve: Resolve = (object) => file.resolve(object);
  const steps = generalSteps(stream.dictionary, resolve);
  const generation = file.table.generation(number);
  return decodeSound(file.streamBytes(stream, number, generation), steps, bytesMax);
}

/** Index of the filter that only pictures have; -1 if all are general ones. */
function ownFilter(entries: ReturnType<typeof filterEntries>): number {
  return entries.findIndex(({ name }) => name === undefined || !isRepackable(name));
}

function generalSteps(dictionary: PdfDictionary, resolve: Resolve) {
  const entries = filterEntries(dictionary, resolve);
  const own = ownFilter(entries);
  return entries
    .slice(0, own === -1 ? entries.length : own)
    .map(({ name, parms }) => ({ name: name!, parms: filterParms(parms, resolve) }));
}
