import { Output } from './output.ts';

/**
 * Decodes RunLengthDecode data (ISO 32000-2, 7.4.5) up to the end marker 128 or the end of the bytes. A last run
 * that is cut short gives the bytes that are there.
 */
export function decodeRunLength(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const out = new Output(2 * bytes.length, bytesMax);
  let index = 0;
  while (index < bytes.length) {
    const length = bytes[index++]!;
    if (length === 128) break;
    if (length < 128) {
      out.append(bytes.subarray(index, index + length + 1));
      index += length + 1;
    } else if (index < bytes.length) {
      out.fill(bytes[index++]!, 257 - length);
    }
  }
  return out.finish();
}
