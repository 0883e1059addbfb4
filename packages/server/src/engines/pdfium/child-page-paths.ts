import { type Clip, clipped } from './child-page-clip.ts';
import { type Matrix, matrixOf, multiply } from './child-page-place.ts';
import { hexColor } from './child-page-style.ts';
import type { Pdfium } from './child-pdfium.ts';
import type { Box, Fill, Ruling } from './page.ts';

/** What of a path is read. */
interface Shapes {
  readonly rulings: readonly Ruling[];
  readonly fills: readonly Fill[];
}

/** A part of a path without a gap, as it is shown: x and y one after another. */
interface Subpath {
  readonly points: number[];
  isClosed: boolean;
  hasCurve: boolean;
}

const none: Shapes = { rulings: [], fills: [] };
/** Kinds of segments as PDFium counts them. */
const segmentKind = { curve: 1, move: 2 };
/** Points of one path that are looked at: tables are not drawn with more, maps are. */
const segmentsMax = 10_000;
/** Points by which a line may be oblique. */
const obliqueMax = 0.5;
/** Points up to which a filled rectangle is a line, if it is some times as long as it is thick. */
const thicknessMax = 3;
const lengthToThicknessMin = 3;
/** Points below which a line is a part of a drawing and separates nothing. */
const lengthMin = 2;
/** Points between dashes that make one line, where each is no longer than so much; and between lines that touch. */
const dashGapMax = 4;
const dashLengthMax = 8;
const touchMax = 0.6;
/** Points across by which lines may differ that are one. */
const acrossMax = 0.6;

/** Reads the straight lines and the rectangles of a path object. */
export function readPath(pdfium: Pdfium, object: number, outer: Matrix, clip: Clip): Shapes {
  const { call, scratch } = pdfium;
  const count = call.FPDFPath_CountSegments(object);
  if (count < 2 || count > segmentsMax) return none;
  if (call.FPDFPath_GetDrawMode(object, scratch, scratch + 4) === 0) return none;
  const fillMode = pdfium.integers()[scratch >> 2] as number;
  const isStroked = pdfium.integers()[(scratch >> 2) + 1] as number;
  const strokeColor = isStroked === 0 ? undefined : colorOf(pdfium, call.FPDFPageObj_GetStrokeColor, object);
  const fillColor = fillMode === 0 ? undefined : colorOf(pdfium, call.FPDFPageObj_GetFillColor, object);
  if (strokeColor === undefined && fillColor === undefined) return none;
  const matrix = multiply(
    matrixOf(pdfium, (at) => call.FPDFPageObj_GetMatrix(object, at)),
    outer,
  );
  const paths = subpathsOf(pdfium, object, count, matrix);
  const rulings: Ruling[] = [];
  const fills: Fill[] = [];
  if (strokeColor !== undefined) {
    const thickness = strokeWidth(pdfium, object, matrix);
    for (const path of paths) strokes(path, thickness, strokeColor, clip, rulings);
  }
  if (fillColor !== undefined)
    for (const path of paths) filled(path, fillColor, clip, strokeColor === undefined, rulings, fills);
  return { rulings, fills };
}

/** The colour that a function writes; undefined for none, and for one that is fully transparent. */
function colorOf(
  pdfium: Pdfium,
  read: (object: number, red: number, green: number, blue: number, alpha: number) => number,
  object: number,
): string | undefined {
  const { scratch } = pdfium;
  if (read(object, scratch, scratch + 4, scratch + 8, scratch + 12) === 0) return undefined;
  const words = pdfium.integers();
  const at = scratch >> 2;
  if (words[at + 3] === 0) return undefined;
  return hexColor(words[at] as number, words[at + 1] as number, words[at + 2] as number);
}

function strokeWidth({ call, scratch, floats }: Pdfium, object: number, [a, b, c, d]: Matrix): number {
  if (call.FPDFPageObj_GetStrokeWidth(object, scratch) === 0) return 0;
  return (floats()[scratch >> 2] as number) * Math.sqrt(Math.abs(a * d - b * c));
}

function subpathsOf(pdfium: Pdfium, object: number, count: number, [a, b, c, d, e, f]: Matrix): Subpath[] {
  const { call, scratch } = pdfium;
  const paths: Subpath[] = [];
  let path: Subpath = { points: [], isClosed: false, hasCurve: false };
  for (let index = 0; index < count; index++) {
    const segment = call.FPDFPath_GetPathSegment(object, index);
    const type = call.FPDFPathSegment_GetType(segment);
    if (type === segmentKind.move) paths.push((path = { points: [], isClosed: false, hasCurve: false }));
    if (type === segmentKind.curve) path.hasCurve = true;
    call.FPDFPathSegment_GetPoint(segment, scratch, scratch + 4);
    const floats = pdfium.floats();
    const x = floats[scratch >> 2] as number;
    const y = floats[(scratch >> 2) + 1] as number;
    // What is curved is no line: its points are told apart by NaN.
    if (type === segmentKind.curve) path.points.push(NaN, NaN);
    path.points.push(a * x + c * y + e, b * x + d * y + f);
    if (call.FPDFPathSegment_GetClose(segment) !== 0) path.isClosed = true;
  }
  return paths;
}

