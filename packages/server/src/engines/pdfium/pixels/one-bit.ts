import type { Grays } from './pixels.ts';

/** Makes each pixel black or white, in place: by one threshold for all, or by a pattern that imitates greys. */
export function toBlackAndWhite(grays: Grays, by: 'otsu' | 'bayer'): void {
  if (by === 'bayer') dither(grays);
  else split(grays, otsuThreshold(grays.data));
}

function split({ data }: Grays, threshold: number): void {
  for (let at = 0; at < data.length; at++) data[at] = (data[at] as number) > threshold ? 255 : 0;
}

/** What parts the dark pixels from the bright ones best (Otsu, 1979); the middle where all are alike. */
export function otsuThreshold(grays: Uint8Array): number {
  const counts = new Float64Array(256);
  for (let at = 0; at < grays.length; at++) (counts[grays[at] as number] as number)++;
  let total = 0;
  for (const [gray, count] of counts.entries()) total += gray * count;
  let [best, threshold, dark, darkSum] = [0, 127, 0, 0];
  for (const [gray, count] of counts.entries()) {
    dark += count;
    darkSum += gray * count;
    const bright = grays.length - dark;
    if (dark === 0 || bright === 0) continue;
    const apart = darkSum / dark - (total - darkSum) / bright;
    const variance = dark * bright * apart * apart;
    if (variance > best) [best, threshold] = [variance, gray];
  }
  return threshold;
}

/** The pattern of Bayer, 8 by 8, as thresholds: black and white stay what they are. */
const bayer = Uint8Array.from({ length: 64 }, (_, at) => {
  let value = 0;
  for (let bit = 0; bit < 3; bit++) {
    const [x, y] = [(at >> bit) & 1, (at >> (3 + bit)) & 1];
    value |= ((x ^ y) * 2 + y) << (2 * (2 - bit));
  }
  return Math.round(((value + 0.5) / 64) * 255);
});

function dither({ width, height, data }: Grays): void {
  for (let row = 0; row < height; row++) {
    const line = data.subarray(row * width, (row + 1) * width);
    const pattern = (row & 7) * 8;
    for (let column = 0; column < width; column++)
      line[column] = (line[column] as number) > (bayer[pattern + (column & 7)] as number) ? 255 : 0;
  }
}

/** One bit for each pixel of black and white, each row in whole bytes: 1 is white. */
export function toBits({ width, height, data }: Grays): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const bits = new Uint8Array(rowBytes * height);
  for (let row = 0, at = 0; row < height; row++)
    for (let column = 0; column < width; column++, at++)
      if (data[at] === 255) {
        const to = row * rowBytes + (column >> 3);
        bits[to] = (bits[to] as number) | (128 >> (column & 7));
      }
  return bits;
}
