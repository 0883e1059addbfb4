import * as core from '@octavo/pdf';
import type { Files } from '../../sandbox/child.ts';
import type { ReadingSettings } from '../capabilities.ts';
import { openDocument, type OpenDocument } from './child-document.ts';
import { type FileOut, openOut } from './child-out.ts';
import { OpenedPage } from './child-page.ts';
import { openPdfium, type Pdfium } from './child-pdfium.ts';
import { Remarks } from './child-remarks.ts';
import { inputName, type ReadRequest, repairedName, resultName } from './messages.ts';
import { writerFor } from './writers/index.ts';
import type { Page } from './page.ts';

/** What is done with each page. */
export type Take = (page: Page) => void | Promise<void>;

/** What is known before the first page. */
export interface Read {
  readonly pageCount: number;
  readonly warnings: readonly string[];
}

/** Writes pages of a document in another format. Throws PdfError, Refused, and errors of the system. */
export async function read(request: ReadRequest, files: Files, repairs: boolean): Promise<Read> {
  const opened: FileOut[] = [];
  try {
    return await readPages(request, files, repairs, async (pageCount, remarks) => {
      const { output, settings } = request;
      // What is refused leaves no file behind, as its job may come again with another document.
      const out = openOut(files.output(resultName));
      opened.push(out);
      const warn = (text: string) => remarks.sentence(text);
      const writer = await writerFor(output, { out, settings, pageCount, warn });
      return {
        page: (page) => writer.page(page, { picture: async () => undefined }),
        end: () => writer.end(),
      };
    });
  } finally {
    for (const out of opened) out.close();
  }
}

interface Reader {
  page: Take;
  end(): void | Promise<void>;
}

/** Opens the document and gives its pages one after the other; `begin` hears how many there will be. */
export async function readPages(
  request: Pick<ReadRequest, 'pages' | 'settings' | 'password'>,
  files: Files,
  repairs: boolean,
  begin: (pageCount: number, remarks: Remarks) => Promise<Reader>,
): Promise<Read> {
  const { settings, password } = request;
  const pdfium = await openPdfium();
  const document = openDocument(pdfium, {
    path: files.input(inputName),
    repairedPath: files.output(repairedName),
    password,
    heedsPermissions: settings.heedsPermissions,
    repairs,
  });
  try {
    const indexes = core.parsePageRanges(request.pages, document.pageCount, 0, core.defaultLimits.pagesMax);
    const remarks = new Remarks();
    for (const warning of document.warnings) remarks.sentence(warning);
    const reader = await begin(indexes.length, remarks);
    for (const index of indexes) await readPage(pdfium, document, index, settings, remarks, reader.page);
    await reader.end();
    return { pageCount: indexes.length, warnings: remarks.list() };
  } finally {
    document.close();
  }
}

async function readPage(
  pdfium: Pdfium,
  document: OpenDocument,
  index: number,
  settings: ReadingSettings,
  remarks: Remarks,
  take: Take,
): Promise<void> {
  const handle = pdfium.call.FPDF_LoadPage(document.handle, index);
  if (handle === 0) {
    remarks.page('unreadable', index);
    return take(emptyPage(index));
  }
  try {
    const page = new OpenedPage(pdfium, document, handle, index, settings);
    await take(page);
    if (page.isCut) remarks.page('cut', index);
    if (page.hasUnknown) remarks.page('unknown', index);
    if (settings.area === undefined && isOnlyPictures(page)) remarks.page('pictures', index);
  } finally {
    pdfium.call.FPDF_ClosePage(handle);
  }
}

function isOnlyPictures({ glyphs, pictures }: Page): boolean {
  return glyphs.every(({ text }) => text.trim() === '') && pictures.length > 0;
}

/** Stands for a page that cannot be read, so that all others keep their places. */
function emptyPage(index: number): Page {
  const none = { glyphs: [], styles: [], rulings: [], fills: [], pictures: [], fields: [], links: [] };
  return { index, width: 0, height: 0, ...none };
}
