import { rmSync } from 'node:fs';
import * as core from '@octavo/pdf';
import type { Files } from '../../sandbox/child.ts';
import { openDocument } from './child-document.ts';
import { openPdfium } from './child-pdfium.ts';
import { Remarks, warningsOf } from './remarks.ts';
import { pack } from './child-render-pack.ts';
import { drawPages, type Take } from './child-render-pages.ts';
import { inputName, repairedName } from './messages.ts';
import { pictureName, type RenderReply, type RenderRequest, tiffName } from './render-messages.ts';
import { TiffPages } from './tiff-pages.ts';

/** Makes pictures of pages, or one TIFF of all. Throws PdfError, Refused, and errors of the system. */
export async function render(request: RenderRequest, files: Files, repairs: boolean): Promise<RenderReply> {
  const { pages, from, count, password, settings } = request;
  const pdfium = await openPdfium();
  const document = openDocument(pdfium, {
    path: files.input(inputName),
    repairedPath: files.output(repairedName),
    password,
    heedsPermissions: false,
    repairs,
  });
  const tiff = settings.as === 'tiff' ? new TiffPages(files.output(tiffName)) : undefined;
  const take: Take = async (samples, { resolution }, position) => {
    const path = files.output(pictureName(from + position));
    await pack(samples, { ...settings, resolution }, path);
    if (tiff === undefined) return;
    tiff.add(path);
    rmSync(path);
  };
  try {
    const indexes = core.parsePageRanges(pages, document.pageCount, 0, core.defaultLimits.pagesMax);
    const remarks = new Remarks();
    for (const warning of document.warnings) remarks.sentence(warning);
    const some = indexes.slice(from, from + count);
    const drawn = await drawPages({ pdfium, document, settings, remarks }, some, take);
    return { pageCount: indexes.length, warnings: warningsOf([remarks.noticed()]), drawn };
  } finally {
    tiff?.close();
    document.close();
  }
}
