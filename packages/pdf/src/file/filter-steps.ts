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
  const names = listOf(resolve(dictionary.get('Filter')));
  const parms = listOf(resolve(dictionary.get('DecodeParms')));
  if (names.length > limits.filtersMax) throw new PdfError('limit', 'A stream has too many filters.');
  const steps: FilterStep[] = [];
  for (const [index, object] of names.entries()) {
    const name = nameOf(resolve(object));
    if (name !== undefined && name !== 'Crypt')
      steps.push({ name, parms: filterParms(resolve(parms[index]), resolve) });
  }
  return steps;
}

function listOf(object: PdfObject): PdfObject[] {
  if (object === null) return [];
  return Array.isArray(object) ? object : [object];
}

function filterParms(object: PdfObject, resolve: Resolve): FilterParms | undefined {
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
