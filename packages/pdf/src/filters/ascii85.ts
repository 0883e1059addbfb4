import { PdfError } from '../errors.ts';
import { isWhiteSpace } from './characters.ts';
import { Output } from './output.ts';

const tilde = 0x7e;

/**
 * Decodes ASCII85Decode data (ISO 32000-2, 7.4.3) up to `~>`, a lone `~`, or the end; a leading `<~` is passed over.
 * A byte outside the alphabet ends the data there. Throws `damaged` if that leaves nothing.
 */
export function decodeAscii85(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const out = new Output(Math.ceil(bytes.length / 5) * 4, bytesMax);
  let value = 0;
  let count = 0;
  let stray = -1;
  for (let index = dataStart(bytes); index < bytes.length && stray < 0; index++) {
    const byte = bytes[index]!;
    if (byte === tilde) break;
    if (isWhiteSpace(byte)) continue;
    if (byte === 0x7a && count === 0) out.fill(0, 4);
    else if (byte < 0x21 || byte > 0x75) stray = byte;
    else {
      value = value * 85 + (byte - 0x21);
      if (++count < 5) continue;
      pushGroup(out, value, 4);
      value = count = 0;
    }
  }
  pushPartialGroup(out, value, count);
  if (stray >= 0 && out.length === 0)
    throw new PdfError('damaged', 'ASCII85 data begins with a foreign byte.');
  return out.finish();
}

function dataStart(bytes: Uint8Array): number {
  let index = 0;
  while (index < bytes.length && isWhiteSpace(bytes[index]!)) index++;
  return bytes[index] === 0x3c && bytes[index + 1] === tilde ? index + 2 : index;
}

/** A group of n characters stands for n - 1 bytes; the missing ones count as `u`. A single one stands for nothing. */
function pushPartialGroup(out: Output, value: number, count: number): void {
  if (count < 2) return;
  let padded = value;
  for (let index = count; index < 5; index++) padded = padded * 85 + 84;
  pushGroup(out, padded, count - 1);
}

/** Values of 2^32 and more, which no encoder writes, lose their upper bits here. */
function pushGroup(out: Output, value: number, count: number): void {
  for (let index = 0; index < count; index++) out.push((value >>> (24 - 8 * index)) & 0xff);
}
