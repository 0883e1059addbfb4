import { PdfError } from '@octavo/pdf';
import { type Files, serve } from '../../sandbox/child.ts';
import { refusalOf } from '../../sandbox/refusal.ts';
import { find, findTables } from './child-find.ts';
import { dropPdfium, isBreakdown, openPdfium } from './child-pdfium.ts';
import { read } from './child-read.ts';
import { render } from './child-render.ts';
import type { PdfiumReply, PdfiumRequest } from './messages.ts';

// Runs in a box: all that reads documents.
await serve(async (message, files): Promise<PdfiumReply> => {
  try {
    const request = message as PdfiumRequest;
    return await withPdfium((repairs) => answer(request, files, repairs));
  } catch (error) {
    return { refused: refusalOf(error, PdfError) };
  }
});

function answer(request: PdfiumRequest, files: Files, repairs: boolean): Promise<PdfiumReply> {
  switch (request.does) {
    case 'read':
      return read(request, files, repairs);
    case 'find':
      return find(request, files, repairs);
    case 'find-tables':
      return findTables(request, files, repairs);
    case 'render':
      return render(request, files, repairs);
    case 'probe':
      return openPdfium().then(() => ({ pageCount: 0, next: 0, noticed: { sentences: [], pages: {} } }));
  }
}

/** A document over which PDFium breaks down is repaired first, and tried once more. */
async function withPdfium(attempt: (repairs: boolean) => Promise<PdfiumReply>): Promise<PdfiumReply> {
  try {
    return await attempt(false);
  } catch (error) {
    if (!isBreakdown(error)) throw error;
    dropPdfium();
  }
  try {
    return await attempt(true);
  } catch (error) {
    if (!isBreakdown(error)) throw error;
    dropPdfium();
    throw new PdfError('limit', 'It is too complex or too damaged for PDFium.', { cause: error });
  }
}
