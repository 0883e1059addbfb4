import { type Matrix, boxOf } from './child-page-place.ts';
import type { Pdfium } from './child-pdfium.ts';
import type { Box } from './page.ts';

/** What is left of a page for an object: the box around its clipping path. */
export type Clip = Box;

/** Points of clipping paths that are looked at; of a longer path nothing is clipped away. */
const pointsMax = 1_000;
/** Points by which a line may lie outside of its clip, as it has a thickness. */
const edge = 0.5;

/** What of `within` is left by the clipping path of an object (ISO 32000-2, 8.5.4); undefined for nothing. */
export function clipOf(pdfium: Pdfium, object: number, matrix: Matrix, within: Clip): Clip | undefined {
  const { call } = pdfium;
  const path = call.FPDFPageObj_GetClipPath(object);
  const paths = path === 0 ? 0 : call.FPDFClipPath_CountPaths(path);
  let clip: Clip | undefined = within;
  for (let index = 0; index < Math.min(paths, pointsMax) && clip !== undefined; index++) {
    const count = call.FPDFClipPath_CountPathSegments(path, index);
    if (count > pointsMax) continue;
    clip = clipped(clip, pathBox(pdfium, path, index, count, matrix));
  }
  return clip;
}

/** What of a box lies inside of another one; undefined for nothing. */
export function clipped(box: Box, clip: Box): Box | undefined {
  const left = Math.max(box.left, clip.left);
  const top = Math.max(box.top, clip.top);
  const right = Math.min(box.right, clip.right);
  const bottom = Math.min(box.bottom, clip.bottom);
  return left <= right + edge && top <= bottom + edge ? { left, top, right, bottom } : undefined;
}

function pathBox(pdfium: Pdfium, path: number, index: number, count: number, matrix: Matrix): Box {
  const { call, scratch } = pdfium;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < count; at++) {
    const segment = call.FPDFClipPath_GetPathSegment(path, index, at);
    if (call.FPDFPathSegment_GetPoint(segment, scratch, scratch + 4) === 0) continue;
    const floats = pdfium.floats();
    const x = floats[scratch >> 2] as number;
    const y = floats[(scratch >> 2) + 1] as number;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return left > right ? nothing : boxOf(matrix, left, top, right, bottom);
}

const nothing: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
