import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openDocument, type OpenDocument } from '../../../src/engines/pdfium/child-document.ts';
import { OpenedPage } from '../../../src/engines/pdfium/child-page.ts';
import { OpenPages } from '../../../src/engines/pdfium/child-open-pages.ts';
import { dropPdfium, openPdfium, type Pdfium } from '../../../src/engines/pdfium/child-pdfium.ts';
import { documentOf, line, protectedDocument } from './documents.ts';
import { everything, textOf } from './open-page.ts';

const [fewPages, manyPages] = [300, 1_000];
/** Of the memory after few pages: what it may be after more than three times as many. */
const growthMax = 1.5;

describe('memory of PDFium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-memory-'));
  after(() => rmSync(folder, { recursive: true }));

  /** Bytes after all pages of a document were looked at by a new PDFium. */
  async function memoryAfter(count: number, asForms: boolean): Promise<number> {
    dropPdfium();
    const pdfium = await openPdfium();
    const document = opened(pdfium, largePages(count));
    const pages = new OpenPages(pdfium, document, { asForms });
    for (let index = 0; index < count; index++) {
      const page = new OpenedPage(pdfium, document, pages.open(index), index, everything);
      assert.equal(textOf(page.glyphs), `page ${index}`);
    }
    pages.close();
    document.close();
    return pdfium.bytes().length;
  }

  function opened(pdfium: Pdfium, bytes: Uint8Array, password = ''): OpenDocument {
    const path = join(folder, 'a.pdf');
    writeFileSync(path, bytes);
    const repairedPath = join(folder, 'repaired.pdf');
    return openDocument(pdfium, { path, repairedPath, password, heedsPermissions: false, repairs: false });
  }

  for (const asForms of [false, true])
    it(`does not grow with the number of pages that are ${asForms ? 'drawn' : 'read'}`, async () => {
      const few = await memoryAfter(fewPages, asForms);
      const many = await memoryAfter(manyPages, asForms);
      assert.ok(many <= growthMax * few, `${many} bytes after ${manyPages} pages, ${few} after ${fewPages}`);
    });

  it('forgets a document and knows it afterwards as before', async () => {
    const pdfium = await openPdfium();
    const bytes = documentOf([line('one', 50, 700), line('two', 50, 700)]);
    const cut = bytes.subarray(0, bytes.lastIndexOf('xref\n'));
    for (const [source, password] of [
      [protectedDocument(bytes, 'secret', true), 'secret'],
      [cut, ''],
    ] as const) {
      const document = opened(pdfium, source, password);
      const pages = new OpenPages(pdfium, document, { asForms: false });
      const read = (index: number) =>
        textOf(new OpenedPage(pdfium, document, pages.open(index), index, everything).glyphs);
      assert.equal(read(0), 'one');
      pages.close();
      document.renew();
      assert.deepEqual([read(1), read(0)], ['two', 'one']);
      pages.close();
      document.close();
    }
  });
});

/** Pages with resources that PDFium keeps 50 KB of. */
function largePages(count: number): Buffer {
  const numbers = Array.from({ length: 1_000 }, (_, index) => index).join(' ');
  const extra: Record<number, string> = {};
  const pages = Array.from({ length: count }, (_, index) => {
    const number = 10_000 + index;
    extra[number] = `<</Font<</F1 3 0 R>>/Properties<</P<</Numbers[${numbers}]>>>>>>`;
    return { content: line(`page ${index}`, 50, 700), entries: `/Resources ${number} 0 R` };
  });
  return documentOf(pages, { extra });
}
