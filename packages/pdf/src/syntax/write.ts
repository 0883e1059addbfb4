import { PdfName } from '../objects/name.ts';
import { PdfNumber } from '../objects/number.ts';
import type { PdfObject } from '../objects/object.ts';
import { NewReference, PdfReference } from '../objects/reference.ts';
import { PdfStream } from '../objects/stream.ts';
import { PdfString } from '../objects/string.ts';
import type { ByteBuffer } from './byte-buffer.ts';
import { isPlainInName } from './strings.ts';
import type { Rewriting } from './transcribe.ts';

/**
 * Writes an object as text (ISO 32000-2, 7.3), references renumbered. Strings are taken as they are, since parsing
 * has decrypted them. Of a stream, only the dictionary is written. Nesting is bounded by the parser that built it.
 */
export function writeObject(
  out: ByteBuffer,
  object: PdfObject,
  rewriting: Pick<Rewriting, 'reference'>,
): void {
  if (object === null || typeof object === 'boolean') out.ascii(String(object));
  else if (object instanceof PdfNumber) out.ascii(object.text);
  else if (object instanceof PdfName) writeName(out, object.value);
  else if (object instanceof PdfString) writeString(out, object.bytes);
  else if (object instanceof PdfReference) writeReference(out, object, rewriting);
  else if (object instanceof PdfStream) writeObject(out, object.dictionary, rewriting);
  else if (Array.isArray(object)) {
    out.ascii('[');
    for (const [index, element] of object.entries()) {
      if (index > 0) out.byte(32);
      writeObject(out, element, rewriting);
    }
    out.ascii(']');
  } else {
    out.ascii('<<');
    for (const [key, value] of object) writeEntry(out, key, value, rewriting);
    out.ascii('>>');
  }
}

/** Writes one entry of a dictionary. */
export function writeEntry(
  out: ByteBuffer,
  key: string,
  value: PdfObject,
  rewriting: Pick<Rewriting, 'reference'>,
): void {
  writeName(out, key);
  out.byte(32);
  writeObject(out, value, rewriting);
}

function writeReference(
  out: ByteBuffer,
  object: PdfReference,
  rewriting: Pick<Rewriting, 'reference'>,
): void {
  const number =
    object instanceof NewReference ? object.number : rewriting.reference(object.number, object.generation);
  out.ascii(number === 0 ? 'null' : `${number} 0 R`);
}

/** Writes a name with its slash. */
export function writeName(out: ByteBuffer, name: string): void {
  out.byte(0x2f);
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (isPlainInName(code)) out.byte(code);
    else out.ascii(`#${code.toString(16).padStart(2, '0')}`);
  }
}

/** Writes a string: literal where that is short, hexadecimal where most bytes would need an escape. */
export function writeString(out: ByteBuffer, bytes: Uint8Array): void {
  let odd = 0;
  for (const c of bytes) if (c < 32 || c > 126) odd++;
  if (odd * 2 > bytes.length) return writeHexString(out, bytes);
  out.byte(0x28);
  for (const c of bytes) {
    if (c === 0x28 || c === 0x29 || c === 0x5c) out.byte(0x5c);
    if (c === 0x0d) out.ascii('\\r');
    else out.byte(c);
  }
  out.byte(0x29);
}

/** Writes a string in hexadecimal. */
export function writeHexString(out: ByteBuffer, bytes: Uint8Array): void {
  out.byte(0x3c);
  for (const c of bytes) {
    out.byte(DIGITS.charCodeAt(c >> 4));
    out.byte(DIGITS.charCodeAt(c & 15));
  }
  out.byte(0x3e);
}

const DIGITS = '0123456789abcdef';
