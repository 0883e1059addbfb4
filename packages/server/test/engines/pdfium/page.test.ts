import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Glyph, Page } from '../../../src/engines/pdfium/page.ts';
import { documentOf, line } from './documents.ts';
import { textOf, withPage } from './open-page.ts';

const rounded = ({ x, y, angle }: Glyph) => [Math.round(x), Math.round(y), angle];
const firstAt = (page: Page) => rounded(page.glyphs[0] as Glyph);

describe('where glyphs are', () => {
  it('counts from the upper left corner, y down', async () => {
    const bytes = documentOf([line('Ab', 50, 700, 20)]);
    const page = await withPage(bytes, {}, (each) => ({ ...each, glyphs: each.glyphs, width: each.width }));
    const [first, second] = page.glyphs;
    assert.deepEqual(page.glyphs.map(rounded), [
      [50, 100, 0],
      [63, 100, 0],
    ]);
    assert.equal(page.width, 600);
    assert.ok(first && second && first.top < 100 && first.bottom > 100);
    assert.ok(Math.abs(first.right - second.left) < 0.01, 'boxes go over the advance');
    assert.ok(first.bottom - first.top > 18, 'and from ascent to descent');
  });

  for (const [rotate, where] of [
    [0, [50, 100, 0]],
    [90, [700, 50, 90]],
    [180, [550, 700, 180]],
    [270, [100, 550, 270]],
  ] as const)
    it(`turns with the page: /Rotate ${rotate}`, async () => {
      const turned = documentOf([{ content: line('A', 50, 700), entries: `/Rotate ${rotate}` }]);
      assert.deepEqual(await withPage(turned, {}, firstAt), where);
      const asked = documentOf([line('A', 50, 700)]);
      assert.deepEqual(await withPage(asked, { rotation: rotate }, firstAt), where);
    });

  it('has nothing of what lies outside of the crop box', async () => {
    const content = `${line('Shown', 50, 700)} ${line('Cut', 350, 700)} ${line('Cut', 50, 720)}`;
    const bytes = documentOf([{ content, entries: '/CropBox[40 0 340 710]' }]);
    assert.equal(await withPage(bytes, {}, ({ glyphs }) => textOf(glyphs)), 'Shown');
  });

  it('counts from the crop box', async () => {
    const bytes = documentOf([{ content: line('A', 50, 700), entries: '/CropBox[40 0 340 710]' }]);
    assert.deepEqual(
      await withPage(bytes, {}, (page) => [page.width, page.height, ...firstAt(page)]),
      [300, 710, 10, 10, 0],
    );
  });

  it('follows matrices, also of form XObjects', async () => {
    const bytes = documentOf(['q 2 0 0 2 100 100 cm /X Do Q'], {
      resources: '/XObject<</X 100 0 R>>',
      extra: {
        100: [
          '/Type/XObject/Subtype/Form/BBox[0 0 200 200]/Matrix[1 0 0 1 10 0]/Resources<</Font<</F1 3 0 R>>>>',
          line('A', 5, 50, 10),
        ],
      },
    });
    const [where, size] = await withPage(bytes, {}, (page) => [firstAt(page), page.styles[0]?.size]);
    assert.deepEqual(where, [130, 600, 0]);
    assert.equal(size, 20);
  });

  it('says how text is turned', async () => {
    const bytes = documentOf(['BT /F1 12 Tf 0 1 -1 0 300 400 Tm (up) Tj ET']);
    assert.deepEqual(await withPage(bytes, {}, firstAt), [300, 400, 270]);
  });

  it('reads an area alone', async () => {
    const bytes = documentOf([line('inside', 50, 700) + line('outside', 50, 600)]);
    const area = { left: 0, top: 80, width: 600, height: 40 };
    assert.equal(await withPage(bytes, { area }, (page) => textOf(page.glyphs)), 'inside');
  });
});

