import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { document } from '../carriers/result.ts';
import { generate } from '../generator/document.ts';
import { mergeAndInspect } from '../inspect.ts';
import { assertMerged } from './merged.ts';
import { pdfium, withBytes } from './pdfium-memory.ts';
import { PdfiumError, readPdfium } from './pdfium.ts';

const outlined = (title: string): Buffer =>
  document('/Outlines 10 0 R', '/Contents 12 0 R', {
    10: '<< /First 11 0 R /Last 11 0 R /Count 1 >>',
    11: `<< /Title (${title}) /Parent 10 0 R /Dest [3 0 R /XYZ 1 2 null] >>`,
    12: { dictionary: '', data: `0.${title.length} g 10 10 50 50 re f` },
  });

describe('the second reader', () => {
  it('reads what a document is', () => {
    const { pages, bookmarks, isSound } = readPdfium(outlined('one'));
    assert.equal(isSound, true);
    assert.deepEqual([pages[0]!.width, pages[0]!.height], [200, 100]);
    const target = { page: 0, view: 1, parameters: [1, 2, -1] };
    assert.deepEqual(bookmarks, [{ title: 'one', target, count: 0, kids: [] }]);
  });

  it('draws what is different differently', () => {
    const pixels = (title: string): string => readPdfium(outlined(title)).pages[0]!.pixels;
    assert.equal(pixels('one'), pixels('two'));
    assert.notEqual(pixels('one'), pixels('three'));
  });

  it('says why a file does not open', () => {
    const locked = [...Array(50).keys()].map(generate).find(({ password }) => password !== '')!;
    const code = (expected: number) => (error: unknown) =>
      error instanceof PdfiumError && error.code === expected;
    assert.throws(() => readPdfium(Buffer.from('no PDF')), code(3));
    assert.throws(() => readPdfium(locked.bytes, { password: 'wrong' }), code(4));
    assert.equal(readPdfium(locked.bytes, locked).isEncrypted, true);
  });

  it('gives back the memory that it takes', () => {
    const size = (): number => (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8.length;
    const { bytes, password } = generate(17);
    readPdfium(bytes, { password });
    const before = size();
    for (let count = 0; count < 100; count++) readPdfium(bytes, { password, pixels: 0 });
    for (let count = 0; count < 100; count++)
      assert.throws(() =>
        withBytes(1 << 20, () => {
          throw new Error('a step that fails');
        }),
      );
    assert.ok(size() - before < 1 << 20, `${size()} after ${before}`);
  });

  it('tells a merge that lost or mixed up something', () => {
    const [one, two] = [outlined('one'), outlined('three')];
    const [first, second] = [readPdfium(one), readPdfium(two)];
    const result = readPdfium(mergeAndInspect([one, two]).bytes);
    assertMerged([first, second], result);
    assert.throws(() => assertMerged([second, first], result));
    assert.throws(() => assertMerged([first], result));
    assert.throws(() => assertMerged([first, second], { ...result, bookmarks: result.bookmarks.slice(1) }));
    assert.throws(() =>
      assertMerged([first, second], { ...result, destinations: new Map([['x', undefined]]) }),
    );
  });
});
