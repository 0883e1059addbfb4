/** A size in pixels or in points. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels per inch that make sense: some programs write 1 for each millimetre where they know none. */
const [perInchMin, perInchMax, perInchElse] = [30, 5_000, 96];
/** Points of a side of a page. */
const [sideMin, sideMax] = [3, 14_400];

/**
 * Points of the page of a picture of so many pixels: by its own pixels per inch where they make sense, else by 96. What would be too
 * large or too small for a page is scaled to fit, and a very narrow one is made wider.
 */
export function pageSize(pixels: Size, perInch: readonly [number, number] | undefined): Size {
  const isSensible = perInch?.every((one) => one >= perInchMin && one <= perInchMax) === true;
  const [across, down] = isSensible ? perInch : [perInchElse, perInchElse];
  return fitted({ width: (pixels.width * 72) / across, height: (pixels.height * 72) / down });
}

/** The nearest size that a page can have, of the same shape where that is possible. */
export function fitted({ width, height }: Size): Size {
  const down = Math.min(1, sideMax / Math.max(width, height));
  const up = Math.max(1, sideMin / Math.min(width * down, height * down));
  const scale = Math.min(down * up, sideMax / Math.max(width, height));
  return { width: Math.max(sideMin, width * scale), height: Math.max(sideMin, height * scale) };
}
