import type { OpenDocument } from './child-document.ts';
import { readText, type Text, type TextReading } from './child-page-glyphs.ts';
import { eachAnnotation } from './child-page-links.ts';
import { type Pdfium, withBytes } from './child-pdfium.ts';

/** Kinds of annotations, of fields and of objects as PDFium counts them. */
const kind = { link: 2, popup: 16, widget: 20 };
const fieldKind = { comboBox: 4, listBox: 5, text: 6 };
const objectKind = { text: 1, form: 5 };
const objectsMax = 100_000;
const nestingMax = 16;

/**
 * Reads what annotations and fields of an open page show as text. Their appearances become a part of the page in a copy of it, as
 * PDFium reads only the text of pages; undefined where there is none.
 */
export function readAnnotationText(
  pdfium: Pdfium,
  document: OpenDocument,
  page: number,
  index: number,
  reading: TextReading,
): Text | undefined {
  if (!showsMore(pdfium, document, page)) return undefined;
  const { call } = pdfium;
  const copy = call.FPDF_CreateNewDocument();
  if (copy === 0) return undefined;
  try {
    const isCopied = withBytes(pdfium, 4, (at) => {
      pdfium.integers()[at >> 2] = index;
      return call.FPDF_ImportPagesByIndex(copy, document.handle, at, 1, 0);
    });
    if (isCopied === 0 || !flatten(pdfium, copy)) return undefined;
    return withPage(pdfium, copy, (flat) =>
      readText(pdfium, flat, { ...reading, annotations: annotationObjects(pdfium, flat) }),
    );
  } finally {
    call.FPDF_CloseDocument(copy);
  }
}

/** Whether an annotation draws something that is not a part of the page; fields that have only a value get an appearance. */
function showsMore(pdfium: Pdfium, { form }: OpenDocument, page: number): boolean {
  const { call } = pdfium;
  let shows = false;
  eachAnnotation(pdfium, page, (annotation) => {
    const subtype = call.FPDFAnnot_GetSubtype(annotation);
    if (subtype === kind.link || subtype === kind.popup) return;
    if (subtype === kind.widget && call.EPDFAnnot_HasAppearanceStream(annotation, 0) === 0) {
      const type = call.FPDFAnnot_GetFormFieldType(form, annotation);
      const hasText = type === fieldKind.text || type === fieldKind.comboBox || type === fieldKind.listBox;
      if (hasText) call.EPDFAnnot_GenerateFormFieldAP(annotation);
    }
    shows ||= call.FPDFAnnot_GetObjectCount(annotation) > 0;
  });
  return shows;
}

/** Makes annotations a part of the first page; false where there are none to be seen. */
function flatten(pdfium: Pdfium, document: number): boolean {
  const [forDisplay, done] = [0, 1];
  return (
    withPage(pdfium, document, (page) => pdfium.call.FPDFPage_Flatten(page, forDisplay) === done) === true
  );
}

function withPage<Result>(
  { call }: Pdfium,
  document: number,
  step: (page: number) => Result,
): Result | undefined {
  const page = call.FPDF_LoadPage(document, 0);
  if (page === 0) return undefined;
  try {
    return step(page);
  } finally {
    call.FPDF_ClosePage(page);
  }
}

/** The text objects of what was made a part of a page: all in one form, which is drawn last. */
function annotationObjects({ call }: Pdfium, page: number): ReadonlySet<number> {
  const found = new Set<number>();
  let left = objectsMax;
  const add = (object: number, nesting: number): void => {
    const type = call.FPDFPageObj_GetType(object);
    if (type === objectKind.text) found.add(object);
    if (type !== objectKind.form || nesting > nestingMax) return;
    const count = call.FPDFFormObj_CountObjects(object);
    for (let index = 0; index < count && (left -= 1) > 0; index++)
      add(call.FPDFFormObj_GetObject(object, index), nesting + 1);
  };
  const last = call.FPDFPage_CountObjects(page) - 1;
  if (last >= 0) add(call.FPDFPage_GetObject(page, last), 0);
  return found;
}
