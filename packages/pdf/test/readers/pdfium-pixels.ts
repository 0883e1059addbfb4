import { pdfium, withBytes } from './pdfium-memory.ts';
import { PdfiumError } from './pdfium.ts';

/** A page as PDFium draws it: 4 bytes for each pixel, of which the fourth means nothing. */
export interface PagePixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How far two drawings of a page are from each other, of 255. */
export interface Distance {
  readonly mean: number;
  readonly largest: number;
}

const ANNOTATIONS = 1;

/** Draws pages with their annotations on white, at so many pixels per inch: all, or the first ones. */
export function drawPages(file: Uint8Array, pixelsPerInch: number, pagesMax = Infinity): PagePixels[] {
  return withBytes(file.length, (at, bytes) => {
    bytes().set(file);
    const document = pdfium.FPDF_LoadMemDocument(at, file.length, '');
    if (document === 0) throw new PdfiumError(pdfium.FPDF_GetLastError());
    try {
      const count = Math.min(pagesMax, pdfium.FPDF_GetPageCount(document));
      return Array.from({ length: count }, (_, index) => drawPage(document, index, pixelsPerInch / 72));
    } finally {
      pdfium.FPDF_CloseDocument(document);
    }
  });
}

function drawPage(document: number, index: number, scale: number): PagePixels {
  const page = pdfium.FPDF_LoadPage(document, index);
  const width = Math.max(1, Math.round(pdfium.FPDF_GetPageWidthF(page) * scale));
  const height = Math.max(1, Math.round(pdfium.FPDF_GetPageHeightF(page) * scale));
  const bitmap = pdfium.FPDFBitmap_Create(width, height, 0);
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, ANNOTATIONS);
    const { HEAPU8 } = pdfium.pdfium as unknown as { readonly HEAPU8: Uint8Array };
    const at = pdfium.FPDFBitmap_GetBuffer(bitmap);
    const stride = pdfium.FPDFBitmap_GetStride(bitmap);
    const data = new Uint8Array(width * height * 4);
    for (let row = 0; row < height; row++)
      data.set(HEAPU8.subarray(at + row * stride, at + row * stride + width * 4), row * width * 4);
    return { width, height, data };
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap);
    pdfium.FPDF_ClosePage(page);
  }
}

/** Compares two drawings; those of different sizes are as far from each other as can be. */
export function distance(one: PagePixels, other: PagePixels): Distance {
  if (one.width !== other.width || one.height !== other.height) return { mean: 255, largest: 255 };
  let [sum, largest] = [0, 0];
  for (let at = 0; at < one.data.length; at++) {
    if ((at & 3) === 3) continue;
    const difference = Math.abs(one.data[at]! - other.data[at]!);
    sum += difference;
    if (difference > largest) largest = difference;
  }
  return { mean: sum / (one.width * one.height * 3), largest };
}
