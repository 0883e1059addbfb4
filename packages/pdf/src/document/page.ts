import type { PdfFile } from '../file/file.ts';
import type { RawObject } from '../file/reading.ts';
import { numberOf, type PdfObject } from '../objects/object.ts';
import { ObjectScan } from '../syntax/object-scan.ts';
import { Parser } from '../syntax/parser.ts';
import type { Document } from './document.ts';
import { valueOf, type Page } from './page-tree.ts';

/** The size of a page. */
export interface PageGeometry {
  /** Width and height of the crop box inside the media box, in points of 1/72 inch, before rotation. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise: 0, 90, 180 or 270. */
  readonly rotate: number;
  /** In the units of the page, corners in order. */
  readonly mediaBox: Box;
  /** What is shown of the page: the crop box as far as it is in the media box. */
  readonly cropBox: Box;
  /** Points for each unit of the page, which the boxes are in; width and height have it in them. */
  readonly userUnit: number;
}

/** A rectangle with its corners in order (ISO 32000-2, 7.9.5). */
export type Box = readonly [left: number, bottom: number, right: number, top: number];

/** What viewers assume where a page says nothing: US Letter. */
const LETTER: Box = [0, 0, 612, 792];
/** Coordinates and units that are larger mean nothing. */
const COORDINATE_MAX = 1e9;

/** The sizes of all pages (ISO 32000-2, 7.7.3.3 and 14.11.2). */
export function pageGeometry(document: Document): PageGeometry[] {
  const scan = new ObjectScan(document.file.reading.limits.nestingMax);
  return document.pages.map((page) => geometryOf(document, page, scan));
}

/** The size of one page. */
export function geometryOf(document: Document, page: Page, scan: ObjectScan): PageGeometry {
  const { file } = document;
  const raw = page.direct ?? file.scan(page.number, scan);
  if (page.direct !== undefined) scan.read(page.direct.bytes, 0, page.direct.end, false);
  const attribute = (key: string): PdfObject => pageAttribute(file, page, raw, scan, key);
  const resolve = (object: PdfObject): PdfObject => file.resolve(object);
  const media = box(attribute('MediaBox'), resolve) ?? LETTER;
  const crop = intersection(media, box(attribute('CropBox'), resolve) ?? media);
  const unit = unitOf(numberOf(raw === undefined ? null : valueOf(file, raw, scan, 'UserUnit')));
  return {
    width: rounded((crop[2] - crop[0]) * unit),
    height: rounded((crop[3] - crop[1]) * unit),
    rotate: pageRotation(file, page, raw, scan),
    mediaBox: media,
    cropBox: crop,
    userUnit: unit,
  };
}

/** A length without the noise of binary fractions. */
export function rounded(length: number): number {
  return Math.round(length * 1e6) / 1e6;
}

function unitOf(value: number | undefined): number {
  return value !== undefined && value > 0 && value <= COORDINATE_MAX ? value : 1;
}

/** How a page that was scanned is turned, its own value or from above: 0, 90, 180 or 270 degrees clockwise. */
export function pageRotation(
  file: PdfFile,
  page: Page,
  raw: RawObject | undefined,
  scan: ObjectScan,
): number {
  const quarters = Math.round((numberOf(pageAttribute(file, page, raw, scan, 'Rotate')) ?? 0) / 90);
  return (((quarters % 4) + 4) % 4) * 90;
}

function pageAttribute(
  file: PdfFile,
  page: Page,
  raw: RawObject | undefined,
  scan: ObjectScan,
  key: string,
): PdfObject {
  const own = raw !== undefined && scan.has(key) ? valueOf(file, raw, scan, key) : null;
  const above = page.inherited.find((value) => value.key === key)?.raw;
  return own ?? (above === undefined ? null : valueIn(file, above));
}

function valueIn(file: PdfFile, raw: RawObject): PdfObject {
  const { nestingMax } = file.reading.limits;
  return file.resolve(new Parser(raw.bytes, raw.start, raw.end, nestingMax).object());
}

/** Reads a rectangle, its corners in any order; undefined if it is none. */
export function rectangleOf(object: PdfObject, resolve: (object: PdfObject) => PdfObject): Box | undefined {
  if (!Array.isArray(object) || object.length < 4) return undefined;
  const numbers = object.slice(0, 4).map((each) => numberOf(resolve(each)) ?? 0);
  if (numbers.some((each) => !(Math.abs(each) <= COORDINATE_MAX))) return undefined;
  const [a, b, c, d] = numbers as [number, number, number, number];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** A rectangle that is not empty. */
function box(object: PdfObject, resolve: (object: PdfObject) => PdfObject): Box | undefined {
  const result = rectangleOf(object, resolve);
  return result !== undefined && result[2] > result[0] && result[3] > result[1] ? result : undefined;
}

function intersection(a: Box, b: Box): Box {
  const both: Box = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return both[2] > both[0] && both[3] > both[1] ? both : a;
}

/** The value of an entry that a page has itself, references followed; `null` if it has none. */
export function pageEntry({ file }: Document, page: Page, scan: ObjectScan, key: string): PdfObject {
  const raw = page.direct ?? file.scan(page.number, scan);
  if (raw === undefined) return null;
  if (page.direct !== undefined) scan.read(raw.bytes, 0, raw.end, false);
  return valueOf(file, raw, scan, key);
}

/** The annotations of a page (ISO 32000-2, 12.5), as they stand in its array. */
export function annotationsOf(document: Document, page: Page, scan: ObjectScan): readonly PdfObject[] {
  const list = pageEntry(document, page, scan, 'Annots');
  return Array.isArray(list) ? list : [];
}

/** Object numbers of the pages of a document. For `once`. */
export function pageNumbers({ pages }: Document): ReadonlySet<number> {
  return new Set(pages.map(({ number }) => number));
}
