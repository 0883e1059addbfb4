import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentOf, line } from './documents.ts';
import { textOf, withPage } from './open-page.ts';

const appearance = (text: string) =>
  [
    '/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 3 0 R>>>>',
    `BT /F1 10 Tf 2 5 Td (${text}) Tj ET`,
  ] as const;
const widget = (entries: string) => `<</Type/Annot/Subtype/Widget/P 1000 0 R ${entries}>>`;

/** A page of its own text, with annotations: the numbers of the objects are from 101 on. */
function annotated(
  annotations: readonly string[],
  streams: Record<number, readonly [string, string]> = {},
  entries = '',
) {
  const numbers = annotations.map((_, index) => `${101 + index} 0 R`).join(' ');
  const objects = Object.fromEntries(annotations.map((text, index) => [101 + index, text]));
  return documentOf([{ content: line('page', 50, 700), entries: `${entries}/Annots[${numbers}]` }], {
    catalog: `/AcroForm<</Fields[${numbers}]/DR<</Font<</Helv 3 0 R>>>>/DA(/Helv 10 Tf 0 g)>>`,
    extra: { ...objects, ...streams },
  });
}

describe('text of annotations', () => {
  const freeText = '<</Type/Annot/Subtype/FreeText/Rect[100 500 300 540]/Contents(x)/AP<</N 200 0 R>>';
  const bytes = annotated([`${freeText}>>`, `${freeText}/F 2>>`], { 200: appearance('typed') });

  it('stands where it is shown, and is told apart', async () => {
    const { glyphs, own } = await withPage(bytes, {}, (page) => ({
      glyphs: page.glyphs,
      own: page.glyphs.filter(({ isAnnotation }) => isAnnotation === true),
    }));
    assert.equal(textOf(glyphs), 'pagetyped', 'one of them is hidden');
    assert.equal(textOf(own), 'typed');
    // The appearance is stretched to twice its size.
    assert.deepEqual([own[0]?.x, own[0]?.y], [104, 290]);
  });

  it('is left out where that is asked for', async () => {
    assert.equal(await withPage(bytes, { annotations: false }, (page) => textOf(page.glyphs)), 'page');
  });

  it('is the same when the page is read again', async () => {
    const read = () => withPage(bytes, {}, (page) => textOf(page.glyphs));
    assert.equal(await read(), await read());
  });
});

describe('fields', () => {
  const bytes = annotated(
    [
      widget('/FT/Tx/T(name)/V(value)/Rect[100 400 300 420]'),
      widget('/FT/Btn/T(box)/V/Yes/AS/Yes/Rect[100 300 110 310]/AP<</N<</Yes 200 0 R/Off 201 0 R>>>>'),
      widget('/FT/Ch/T(choice)/V(b)/Opt[(a)(b)]/Ff 131072/Rect[100 200 200 220]'),
      widget('/FT/Tx/T(hidden)/V(x)/F 2/Rect[100 100 200 120]'),
    ],
    { 200: appearance('x'), 201: appearance('') },
  );

  it('have names, kinds, values and places', async () => {
    const fields = await withPage(bytes, {}, (page) => page.fields);
    assert.deepEqual(fields, [
      {
        left: 100,
        top: 380,
        right: 300,
        bottom: 400,
        name: 'name',
        kind: 'text',
        value: 'value',
        isOn: false,
        options: [],
      },
      {
        left: 100,
        top: 490,
        right: 110,
        bottom: 500,
        name: 'box',
        kind: 'check-box',
        value: 'Yes',
        isOn: true,
        options: [],
      },
      {
        left: 100,
        top: 580,
        right: 200,
        bottom: 600,
        name: 'choice',
        kind: 'combo-box',
        value: 'b',
        isOn: false,
        options: [
          { label: 'a', isChosen: false },
          { label: 'b', isChosen: true },
        ],
      },
    ]);
  });

  it('turn with the page', async () => {
    const [x] = await withPage(bytes, { rotation: 90 }, (page) => page.fields);
    assert.deepEqual([x?.left, x?.top, x?.right, x?.bottom], [400, 100, 420, 300]);
  });

  it('are text too, also where they have no appearance yet', async () => {
    const glyphs = await withPage(bytes, {}, (page) => page.glyphs);
    const values = glyphs.filter(({ isAnnotation }) => isAnnotation);
    assert.equal([...textOf(values)].sort().join(''), 'abeluvx');
    const letter = values.find(({ text }) => text === 'v');
    assert.ok(letter && letter.y > 380 && letter.y < 400, 'inside of its field');
  });

  it('are none where annotations are left out', async () => {
    assert.deepEqual(await withPage(bytes, { annotations: false }, (page) => page.fields), []);
  });
});

describe('links', () => {
  it('lead to addresses, and to pages', async () => {
    const link = (entries: string) => `<</Type/Annot/Subtype/Link/Rect[100 500 200 520]${entries}>>`;
    const bytes = annotated([
      link('/A<</S/URI/URI(https://example.com/?a=b)>>'),
      link('/Dest[1000 0 R/Fit]'),
      link('/A<</S/GoTo/D[1000 0 R/Fit]>>'),
      link('/A<</S/Launch/F(x.exe)>>'),
      link(''),
    ]);
    const box = { left: 100, top: 280, right: 200, bottom: 300 };
    assert.deepEqual(await withPage(bytes, {}, (page) => page.links), [
      { ...box, uri: 'https://example.com/?a=b', pageIndex: undefined },
      { ...box, uri: '', pageIndex: 0 },
      { ...box, uri: '', pageIndex: 0 },
    ]);
  });
});
