import * as core from '@octavo/pdf';
import { type Files, stepDone } from '../../sandbox/child.ts';
import { openDocument, type OpenDocument } from './child-document.ts';
import { OpenedPage } from './child-page.ts';
import { OpenPages } from './child-open-pages.ts';
import { isBreakdown, openPdfium } from './child-pdfium.ts';
import { inputName, type PagesReply, type PagesRequest, repairedName } from './messages.ts';
import { isToBeDivided } from './pace.ts';
import type { Page } from './page.ts';
import { Remarks } from './remarks.ts';

/** What is done with pages, one after the other. */
export interface PageReader {
  page(page: Page): void | Promise<void>;
  /** After the last one that was asked for in all. */
  end(): void | Promise<void>;
}

/**
 * Opens the document of a call and gives a reader the pages of a part; `begin` hears how many there are in all parts. Throws PdfError,
 * and Refused where the document forbids to be read.
 */
export async function readPages(
  { pages, settings, password, part }: PagesRequest,
  files: Files,
  repairs: boolean,
  begin: (pageCount: number, remarks: Remarks) => PageReader | Promise<PageReader>,
): Promise<PagesReply> {
  const pdfium = await openPdfium();
  const document = openDocument(pdfium, {
    path: files.input(inputName),
    repairedPath: files.output(repairedName),
    password,
    heedsPermissions: settings.heedsPermissions,
    repairs,
  });
  const open = new OpenPages(pdfium, document, { asForms: false });
  const pageAt = (index: number) => {
    const handle = open.open(index);
    return handle === 0 ? undefined : new OpenedPage(pdfium, document, handle, index, settings);
  };
  try {
    const reply = await readOpen(pageAt, document, { pages, part }, begin);
    open.close();
    document.close();
    return reply;
  } catch (error) {
    // Of a PDFium that broke down nothing is asked any more.
    if (isBreakdown(error)) document.letGo();
    else {
      open.close();
      document.close();
    }
    throw error;
  }
}

async function readOpen(
  pageAt: (index: number) => OpenedPage | undefined,
  document: OpenDocument,
  { pages, part }: Pick<PagesRequest, 'pages' | 'part'>,
  begin: (pageCount: number, remarks: Remarks) => PageReader | Promise<PageReader>,
): Promise<PagesReply> {
  const start = performance.now();
  const { pagesMax } = core.defaultLimits;
  if (document.pageCount > pagesMax)
    throw new core.PdfError('limit', `The document has more than ${pagesMax} pages.`);
  const indexes = core.parsePageRanges(pages, document.pageCount, 0, pagesMax);
  const remarks = new Remarks();
  for (const warning of document.warnings) remarks.sentence(warning);
  const reader = await begin(indexes.length, remarks);
  let next = part.from;
  const pace = () => ({ ms: performance.now() - start, done: next - part.from, left: indexes.length - next });
  for (const index of indexes.slice(part.from, part.to)) {
    if (isToBeDivided(part.msMax, pace())) break;
    next += 1;
    stepDone();
    await give(pageAt(index), index, reader, remarks);
  }
  stepDone();
  if (next === indexes.length) await reader.end();
  return { pageCount: indexes.length, next, noticed: remarks.noticed() };
}

async function give(
  page: OpenedPage | undefined,
  index: number,
  reader: PageReader,
  remarks: Remarks,
): Promise<void> {
  await reader.page(page ?? emptyPage(index));
  if (page === undefined) return remarks.page('unreadable', index);
  if (page.isCut) remarks.page('cut', index);
  if (page.hasUnknown) remarks.page('unknown', index);
  if (page.isOnlyPictures) remarks.page('pictures', index);
}

/** Stands for a page that cannot be read, so that all others keep their places. */
export function emptyPage(index: number): Page {
  const none = { glyphs: [], styles: [], rulings: [], fills: [], pictures: [], fields: [], links: [] };
  return { index, width: 0, height: 0, ...none };
}
