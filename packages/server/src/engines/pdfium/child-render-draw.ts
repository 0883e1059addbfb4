import type { RenderSettings } from '../capabilities.ts';
import type { Pdfium } from './child-pdfium.ts';
import type { Frame } from './pixels/frame.ts';
import { invert, mirror, type Pixels } from './pixels/pixels.ts';

// What fpdfview.h and fpdf_edit.h call them.
const FPDFBitmap_BGRA = 4;
const FPDF_ANNOT = 0x1;
const FPDF_REVERSE_BYTE_ORDER = 0x10;
const FPDF_RENDER_NO_SMOOTHTEXT = 0x1000;
const FPDF_RENDER_NO_SMOOTHIMAGE = 0x2000;
const FPDF_RENDER_NO_SMOOTHPATH = 0x4000;
const FPDF_PAGEOBJ_TEXT = 1;
const FPDF_PAGEOBJ_PATH = 2;
const FPDF_PAGEOBJ_IMAGE = 3;
const FPDF_PAGEOBJ_SHADING = 4;
const FPDF_PAGEOBJ_FORM = 5;
const FPDF_SEGMENT_BEZIERTO = 1;

const white = 0xffffffff;
/** Of forms in forms (ISO 32000-2, 8.10): what lies deeper is drawn. */
const formsDeepMax = 16;

/** A page that PDFium has open, and the form of its document. */
export interface OpenPage {
  readonly pdfium: Pdfium;
  readonly page: number;
  readonly form: number;
}

/** A drawn page in PDFium's memory: what has to be read of it, has to be read before PDFium works again. */
export interface Drawing extends Pixels {
  free(): void;
}

/** Draws a page, with its annotations and the values of its fields, on white. Undefined where PDFium has no memory for it. */
export function draw(opened: OpenPage, frame: Frame, settings: RenderSettings): Drawing | undefined {
  const { pdfium, page, form } = opened;
  const { call } = pdfium;
  const { width, height } = frame;
  const bitmap = call.FPDFBitmap_CreateEx(width, height, FPDFBitmap_BGRA, 0, 0);
  if (bitmap === 0) return undefined;
  leaveOut(opened, settings);
  call.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white);
  const { left, top } = frame.page;
  const flags = flagsOf(settings);
  const place = [left, top, frame.page.width, frame.page.height, settings.rotate / 90] as const;
  call.FPDF_RenderPageBitmap(bitmap, page, ...place, flags);
  call.FPDF_FFLDraw(form, bitmap, page, ...place, flags);
  // Memory that grew while it was drawn lies elsewhere now.
  const pixels = {
    width,
    height,
    data: pdfium
      .integers()
      .subarray(call.FPDFBitmap_GetBuffer(bitmap) >>> 2)
      .subarray(0, width * height),
  };
  if (settings.inverted) invert(pixels);
  mirror(pixels, settings.flip);
  return { ...pixels, free: () => void call.FPDFBitmap_Destroy(bitmap) };
}

function flagsOf({ smoothText, smoothLines, smoothPictures }: RenderSettings): number {
  return (
    FPDF_ANNOT |
    FPDF_REVERSE_BYTE_ORDER |
    (smoothText ? 0 : FPDF_RENDER_NO_SMOOTHTEXT) |
    (smoothLines ? 0 : FPDF_RENDER_NO_SMOOTHPATH) |
    (smoothPictures ? 0 : FPDF_RENDER_NO_SMOOTHIMAGE)
  );
}

/** Hides the objects of the page that are not asked for, those of its forms too. */
function leaveOut({ pdfium, page }: OpenPage, settings: RenderSettings): void {
  const { text, lines, curves, pictures } = settings;
  if (text && lines && curves && pictures) return;
  const { call } = pdfium;
  const isDrawn = (object: number, kind: number): boolean => {
    if (kind === FPDF_PAGEOBJ_TEXT) return text;
    if (kind === FPDF_PAGEOBJ_IMAGE) return pictures;
    if (kind === FPDF_PAGEOBJ_SHADING) return lines;
    if (kind !== FPDF_PAGEOBJ_PATH) return true;
    return lines && (curves || !hasCurve(pdfium, object));
  };
  const visit = (count: number, at: (index: number) => number, deep: number): void => {
    for (let index = 0; index < count; index++) {
      const object = at(index);
      const kind = call.FPDFPageObj_GetType(object);
      if (!isDrawn(object, kind)) call.FPDFPageObj_SetIsActive(object, 0);
      if (kind !== FPDF_PAGEOBJ_FORM || deep === formsDeepMax) continue;
      const inner = (one: number) => call.FPDFFormObj_GetObject(object, one);
      visit(call.FPDFFormObj_CountObjects(object), inner, deep + 1);
    }
  };
  visit(call.FPDFPage_CountObjects(page), (index) => call.FPDFPage_GetObject(page, index), 0);
}

function hasCurve({ call }: Pdfium, path: number): boolean {
  const count = call.FPDFPath_CountSegments(path);
  for (let index = 0; index < count; index++) {
    const segment = call.FPDFPath_GetPathSegment(path, index);
    if (call.FPDFPathSegment_GetType(segment) === FPDF_SEGMENT_BEZIERTO) return true;
  }
  return false;
}
