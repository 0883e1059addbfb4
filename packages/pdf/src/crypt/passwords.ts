import { PdfError } from '../errors.ts';
import { pdfDocByte } from '../syntax/pdf-doc-encoding.ts';
import { sameBytes } from './hash.ts';
import { isSaslPrepped, saslPrep } from './saslprep.ts';

/** Bytes of a password that count from revision 5 (ISO 32000-2, algorithm 2.A). */
const modernBytesMax = 127;
/** Characters that are looked at: more can never count, and normalising them would only take time. */
const charactersMax = 1024;

/**
 * The byte strings that a writer may have meant by this password, the likeliest first, without repeats. Up to revision
 * 4: PDFDocEncoding as specified, Latin-1 and UTF-8 as some writers do. From revision 5: UTF-8 of the SASLprep form
 * as specified, and of the text as it was typed; both cut, and then whole as qpdf 11 does.
 */
export function passwordBytes(password: string, r: number): Uint8Array[] {
  const text = password.slice(0, charactersMax);
  const candidates = r >= 5 ? modernCandidates(text) : legacyCandidates(text);
  return candidates.filter(
    (bytes, index) => candidates.findIndex((other) => sameBytes(bytes, other)) === index,
  );
}

/**
 * The bytes of a password that is to be set. Up to revision 4: PDFDocEncoding, of which 32 bytes count. From revision 5:
 * UTF-8 of the SASLprep form. Throws PdfError `new-password` where it has characters that have no bytes, or more than 127
 * bytes in revision 5 and later.
 */
export function newPasswordBytes(password: string, r: number): Uint8Array {
  if (r < 5) {
    const bytes = pdfDocEncoded(password);
    if (bytes !== undefined) return bytes;
    throw unusable('characters outside PDFDocEncoding, which this method of encryption cannot use');
  }
  // Preparing can make a text shorter, but who types more than this means something else.
  const text = password.length > charactersMax ? password : saslPrep(password);
  if (!isSaslPrepped(text)) throw unusable('characters that SASLprep (RFC 4013) does not allow');
  if (text === '' && password !== '') throw unusable('only characters that SASLprep (RFC 4013) leaves out');
  const bytes = utf8(text);
  if (bytes.length > modernBytesMax) throw unusable(`more than ${modernBytesMax} bytes of UTF-8`);
  return bytes;
}

function unusable(reason: string): PdfError {
  return new PdfError('new-password', `The new password has ${reason}.`);
}

function legacyCandidates(text: string): Uint8Array[] {
  return [pdfDocEncoded(text), latin1Encoded(text), utf8(text)].filter((bytes) => bytes !== undefined);
}

function modernCandidates(text: string): Uint8Array[] {
  const whole = [utf8(saslPrep(text)), utf8(text)];
  return [...whole.map((bytes) => bytes.subarray(0, modernBytesMax)), ...whole];
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** Bytes by a function from code unit to byte; undefined if one has none. */
function encoded(text: string, byteOf: (unit: number) => number | undefined): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const byte = byteOf(text.charCodeAt(index));
    if (byte === undefined) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}

function latin1Encoded(text: string): Uint8Array | undefined {
  return encoded(text, (unit) => (unit < 0x100 ? unit : undefined));
}

function pdfDocEncoded(text: string): Uint8Array | undefined {
  return encoded(text, pdfDocByte);
}
