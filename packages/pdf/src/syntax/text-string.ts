import { pdfDocBytes, pdfDocText } from './pdf-doc-encoding.ts';

/** A language code in a text string: ESC, two letters, perhaps a hyphen and two more, ESC (ISO 32000-2, 7.9.2.2.1). */
// oxlint-disable-next-line no-control-regex
const LANGUAGE = /\u001b[A-Za-z]{2,3}(?:-?[A-Za-z0-9]{2,8}){0,3}\u001b/g;

/**
 * What a text string says (ISO 32000-2, 7.9.2.2): UTF-16 and UTF-8 by their marks, else PDFDocEncoding. UTF-16 with the
 * bytes the other way round is read too, as viewers do. Language codes are taken out.
 */
export function textOfString(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) return plain(new TextDecoder('utf-16be').decode(bytes));
  if (first === 0xff && second === 0xfe) return plain(new TextDecoder('utf-16le').decode(bytes));
  if (first === 0xef && second === 0xbb && third === 0xbf) return plain(new TextDecoder().decode(bytes));
  return pdfDocText(bytes);
}

function plain(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(LANGUAGE, '') : text;
}

/** The bytes of a text string: as they are for ASCII, else UTF-16 with its mark. */
export function textString(text: string): Uint8Array {
  // oxlint-disable-next-line no-control-regex
  if (/^[\n\r\t -~]*$/.test(text)) return Buffer.from(text, 'latin1');
  return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
}

/** The bytes of text that takes the place of a text string, in the encoding of that. */
export function encodedAs(old: Uint8Array, text: string): Uint8Array {
  const [first, second, third] = old;
  if (first === 0xfe && second === 0xff) return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  if (first === 0xff && second === 0xfe) return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (first === 0xef && second === 0xbb && third === 0xbf) return Buffer.from(`\ufeff${text}`, 'utf8');
  return pdfDocBytes(text);
}
