import { rmSync } from 'node:fs';
import * as core from '@octavo/pdf';
import type { Files } from '../../sandbox/child.ts';
import { Refused } from '../../sandbox/refusal.ts';
import { openDocument, type OpenDocument } from './child-document.ts';
import { isBreakdown, openPdfium, type Pdfium } from './child-pdfium.ts';
import { pack } from './child-render-pack.ts';
import { drawPages, type Take } from './child-render-pages.ts';
import { inputName, repairedName } from './messages.ts';
import { Remarks } from './remarks.ts';
import {
  pictureName,
  picturesMax,
  type RenderReply,
  type RenderRequest,
  tiffName,
} from './render-messages.ts';
import { TiffPages } from './tiff-pages.ts';

/** Makes pictures of pages, or one TIFF of all. Throws PdfError, Refused, and errors of the system. */
export async function render(request: RenderRequest, files: Files, repairs: boolean): Promise<RenderReply> {
  const pdfium = await openPdfium();
  const document = openDocument(pdfium, {
    path: files.input(inputName),
    repairedPath: files.output(repairedName),
    password: request.password,
    heedsPermissions: false,
    repairs,
  });
  try {
    const reply = await renderOpen(pdfium, document, request, files);
    document.close();
    return reply;
  } catch (error) {
    // Of a PDFium that broke down nothing is asked any more.
    if (isBreakdown(error)) document.letGo();
    else document.close();
    throw error;
  }
}

async function renderOpen(
  pdfium: Pdfium,
  document: OpenDocument,
  { pages, part, settings }: RenderRequest,
  files: Files,
): Promise<RenderReply> {
  const indexes = core.parsePageRanges(pages, document.pageCount, 0, core.defaultLimits.pagesMax);
  if (indexes.length > picturesMax)
    throw new Refused('limit', `There would be more than ${picturesMax} pictures.`);
  const remarks = new Remarks();
  for (const warning of document.warnings) remarks.sentence(warning);
  const tiff = settings.as === 'tiff' ? new TiffPages(files.output(tiffName)) : undefined;
  const take: Take = async (samples, { resolution }, position) => {
    const path = files.output(pictureName(part.from + position));
    await pack(samples, { ...settings, resolution }, path);
    if (tiff === undefined) return;
    tiff.add(path);
    rmSync(path);
  };
  try {
    const some = indexes.slice(part.from, part.to);
    const drawn = await drawPages({ pdfium, document, settings, remarks }, some, part.msMax, take);
    const next = part.from + drawn.length;
    return { pageCount: indexes.length, next, noticed: remarks.noticed(), drawn };
  } finally {
    tiff?.close();
  }
}