/** The lines of a stroked path that run along a side of the page. */
function strokes(
  { points, isClosed }: Subpath,
  thickness: number,
  color: string,
  clip: Clip,
  into: Ruling[],
): void {
  const [firstX = NaN, firstY = NaN] = points;
  for (let at = 2; at < points.length + (isClosed ? 2 : 0); at += 2) {
    const [x1, y1] = [points[at - 2] as number, points[at - 1] as number];
    const [x2, y2] = at < points.length ? [points[at] as number, points[at + 1] as number] : [firstX, firstY];
    const [wide, high] = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
    // Both are false where one of the points is none.
    if (high <= obliqueMax && wide > high) ruling(false, x1, y1, x2, y2, thickness, color, clip, into);
    else if (wide <= obliqueMax && high > wide) ruling(true, x1, y1, x2, y2, thickness, color, clip, into);
  }
}

function ruling(
  isVertical: boolean,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  thickness: number,
  color: string,
  clip: Clip,
  into: Ruling[],
): void {
  const box = clipped(
    { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) },
    clip,
  );
  if (box === undefined) return;
  into.push(
    isVertical
      ? { isVertical, at: (box.left + box.right) / 2, from: box.top, to: box.bottom, thickness, color }
      : { isVertical, at: (box.top + box.bottom) / 2, from: box.left, to: box.right, thickness, color },
  );
}

/** A filled rectangle: a line where it is as thin as one. */
function filled(
  path: Subpath,
  color: string,
  clip: Clip,
  mayBeRuling: boolean,
  rulings: Ruling[],
  fills: Fill[],
): void {
  const whole = rectangleOf(path);
  const box = whole && clipped(whole, clip);
  if (box === undefined) return;
  const [wide, high] = [box.right - box.left, box.bottom - box.top];
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const isThin = (thin: number, long: number) => thin <= thicknessMax && long >= thin * lengthToThicknessMin;
  if (isThin(high, wide) || isThin(wide, high)) {
    if (!mayBeRuling) return;
    rulings.push(
      wide > high
        ? { isVertical: false, at: y, from: box.left, to: box.right, thickness: high, color }
        : { isVertical: true, at: x, from: box.top, to: box.bottom, thickness: wide, color },
    );
  } else if (wide > 0 && high > 0) fills.push({ ...box, color });
}

/** The box of a path that is a rectangle along the sides of the page. */
function rectangleOf({ points, hasCurve }: Subpath): Box | undefined {
  if (hasCurve || points.length < 8 || points.length > 10) return undefined;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = points;
  if (points.length === 10 && !(near(points[8], x0) && near(points[9], y0))) return undefined;
  const isUpright = near(x0, x1) && near(y1, y2) && near(x2, x3) && near(y3, y0);
  const isLying = near(y0, y1) && near(x1, x2) && near(y2, y3) && near(x3, x0);
  if (!isUpright && !isLying) return undefined;
  return { left: Math.min(x0, x2), top: Math.min(y0, y2), right: Math.max(x0, x2), bottom: Math.max(y0, y2) };
}

function near(one = 0, other = 0): boolean {
  return Math.abs(one - other) <= obliqueMax;
}

/** Joins lines that go on in each other, and dashes; drops what is too short afterwards. */
export function joinRulings(rulings: readonly Ruling[]): Ruling[] {
  const sorted = rulings.toSorted(
    (one, other) =>
      Number(one.isVertical) - Number(other.isVertical) || one.at - other.at || one.from - other.from,
  );
  const joined: Ruling[] = [];
  for (let start = 0; start < sorted.length;) {
    const first = sorted[start] as Ruling;
    let end = start;
    while (end < sorted.length && isAcross(first, sorted[end] as Ruling)) end++;
    joinOneBand(
      sorted.slice(start, end).sort((one, other) => one.from - other.from),
      joined,
    );
    start = end;
  }
  return joined.filter(({ from, to }) => to - from >= lengthMin);
}

function isAcross(one: Ruling, other: Ruling): boolean {
  return one.isVertical === other.isVertical && other.at - one.at <= acrossMax;
}

/** Joins lines that lie as good as on one straight line, by where they begin. */
function joinOneBand(band: readonly Ruling[], into: Ruling[]): void {
  let last: Ruling | undefined;
  for (const each of band) {
    if (last !== undefined && goesOn(last, each)) {
      const to = Math.max(last.to, each.to);
      const thickness = Math.max(last.thickness, each.thickness);
      last = { ...last, to, thickness };
      into[into.length - 1] = last;
    } else into.push((last = each));
  }
}

function goesOn(last: Ruling, next: Ruling): boolean {
  const gap = next.from - last.to;
  return gap <= (next.to - next.from <= dashLengthMax ? dashGapMax : touchMax);
}
