import { createHash } from 'node:crypto';
import { floats, pdfium, text, withBytes } from './pdfium-memory.ts';
import { NODES_MAX, target, type Target } from './pdfium-target.ts';

/** A page as PDFium sees it. */
export interface PageReading {
  /** As it is shown: cropped and turned, in points. */
  readonly width: number;
  readonly height: number;
  /** In quarters of a turn. */
  readonly rotation: number;
  /** What is shown, in the page's own coordinates: left, top, right, bottom. */
  readonly shown: readonly number[] | undefined;
  /** Bleed, trim and art box, where the page has them. */
  readonly boxes: readonly (readonly number[] | undefined)[];
  readonly label: string;
  readonly text: string;
  readonly links: readonly { readonly rectangle: readonly number[] | undefined; readonly target: Target }[];
  /** All annotations, links and widgets too, in order; undefined for what is no annotation. */
  readonly annotations: readonly (Annotation | undefined)[];
  /** What the structure tree says of the page. */
  readonly structure: readonly Element[];
  /** Digest of the page as it is drawn with annotations and fields; empty if it was not. */
  readonly pixels: string;
}

/** An annotation; `field` is there if it is a widget. */
export interface Annotation {
  readonly subtype: number;
  readonly rectangle: readonly number[] | undefined;
  readonly flags: number;
  readonly contents: string;
  readonly name: string;
  readonly field: Field | undefined;
}

/** A field, as seen from one of its widgets. */
export interface Field {
  readonly name: string;
  readonly tip: string;
  readonly type: number;
  readonly flags: number;
  readonly value: string;
  readonly exported: string;
  readonly isChecked: boolean;
  /** Widgets of the field. */
  readonly widgets: number;
  readonly options: readonly string[];
}

/** A structure element and what it holds on this page: elements, and marked content by its identifier. */
export interface Element {
  readonly type: string;
  readonly title: string;
  readonly alternative: string;
  readonly language: string;
  readonly id: string;
  readonly kids: readonly (Element | number)[];
}

const RENDER_ANNOTATIONS = 1;
const WIDGET = 20;

/** Reads a page; `pixels` is the longer side when it is drawn, 0 for no drawing. */
export function readPage(document: number, form: number, index: number, pixels: number): PageReading {
  const [width = 0, height = 0] =
    floats(2, (at) => pdfium.FPDF_GetPageSizeByIndexF(document, index, at)) ?? [];
  const page = pdfium.FPDF_LoadPage(document, index);
  if (page === 0) throw new Error(`PDFium does not read page ${index + 1}.`);
  pdfium.FORM_OnAfterLoadPage(page, form);
  try {
    return {
      width,
      height,
      rotation: pdfium.FPDFPage_GetRotation(page),
      shown: floats(4, (at) => pdfium.FPDF_GetPageBoundingBox(page, at)),
      boxes: boxes(page),
      label: text((at, length) => pdfium.FPDF_GetPageLabel(document, index, at, length)),
      text: pageText(page),
      links: links(document, page),
      annotations: annotations(page, form),
      structure: structure(page),
      pixels: pixels === 0 ? '' : draw(page, form, pixels / Math.max(width, height, 1), width, height),
    };
  } finally {
    pdfium.FORM_OnBeforeClosePage(page, form);
    pdfium.FPDF_ClosePage(page);
  }
}

function boxes(page: number): PageReading['boxes'] {
  const { FPDFPage_GetBleedBox, FPDFPage_GetTrimBox, FPDFPage_GetArtBox } = pdfium;
  const readers = [FPDFPage_GetBleedBox, FPDFPage_GetTrimBox, FPDFPage_GetArtBox];
  return readers.map((read) => floats(4, (at) => read(page, at, at + 4, at + 8, at + 12)));
}

function pageText(page: number): string {
  const textPage = pdfium.FPDFText_LoadPage(page);
  if (textPage === 0) return '';
  try {
    const count = pdfium.FPDFText_CountChars(textPage);
    if (count <= 0) return '';
    return withBytes(count * 2 + 2, (at, bytes) => {
      const length = pdfium.FPDFText_GetText(textPage, 0, count, at);
      return bytes().toString('utf16le', 0, Math.max(0, length * 2 - 2));
    });
  } finally {
    pdfium.FPDFText_ClosePage(textPage);
  }
}

function links(document: number, page: number): PageReading['links'] {
  return withBytes(8, (at, bytes) => {
    const found: PageReading['links'][number][] = [];
    while (pdfium.FPDFLink_Enumerate(page, at, at + 4)) {
      const link = bytes().readUInt32LE(4);
      found.push({
        rectangle: floats(4, (to) => pdfium.FPDFLink_GetAnnotRect(link, to)),
        target: target(document, pdfium.FPDFLink_GetDest(document, link), pdfium.FPDFLink_GetAction(link)),
      });
    }
    return found;
  });
}

