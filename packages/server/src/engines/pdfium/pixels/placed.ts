import type { Pixels } from './pixels.ts';

/** How an image lies on a page, y down: its right side goes to (a, b), its upper side to (c, d). */
export interface Placing {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** The part of it that is seen, as shares of its width and height as it lies there, from 0 to 1. */
export interface Seen {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Pixels of an image as a page shows them: turned by quarters and mirrored as it lies, and cut to what is seen. */
export function asPlaced({ width, height, data }: Pixels, { a, b, c, d }: Placing, seen: Seen): Pixels {
  const isTurned = Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d);
  const [wide, high] = isTurned ? [height, width] : [width, height];
  const left = Math.min(wide - 1, Math.max(0, Math.floor(seen.left * wide)));
  const top = Math.min(high - 1, Math.max(0, Math.floor(seen.top * high)));
  const right = Math.min(wide, Math.max(left + 1, Math.ceil(seen.right * wide)));
  const bottom = Math.min(high, Math.max(top + 1, Math.ceil(seen.bottom * high)));
  const placed = new Uint32Array((right - left) * (bottom - top));
  // From one pixel to the next: to the right, and down.
  const [first, across, down] = isTurned
    ? [start(b > 0, width, 1) + start(c < 0, height, width), c > 0 ? -width : width, b > 0 ? 1 : -1]
    : [start(a >= 0, width, 1) + start(d <= 0, height, width), a >= 0 ? 1 : -1, d <= 0 ? width : -width];
  for (let y = top, to = 0; y < bottom; y++) {
    let from = first + y * down + left * across;
    for (let x = left; x < right; x++, from += across) placed[to++] = data[from] as number;
  }
  return { width: right - left, height: bottom - top, data: placed };
}

function start(isForward: boolean, count: number, step: number): number {
  return isForward ? 0 : (count - 1) * step;
}
