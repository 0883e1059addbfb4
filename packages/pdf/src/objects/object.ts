import { PdfName } from './name.ts';
import { PdfNumber } from './number.ts';
import type { PdfReference } from './reference.ts';
import type { PdfStream } from './stream.ts';
import type { PdfString } from './string.ts';

/** Keys are names without their slash, in the order of the file; of two equal keys the last counts. */
export type PdfDictionary = Map<string, PdfObject>;
/** Elements in order. */
export type PdfArray = PdfObject[];
/** Any object (ISO 32000-2, 7.3). Dictionaries and arrays are the language's own. */
export type PdfObject =
  | null
  | boolean
  | PdfNumber
  | PdfName
  | PdfString
  | PdfReference
  | PdfArray
  | PdfDictionary
  | PdfStream;

/** The text of a name, or undefined where the object is something else. */
export function nameOf(object: PdfObject | undefined): string | undefined {
  return object instanceof PdfName ? object.value : undefined;
}

/** The value of a number, or undefined where the object is something else. */
export function numberOf(object: PdfObject | undefined): number | undefined {
  return object instanceof PdfNumber ? object.value : undefined;
}

/** The value of a number that is whole and not negative, or undefined. */
export function countOf(object: PdfObject | undefined): number | undefined {
  const value = numberOf(object);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
