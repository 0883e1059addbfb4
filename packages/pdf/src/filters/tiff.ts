import type { RowShape } from './predictor.ts';

/** Undoes TIFF prediction: every sample is the difference to the same colour of the pixel before it in the row. */
export function undoTiff(data: Uint8Array, { colors, bitsPerComponent, rowBytes }: RowShape): Uint8Array {
  const out = data.slice();
  for (let start = 0; start < out.length; start += rowBytes) {
    const row = out.subarray(start, start + rowBytes);
    if (bitsPerComponent === 8) addBytes(row, colors);
    else if (bitsPerComponent === 16) addWords(row, colors);
    else addBits(row, colors, bitsPerComponent);
  }
  return out;
}

function addBytes(row: Uint8Array, colors: number): void {
  for (let index = colors; index < row.length; index++) row[index]! += row[index - colors]!;
}

function addWords(row: Uint8Array, colors: number): void {
  for (let index = 2 * colors; index + 1 < row.length; index += 2) {
    const left = index - 2 * colors;
    const sum = row[index]! * 256 + row[index + 1]! + row[left]! * 256 + row[left + 1]!;
    row[index] = sum >> 8;
    row[index + 1] = sum;
  }
}

/** Samples of 1, 2 or 4 bits, the first in the high bits of a byte. */
function addBits(row: Uint8Array, colors: number, bits: number): void {
  const samplesInByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const samples = row.length * samplesInByte;
  for (let sample = colors; sample < samples; sample++) {
    const left = sample - colors;
    const leftValue = row[Math.floor(left / samplesInByte)]! >> (8 - bits * ((left % samplesInByte) + 1));
    const at = Math.floor(sample / samplesInByte);
    const shift = 8 - bits * ((sample % samplesInByte) + 1);
    const sum = ((row[at]! >> shift) + leftValue) & mask;
    row[at] = (row[at]! & ~(mask << shift)) | (sum << shift);
  }
}
