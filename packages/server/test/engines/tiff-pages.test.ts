import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import sharp from 'sharp';
import { TiffPages } from '../../src/engines/pdfium/tiff-pages.ts';

describe('a TIFF of many pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-tiff-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'all.tiff');

  async function pageOf(number: number, options: Parameters<ReturnType<typeof sharp>['tiff']>[0]) {
    // Odd sizes, so that a page ends where no other may begin.
    const size = { width: 31 + number * 40, height: 700 + number };
    const background = { r: number * 40, g: 200, b: 255 - number * 40 };
    const page = join(folder, `page-${number}`);
    await sharp({ create: { ...size, channels: 3, background } })
      .tiff(options)
      .toFile(page);
    return page;
  }

  for (const compression of ['lzw', 'none', 'packbits', 'jpeg', 'deflate'] as const)
    it(`has each page as it was, packed by ${compression}`, async () => {
      const pages = await Promise.all([0, 1, 2, 3].map((number) => pageOf(number, { compression })));
      const all = new TiffPages(path);
      for (const page of pages) all.add(page);
      all.close();
      assert.equal((await sharp(path).metadata()).pages, 4);
      for (const [page, one] of pages.entries())
        assert.deepEqual(await sharp(path, { page }).raw().toBuffer(), await sharp(one).raw().toBuffer());
    });

  it('refuses what is no page, and one that ends too early', async () => {
    const whole = readFileSync(await pageOf(1, { compression: 'lzw' }));
    for (const bytes of [Buffer.from('MM\0*\0\0\0\x08 another order of bytes'), whole.subarray(0, 40)]) {
      const odd = join(folder, 'odd');
      writeFileSync(odd, bytes);
      const all = new TiffPages(path);
      assert.throws(() => all.add(odd));
      all.close();
    }
  });
});
