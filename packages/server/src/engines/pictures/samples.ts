/** Samples of 8 bits, row by row. */
export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Buffer;
}

const lookedAt = 60_000;
/** Of neighbours, in photographs; drawings and screens have most of them equal. */
const equalShareMax = 0.35;
const colorsMin = { 1: 40, 3: 500 } as const;

/** Whether a picture looks like a photograph: most neighbours differ, and it has many colours. */
export function isPhotograph({ width, height, channels, data }: Samples): boolean {
  const pixels = width * height;
  const step = Math.max(1, Math.floor(pixels / lookedAt)) | 1;
  const colors = new Set<number>();
  let [equal, compared] = [0, 0];
  for (let pixel = 1; pixel < pixels; pixel += step) {
    const at = pixel * channels;
    let [color, isEqual] = [0, true];
    for (let channel = 0; channel < channels; channel++) {
      const value = data[at + channel] as number;
      color = color * 256 + value;
      isEqual &&= value === data[at + channel - channels];
    }
    if (isEqual) equal++;
    compared++;
    if (colors.size < 4096) colors.add(color);
  }
  return compared > 0 && equal / compared < equalShareMax && colors.size >= colorsMin[channels];
}

/** Bits, each row in whole bytes, as samples of 0 and 255. */
export function fromBits(bits: Uint8Array, width: number, height: number): Samples {
  const rowBytes = Math.ceil(width / 8);
  const data = Buffer.alloc(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if (((bits[row * rowBytes + (column >> 3)] as number) >> (7 - (column & 7))) & 1)
        data[row * width + column] = 255;
  return { width, height, channels: 1, data };
}

/** The opposite: what is brighter than half becomes 1. */
export function toBits({ width, height, data }: Samples): Buffer {
  const rowBytes = Math.ceil(width / 8);
  const bits = Buffer.alloc(rowBytes * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if ((data[row * width + column] as number) > 127) {
        const at = row * rowBytes + (column >> 3);
        bits[at] = (bits[at] as number) | (128 >> (column & 7));
      }
  return bits;
}

/** Indexes of a palette as the colours that they mean; undefined where there are too few. */
export function fromPalette(
  indexes: Uint8Array,
  size: { readonly width: number; readonly height: number; readonly bits: number },
  palette: Uint8Array,
  channels: 1 | 3,
): Samples | undefined {
  const { width, height, bits } = size;
  const rowBytes = Math.ceil((width * bits) / 8);
  if (indexes.length < rowBytes * height) return undefined;
  const last = Math.floor(palette.length / channels) - 1;
  const data = Buffer.alloc(width * height * channels);
  const mask = (1 << bits) - 1;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const bit = column * bits;
      const byte = indexes[row * rowBytes + (bit >> 3)] as number;
      const index = Math.min(last, (byte >> (8 - bits - (bit & 7))) & mask);
      for (let channel = 0; channel < channels; channel++)
        data[(row * width + column) * channels + channel] = palette[index * channels + channel] ?? 0;
    }
  return { width, height, channels, data };
}
