import { PdfError } from '../errors.ts';
import { decode, type FilterParms, type FilterStep } from '../filters/decode.ts';
import { nameOf, numberOf, type PdfDictionary, type PdfObject } from '../objects/object.ts';
import type { Limits } from '../limits.ts';

/** Follows references, for values that may be indirect. */
export type Resolve = (object: PdfObject | undefined) => PdfObject;

/**
 * The filters of a stream with their parameters (ISO 32000-2, 7.3.8.2), in the order of decoding, `Crypt` left out. Throws
 * PdfError `limit` if there are too many.
 */
export function filterSteps(dictionary: PdfDictionary, resolve: Resolve, limits: Limits): FilterStep[] {
  const entries = filterEntries(dictionary, resolve);
  if (entries.length > limits.filtersMax) throw new PdfError('limit', 'A stream has too many filters.');
  const steps: FilterStep[] = [];
  for (const { name, parms } of entries)
    if (name !== undefined && name !== 'Crypt') steps.push({ name, parms: filterParms(parms, resolve) });
  return steps;
}

/** One filter of a stream: its name (undefined if it is none), the object that gives it, and its parameters. */
export interface FilterEntry {
  readonly name: string | undefined;
  readonly object: PdfObject;
  /** A dictionary, if all is well; `null` if there are none. */
  readonly parms: PdfObject;
}

/** All filters of a stream with their parameters, references followed. */
export function filterEntries(dictionary: PdfDictionary, resolve: Resolve): FilterEntry[] {
  const parms = listOf(resolve(dictionary.get('DecodeParms')));
  return listOf(resolve(dictionary.get('Filter'))).map((entry, index) => {
    const object = resolve(entry);
    return { name: nameOf(object), object, parms: resolve(parms[index]) };
  });
}

function listOf(object: PdfObject): PdfObject[] {
  if (object === null) return [];
  return Array.isArray(object) ? object : [object];
}

/** The parameters of a filter that is known here; undefined if they are none. */
export function filterParms(object: PdfObject, resolve: Resolve): FilterParms | undefined {
  if (!(object instanceof Map)) return undefined;
  const read = (key: string): number | undefined => numberOf(resolve(object.get(key)));
  const parms: { -readonly [Key in keyof FilterParms]: FilterParms[Key] } = {};
  const [predictor, colors, bits, columns, earlyChange] = [
    read('Predictor'),
    read('Colors'),
    read('BitsPerComponent'),
    read('Columns'),
    read('EarlyChange'),
  ];
  if (predictor !== undefined) parms.predictor = predictor;
  if (colors !== undefined) parms.colors = colors;
  if (bits !== undefined) parms.bitsPerComponent = bits;
  if (columns !== undefined) parms.columns = columns;
  if (earlyChange !== undefined) parms.earlyChange = earlyChange;
  return parms;
}

/** Decodes a stream that must be understood to read the file. Throws PdfError `limit` or `damaged`. */
export function decodeStream(
  bytes: Uint8Array,
  dictionary: PdfDictionary,
  resolve: Resolve,
  limits: Limits,
): Uint8Array {
  return decode(bytes, filterSteps(dictionary, resolve, limits), limits.decodedBytesMax);
}
