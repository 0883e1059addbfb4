import { PdfError } from '../errors.ts';

/**
 * Elements, entries or references of one object. Real objects have thousands; each costs memory that its bytes do not, so
 * that a limit of bytes alone would not do.
 */
export const ELEMENTS_MAX = 1_048_576;

/** The error for an object that has more. */
export function tooManyElements(): PdfError {
  return new PdfError('limit', 'An object of the document has too many elements.');
}
