import type { ReadingSettings } from '../capabilities.ts';
import type { Pdfium } from './child-pdfium.ts';
import type { Box } from './page.ts';

/** x and y become ax + cy + e and bx + dy + f (ISO 32000-2, 8.3.4). */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** How a page is shown: the way from its own coordinates, and what of it is read. */
export interface Shown {
  readonly matrix: Matrix;
  readonly width: number;
  readonly height: number;
  /** What the settings ask for, else all that is shown: what lies outside of the crop box, nobody sees. */
  readonly area: Box | undefined;
  /** Quarters of a turn that the settings ask for. */
  readonly turns: number;
}

/** First `m`, then `n`. */
export function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
    m[4] * n[0] + m[5] * n[2] + n[4],
    m[4] * n[1] + m[5] * n[3] + n[5],
  ];
}

/** A matrix that a function of PDFium writes, which answers false where there is none. */
export function matrixOf(pdfium: Pdfium, write: (at: number) => number): Matrix {
  if (write(pdfium.scratch) === 0) return identity;
  const floats = pdfium.floats();
  const at = pdfium.scratch >> 2;
  // One by one: what is usual for a few numbers takes ten times as long, and this is asked of every object.
  return [
    floats[at] as number,
    floats[at + 1] as number,
    floats[at + 2] as number,
    floats[at + 3] as number,
    floats[at + 4] as number,
    floats[at + 5] as number,
  ];
}

/** The box around a rectangle after a matrix. */
export function boxOf(m: Matrix, left: number, top: number, right: number, bottom: number): Box {
  const [x1, y1] = [m[0] * left + m[2] * top, m[1] * left + m[3] * top];
  const [x2, y2] = [m[0] * right + m[2] * bottom, m[1] * right + m[3] * bottom];
  const [x3, y3] = [m[0] * left + m[2] * bottom, m[1] * left + m[3] * bottom];
  const [x4, y4] = [m[0] * right + m[2] * top, m[1] * right + m[3] * top];
  return {
    left: Math.min(x1, x2, x3, x4) + m[4],
    top: Math.min(y1, y2, y3, y4) + m[5],
    right: Math.max(x1, x2, x3, x4) + m[4],
    bottom: Math.max(y1, y2, y3, y4) + m[5],
  };
}

/** Whether the middle of a box lies in what is read. */
export function isRead({ area }: Shown, box: Box): boolean {
  if (area === undefined) return true;
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  return x >= area.left && x <= area.right && y >= area.top && y <= area.bottom;
}

/** How an open page is shown: its crop box, turned by its /Rotate and by what the settings ask for. */
export function shownOf(
  pdfium: Pdfium,
  page: number,
  settings: Pick<ReadingSettings, 'area' | 'rotation'>,
): Shown {
  const { call, scratch } = pdfium;
  const hasBox = call.FPDF_GetPageBoundingBox(page, scratch) !== 0;
  const [left = 0, top = 0, right = 0, bottom = 0] = hasBox ? pdfium.floats().subarray(scratch >> 2) : [];
  const quarters = (call.FPDFPage_GetRotation(page) + settings.rotation / 90) % 4;
  const [wide, high] = quarters % 2 === 0 ? [right - left, top - bottom] : [top - bottom, right - left];
  const area = settings.area ?? (hasBox ? { left: 0, top: 0, width: wide, height: high } : undefined);
  return {
    turns: settings.rotation / 90,
    matrix: turned(quarters, left, top, right, bottom),
    width: wide,
    height: high,
    area: area && {
      left: area.left,
      top: area.top,
      right: area.left + area.width,
      bottom: area.top + area.height,
    },
  };
}

/** From y up to y down, turned clockwise by quarters. */
function turned(quarters: number, left: number, top: number, right: number, bottom: number): Matrix {
  if (quarters === 1) return [0, 1, 1, 0, -bottom, -left];
  if (quarters === 2) return [-1, 0, 0, 1, right, -bottom];
  if (quarters === 3) return [0, -1, -1, 0, top, right];
  return [1, 0, 0, -1, -left, top];
}
