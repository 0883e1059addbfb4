import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildPdf, type Objects } from '../builder.ts';
import { generate } from '../generator/document.ts';
import { difference } from './qpdf-same.ts';
import { readQpdf, withoutQpdf } from './qpdf.ts';

const objects: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R /PageLabels << /Nums [0 << /S /r >>] >> /Outlines 8 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 9 9] /Rotate 90 >>',
  3: '<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Annots [7 0 R] >>',
  4: '<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Annots [7 0 R] >>',
  5: { dictionary: '', data: '0 g' },
  6: { dictionary: '', data: '1 g' },
  7: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [4 0 R /Fit] >>',
  8: '<< /First 9 0 R /Last 9 0 R /Count 1 >>',
  9: '<< /Title (item) /Parent 8 0 R /Dest [3 0 R /Fit] >>',
};

const note = '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [4 0 R /Fit] >>';
const edit = (number: number, from: string, to: string): Objects => {
  const text = objects[number] as string;
  assert.ok(text.includes(from));
  return { ...objects, [number]: text.replace(from, to) };
};

const changes: readonly [what: string, changed: Objects, where: string][] = [
  ['data of a stream', { ...objects, 5: { dictionary: '', data: '1 g' } }, 'pages/0/Contents'],
  ['the order of pages', edit(2, '3 0 R 4 0 R', '4 0 R 3 0 R'), 'pages/0/Contents'],
  ['what pages inherit', edit(2, '/Rotate 90', '/Rotate 0'), 'pages/0/Rotate'],
  ['a label', edit(1, '/S /r', '/S /R'), 'labels/0/1/S'],
  ['where a link leads', edit(7, '4 0 R', '3 0 R'), 'pages/0/Annots/0/Dest/0'],
  ['a title', edit(9, '(item)', '(other)'), 'catalog/Outlines/First/Title'],
  ['an entry that is gone', edit(9, '/Dest [3 0 R /Fit]', ''), 'catalog/Outlines/First/Dest'],
  ['one annotation that became two', { ...edit(4, '7 0 R', '10 0 R'), 10: note }, 'pages/1/Annots/0'],
];

describe('what qpdf reads', { skip: withoutQpdf }, () => {
  it('is the same however it is written', async () => {
    const plain = await readQpdf(buildPdf(objects));
    assert.equal(plain.complaints, '');
    assert.equal(difference(plain, await readQpdf(buildPdf(objects, { objectStreamSize: 3 }))), undefined);
    const own = edit(3, '/Parent 2 0 R', '/Parent 2 0 R /MediaBox [0 0 9 9] /Rotate 90');
    const moved = buildPdf({
      ...own,
      2: (own[2] as string).replace('[3 0 R 4 0 R]', '[10 0 R 4 0 R]'),
      10: '<< /Type /Pages /Parent 2 0 R /Kids [3 0 R] /Count 1 >>',
    });
    assert.equal(difference(plain, await readQpdf(moved)), undefined);
  });

  for (const [what, changed, where] of changes)
    it(`is another thing with another: ${what}`, async () => {
      const [before, after] = await Promise.all([readQpdf(buildPdf(objects)), readQpdf(buildPdf(changed))]);
      assert.equal(difference(before, after)?.split(':')[0], where);
    });

  it('opens what the generator encrypts', async () => {
    const locked = [...Array(50).keys()].map(generate).find(({ password }) => password !== '')!;
    assert.ok((await readQpdf(locked.bytes, locked.password)).objects.size > 5);
    await assert.rejects(readQpdf(locked.bytes, 'wrong'), /invalid password/);
  });
});
