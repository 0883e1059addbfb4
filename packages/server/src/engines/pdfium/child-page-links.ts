import { boxOf, isRead, type Shown } from './child-page-place.ts';
import { narrowText, type Pdfium } from './child-pdfium.ts';
import type { Link } from './page.ts';

/** Kind of an annotation, and of an action, as PDFium counts them. */
const linkKind = 2;
const uriAction = 3;
/** Annotations of one page that are looked at. */
const annotationsMax = 20_000;

/** Reads the link annotations of an open page (ISO 32000-2, 12.5.6.5). */
export function readLinks(pdfium: Pdfium, document: number, page: number, shown: Shown): Link[] {
  const links: Link[] = [];
  eachAnnotation(pdfium, page, (annotation) => {
    if (pdfium.call.FPDFAnnot_GetSubtype(annotation) !== linkKind) return;
    const link = readLink(pdfium, document, annotation, shown);
    if (link !== undefined && isRead(shown, link)) links.push(link);
  });
  return links;
}

/** Gives the annotations of an open page, one after the other. */
export function eachAnnotation(pdfium: Pdfium, page: number, take: (annotation: number) => void): void {
  const { call } = pdfium;
  const count = Math.min(call.FPDFPage_GetAnnotCount(page), annotationsMax);
  for (let index = 0; index < count; index++) {
    const annotation = call.FPDFPage_GetAnnot(page, index);
    if (annotation === 0) continue;
    take(annotation);
    call.FPDFPage_CloseAnnot(annotation);
  }
}

/** Undefined for one without a place, and for one that leads neither to a page of the document nor to an address. */
function readLink(pdfium: Pdfium, document: number, annotation: number, shown: Shown): Link | undefined {
  const { call, scratch } = pdfium;
  if (call.FPDFAnnot_GetRect(annotation, scratch) === 0) return undefined;
  const [left = 0, top = 0, right = 0, bottom = 0] = pdfium.floats().subarray(scratch >> 2);
  const box = boxOf(shown.matrix, left, top, right, bottom);
  const link = call.FPDFAnnot_GetLink(annotation);
  if (link === 0) return undefined;
  const action = call.FPDFLink_GetAction(link);
  if (action !== 0 && call.FPDFAction_GetType(action) === uriAction) {
    const uri = narrowText(pdfium, (at, length) => call.FPDFAction_GetURIPath(document, action, at, length));
    return uri === '' ? undefined : { ...box, uri, pageIndex: undefined };
  }
  const own = call.FPDFLink_GetDest(document, link);
  const destination = own === 0 && action !== 0 ? call.FPDFAction_GetDest(document, action) : own;
  const pageIndex = destination === 0 ? -1 : call.FPDFDest_GetDestPageIndex(document, destination);
  return pageIndex < 0 ? undefined : { ...box, uri: '', pageIndex };
}
