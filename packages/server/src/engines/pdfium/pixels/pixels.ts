/** Pixels of a drawn page, row by row: red, green, blue and a byte that means nothing, each pixel one number as this machine stores it. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint32Array;
}

/** One byte for each pixel, row by row: 0 is black. */
export interface Grays {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Whether no pixel has a colour. */
export function isGray({ data }: Pixels): boolean {
  for (let at = 0; at < data.length; at++) {
    const pixel = data[at] as number;
    if (((pixel ^ (pixel >>> 8)) & 0xffff) !== 0) return false;
  }
  return true;
}

/** The brightness of each pixel (ITU-R BT.601); greys stay what they are. */
export function toGrays({ width, height, data }: Pixels): Grays {
  const grays = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const pixel = data[at] as number;
    grays[at] = (77 * (pixel & 255) + 150 * ((pixel >>> 8) & 255) + 29 * ((pixel >>> 16) & 255)) >>> 8;
  }
  return { width, height, data: grays };
}

/** Turns every colour into its opposite, in place. */
export function invert({ data }: Pixels): void {
  for (let at = 0; at < data.length; at++) data[at] = (data[at] as number) ^ 0xffffff;
}

/** Mirrors in place: `x` swaps left and right, `y` top and bottom. */
export function mirror({ width, height, data }: Pixels, flip: 'none' | 'x' | 'y' | 'xy'): void {
  if (flip === 'xy') data.reverse();
  if (flip === 'x')
    for (let row = 0; row < height; row++) data.subarray(row * width, (row + 1) * width).reverse();
  if (flip !== 'y') return;
  for (let row = 0; row < height >> 1; row++) {
    const upper = data.subarray(row * width, (row + 1) * width);
    const lower = data.subarray((height - row - 1) * width, (height - row) * width);
    const kept = upper.slice();
    upper.set(lower);
    lower.set(kept);
  }
}