function annotations(page: number, form: number): PageReading['annotations'] {
  return Array.from({ length: pdfium.FPDFPage_GetAnnotCount(page) }, (_, index) => {
    const annotation = pdfium.FPDFPage_GetAnnot(page, index);
    if (annotation === 0) return undefined;
    const value = (key: string): string =>
      text((at, length) => pdfium.FPDFAnnot_GetStringValue(annotation, key, at, length));
    try {
      const subtype = pdfium.FPDFAnnot_GetSubtype(annotation);
      return {
        subtype,
        rectangle: floats(4, (at) => pdfium.FPDFAnnot_GetRect(annotation, at)),
        flags: pdfium.FPDFAnnot_GetFlags(annotation),
        contents: value('Contents'),
        name: value('NM'),
        field: subtype === WIDGET ? field(form, annotation) : undefined,
      };
    } finally {
      pdfium.FPDFPage_CloseAnnot(annotation);
    }
  });
}

function field(form: number, annotation: number): Field {
  const {
    FPDFAnnot_GetFormFieldName,
    FPDFAnnot_GetFormFieldAlternateName,
    FPDFAnnot_GetFormFieldValue,
    FPDFAnnot_GetFormFieldExportValue,
  } = pdfium;
  const read = (call: typeof FPDFAnnot_GetFormFieldName): string =>
    text((at, length) => call(form, annotation, at, length));
  const options = Math.max(0, pdfium.FPDFAnnot_GetOptionCount(form, annotation));
  return {
    name: read(FPDFAnnot_GetFormFieldName),
    tip: read(FPDFAnnot_GetFormFieldAlternateName),
    type: pdfium.FPDFAnnot_GetFormFieldType(form, annotation),
    flags: pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation),
    value: read(FPDFAnnot_GetFormFieldValue),
    exported: read(FPDFAnnot_GetFormFieldExportValue),
    isChecked: pdfium.FPDFAnnot_IsChecked(form, annotation),
    widgets: pdfium.FPDFAnnot_GetFormControlCount(form, annotation),
    options: Array.from({ length: options }, (_, index) => {
      const label = text((at, length) =>
        pdfium.FPDFAnnot_GetOptionLabel(form, annotation, index, at, length),
      );
      return pdfium.FPDFAnnot_IsOptionSelected(form, annotation, index) ? `> ${label}` : label;
    }),
  };
}

function structure(page: number): Element[] {
  const tree = pdfium.FPDF_StructTree_GetForPage(page);
  if (tree === 0) return [];
  const nodes = { left: NODES_MAX };
  try {
    return Array.from({ length: Math.max(0, pdfium.FPDF_StructTree_CountChildren(tree)) }, (_, index) =>
      pdfium.FPDF_StructTree_GetChildAtIndex(tree, index),
    )
      .filter((element) => element !== 0)
      .map((element) => readElement(element, nodes));
  } finally {
    pdfium.FPDF_StructTree_Close(tree);
  }
}

function readElement(element: number, nodes: { left: number }): Element {
  const {
    FPDF_StructElement_GetType,
    FPDF_StructElement_GetTitle,
    FPDF_StructElement_GetAltText,
    FPDF_StructElement_GetLang,
    FPDF_StructElement_GetID,
  } = pdfium;
  const read = (call: typeof FPDF_StructElement_GetType): string =>
    text((at, length) => call(element, at, length));
  const count = Math.max(0, pdfium.FPDF_StructElement_CountChildren(element));
  const kids: (Element | number)[] = [];
  for (let index = 0; index < count && nodes.left > 0; index++) {
    nodes.left--;
    const kid = pdfium.FPDF_StructElement_GetChildAtIndex(element, index);
    if (kid !== 0) kids.push(readElement(kid, nodes));
    else kids.push(pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index));
  }
  return {
    type: read(FPDF_StructElement_GetType),
    title: read(FPDF_StructElement_GetTitle),
    alternative: read(FPDF_StructElement_GetAltText),
    language: read(FPDF_StructElement_GetLang),
    id: read(FPDF_StructElement_GetID),
    kids,
  };
}

function draw(page: number, form: number, scale: number, pageWidth: number, pageHeight: number): string {
  const width = Math.max(1, Math.round(pageWidth * scale));
  const height = Math.max(1, Math.round(pageHeight * scale));
  const bitmap = pdfium.FPDFBitmap_Create(width, height, 0);
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, RENDER_ANNOTATIONS);
    pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, RENDER_ANNOTATIONS);
    const length = pdfium.FPDFBitmap_GetStride(bitmap) * height;
    const { HEAPU8 } = pdfium.pdfium as unknown as { readonly HEAPU8: Uint8Array };
    const at = pdfium.FPDFBitmap_GetBuffer(bitmap);
    return createHash('sha1')
      .update(`${width}x${height}`)
      .update(HEAPU8.subarray(at, at + length))
      .digest('hex');
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap);
  }
}
