import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropPdfium, isBreakdown, openPdfium } from '../../../src/engines/pdfium/child-pdfium.ts';
import { documentOf, line } from './documents.ts';
import { textOf, withPage } from './open-page.ts';

const bytes = documentOf([
  {
    content: line('fine', 50, 700),
    entries: `/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.com/${'x'.repeat(10_000)})>>>>]`,
  },
]);

describe('PDFium', () => {
  it('is started anew after it broke down', async () => {
    const broken = await openPdfium();
    const outside = broken.bytes().length + 1_024;
    assert.throws(() => broken.call.FPDF_GetPageCount(outside), isBreakdown);
    dropPdfium();
    assert.notEqual(await openPdfium(), broken);
    assert.equal(await withPage(bytes, {}, (page) => textOf(page.glyphs)), 'fine');
  });

  it('is one for all documents otherwise', async () => {
    const one = await openPdfium();
    await withPage(bytes, {}, (page) => page.glyphs);
    assert.equal(await openPdfium(), one);
    assert.equal(isBreakdown(new TypeError('x')), false);
  });

  it('writes texts that are longer than its usual place for them', async () => {
    const [link] = await withPage(bytes, {}, (page) => page.links);
    assert.equal(link?.uri.length, 'https://example.com/'.length + 10_000);
  });
});