describe('what glyphs say', () => {
  const show = (code: string) => documentOf([`BT /F3 20 Tf 50 700 Td (${code}) Tj ET`]);

  it('keeps together what one glyph stands for', async () => {
    const texts = await withPage(show('ABE'), {}, (page) => page.glyphs.map(({ text }) => text));
    assert.deepEqual(texts, ['ffi', '\u{1f600}', 'fi']);
  });

  it('reads right-to-left letters', async () => {
    const glyphs = await withPage(show('CD'), {}, (page) => page.glyphs);
    const shown = glyphs.toSorted((one, other) => one.x - other.x);
    assert.equal(textOf(shown), '\u05d0\u05d1');
  });

  it('says that it does not know a character, and goes on', async () => {
    const [text, hasUnknown] = await withPage(show('A\\001A'), {}, (page) => [
      textOf(page.glyphs),
      page.hasUnknown,
    ]);
    assert.deepEqual([text, hasUnknown], ['ffi\ufffdffi', true]);
  });

  it('takes the words of /ActualText, each letter in its place', async () => {
    const bytes = documentOf(['BT /F1 20 Tf 50 700 Td /Span<</ActualText(abc)>>BDC (xyzw) Tj EMC ET']);
    const glyphs = await withPage(bytes, {}, (page) => page.glyphs);
    assert.equal(textOf(glyphs), 'abc');
    assert.ok(glyphs.every(({ x }, index) => index === 0 || x > (glyphs[index - 1] as Glyph).x));
  });

  it('leaves out the blanks and lines that PDFium makes up, and keeps hyphens and blanks of the page', async () => {
    const bytes = documentOf(['BT /F1 20 Tf 50 700 Td (exam-) Tj 0 -20 Td (ple) Tj 200 0 Td (a b) Tj ET']);
    assert.equal(await withPage(bytes, {}, (page) => textOf(page.glyphs)), 'exam-plea b');
  });
});

describe('how glyphs look', () => {
  it('reads name, size, weight, slant and colour', async () => {
    const bytes = documentOf([`${line('a', 50, 700)} 1 0 0 rg BT /F2 9 Tf 50 600 Td (b) Tj ET`]);
    assert.deepEqual(await withPage(bytes, {}, (page) => page.styles), [
      { font: 'Helvetica', size: 12, isBold: false, isItalic: false, color: '#000000', isInvisible: false },
      {
        font: 'Helvetica-BoldOblique',
        size: 9,
        isBold: true,
        isItalic: true,
        color: '#ff0000',
        isInvisible: false,
      },
    ]);
  });

  for (const [what, operators] of [
    ['by its rendering mode', '3 Tr'],
    ['by its transparency', '/G gs'],
  ])
    it(`leaves out text that is invisible ${what} where that is asked for`, async () => {
      const bytes = documentOf([`${line('seen', 50, 700)}BT /F1 12 Tf ${operators} 50 650 Td (not) Tj ET`], {
        resources: '/ExtGState<</G<</ca 0>>>>',
      });
      const [text, look] = await withPage(bytes, {}, (page) => [textOf(page.glyphs), page.styles[1]]);
      assert.equal(text, 'seennot');
      assert.equal((look as Page['styles'][number]).isInvisible, true);
      assert.equal(await withPage(bytes, { invisibleText: false }, (page) => textOf(page.glyphs)), 'seen');
    });

  it('leaves out shadows where that is asked for: what lies on top stays', async () => {
    // Between text and its shadow lies so much that PDFium sees no doubling.
    const between = Array.from({ length: 8 }, (_, index) => line(`line ${index}`, 50, 600 - index * 20));
    const content = `0.5 g ${line('Title', 51, 699, 20)}${between.join('')}0 g ${line('Title', 50, 700, 20)}`;
    const titles = (page: Page) =>
      page.glyphs.filter(({ text }) => text === 'T').map(({ style }) => page.styles[style]?.color);
    assert.deepEqual(await withPage(documentOf([content]), {}, titles), ['#808080', '#000000']);
    assert.deepEqual(await withPage(documentOf([content]), { shadowText: false }, titles), ['#000000']);
    const apart = documentOf([line('1', 50, 700) + line('1', 57, 700) + line('1', 50, 690)]);
    assert.equal(await withPage(apart, { shadowText: false }, (page) => textOf(page.glyphs)), '111');
  });
});

describe('layers', () => {
  const content = `/OC /L BDC ${line('draft', 50, 700)} 50 600 m 200 600 l S EMC /OC /M BDC ${line('final', 50, 650)} EMC`;
  const layered = (off: string) =>
    documentOf([content], {
      catalog: `/OCProperties<</OCGs[100 0 R 101 0 R]/D<</OFF[${off}]>>>>`,
      resources: '/Properties<</L 100 0 R/M 101 0 R>>',
      extra: { 100: '<</Type/OCG/Name(Draft)>>', 101: '<</Type/OCG/Name(Final)>>' },
    });
  const read = (off: string) =>
    withPage(layered(off), {}, (page) => [textOf(page.glyphs), page.rulings.length]);

  it('that are not shown are not read', async () => {
    assert.deepEqual(await read('100 0 R'), ['final', 0]);
    assert.deepEqual(await read('101 0 R'), ['draft', 1]);
    assert.deepEqual(await read(''), ['draftfinal', 1]);
  });
});
