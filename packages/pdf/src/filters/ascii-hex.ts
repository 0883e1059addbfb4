import { Output } from './output.ts';

/**
 * Decodes ASCIIHexDecode data (ISO 32000-2, 7.4.2) up to `>` or the end. Bytes that are no digit are passed over, as
 * the common viewers do; an odd last digit counts as if a zero followed.
 */
export function decodeAsciiHex(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const out = new Output((bytes.length + 1) >>> 1, bytesMax);
  let high = -1;
  for (const byte of bytes) {
    if (byte === 0x3e) break;
    const digit = digitOf(byte);
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out.push((high << 4) | digit);
      high = -1;
    }
  }
  if (high >= 0) out.push(high << 4);
  return out.finish();
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
