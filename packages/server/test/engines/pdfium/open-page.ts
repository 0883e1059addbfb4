import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadingSettings } from '../../../src/engines/capabilities.ts';
import { openDocument } from '../../../src/engines/pdfium/child-document.ts';
import { OpenedPage } from '../../../src/engines/pdfium/child-page.ts';
import { openPdfium } from '../../../src/engines/pdfium/child-pdfium.ts';
import type { Glyph } from '../../../src/engines/pdfium/page.ts';
import { settings } from '../layout/made-page.ts';

/** Settings that leave everything as it is. */
export const everything: ReadingSettings = { ...settings, shrinkSpaces: true, removesHyphens: false };

/** Gives a page of a document to a test, while it is open. */
export async function withPage<Result>(
  bytes: Uint8Array,
  own: Partial<ReadingSettings>,
  take: (page: OpenedPage) => Result,
  index = 0,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-page-'));
  const path = join(folder, 'a.pdf');
  writeFileSync(path, bytes);
  const pdfium = await openPdfium();
  try {
    const opening = { path, repairedPath: join(folder, 'repaired.pdf'), password: '' };
    const document = openDocument(pdfium, { ...opening, heedsPermissions: false, repairs: false });
    const handle = pdfium.call.FPDF_LoadPage(document.handle, index);
    try {
      return take(new OpenedPage(pdfium, document, handle, index, { ...everything, ...own }));
    } finally {
      pdfium.call.FPDF_ClosePage(handle);
      document.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The text of glyphs in their order. */
export function textOf(glyphs: readonly Glyph[]): string {
  return glyphs.map(({ text }) => text).join('');
}
