import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingOutput } from '../../../src/engines/capabilities.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { pageWith, text } from '../layout/made-page.ts';
import { written } from './written.ts';

type Json = Extract<ReadingOutput, { readonly as: 'json' | 'xml' }>;
const plain: Json = {
  as: 'json',
  form: 'plain',
  pictures: undefined,
  rulings: false,
  onlyLinks: false,
  path: [],
};
const newer: Json = { ...plain, form: 'text' };
const box = { left: 10, top: 20, right: 110, bottom: 40 };

const table = pageWith([text(50, 100, 'Item'), text(150, 100, 'Price'), text(50, 112, 'Bolt')]);
const one = pageWith([text(50, 100, 'x')]);
const styled: Page = {
  ...one,
  styles: one.styles.map((style) => ({ ...style, isBold: true, isItalic: true, color: '#ff0000' })),
};

async function json(output: Json, pages: readonly Page[]): Promise<any> {
  return JSON.parse((await written(output, pages)).text);
}

describe('JSON in its older form', () => {
  it('is printed as clients read it by regular expressions', async () => {
    const { text: got } = await written(plain, [one]);
    assert.deepEqual(got.split('\r\n'), [
      '{',
      '  "document": {',
      '    "@pageCount": "1",',
      '    "@pageCountWithOCRPerformed": "0",',
      '    "page": {',
      '      "@index": "0",',
      '      "@width": "600",',
      '      "@height": "800",',
      '      "@OCRWasPerformed": "False",',
      '      "row": {',
      '        "column": {',
      '          "text": {',
      '            "@fontName": "Plain",',
      '            "@fontSize": "10.0",',
      '            "@x": "50.00",',
      '            "@y": "92.00",',
      '            "@width": "5.00",',
      '            "@height": "10.00",',
      '            "#text": "x"',
      '          }',
      '        }',
      '      }',
      '    }',
      '  }',
      '}',
    ]);
  });

  it('says style and colour where they are not the usual ones', async () => {
    const { document } = await json(plain, [styled]);
    const { text: cell } = document.page.row.column;
    assert.deepEqual([cell['@fontStyle'], cell['@color']], ['Bold, Italic', '#FF0000']);
  });

  it('has a list of pages where there are several, each printed as far in', async () => {
    const { text: got } = await written(plain, [one, { ...one, index: 1 }]);
    const { document } = JSON.parse(got);
    assert.deepEqual(
      document.page.map((page: any) => page['@index']),
      ['0', '1'],
    );
    assert.equal(got, JSON.stringify({ document }, null, 2).replaceAll('\n', '\r\n'));
  });

  it('is JSON without pages that could be read too', async () => {
    assert.deepEqual(await json(plain, []), {
      document: { '@pageCount': '0', '@pageCountWithOCRPerformed': '0', page: [] },
    });
  });
});

describe('JSON in its newer form', () => {
  it('has the text beside font and place, and an empty text where a column has none', async () => {
    const { document } = await json(newer, [table]);
    const rows = document.page.row.map(({ column }: any) => column.map((cell: any) => cell.text));
    const place = { fontName: 'Plain', fontSize: '10.0', width: '20.00', height: '10.00' };
    assert.deepEqual(rows, [
      [
        { ...place, x: '50.00', y: '92.00', text: 'Item' },
        { ...place, width: '25.00', x: '150.00', y: '92.00', text: 'Price' },
      ],
      [{ ...place, x: '50.00', y: '104.00', text: 'Bolt' }, ''],
    ]);
  });

  it('has fields of forms by their kinds', async () => {
    const field = { ...box, name: 'f', value: '', isOn: false, options: [] };
    const options = [
      { label: 'a', isChosen: false },
      { label: 'b', isChosen: true },
    ];
    const { document } = await json(newer, [
      {
        ...pageWith([]),
        fields: [
          { ...field, kind: 'text', value: 'Ada' },
          { ...field, kind: 'check-box', value: 'Yes', isOn: true },
          { ...field, kind: 'combo-box', value: 'b', options },
          { ...field, kind: 'combo-box', value: 'own', options: options.slice(0, 1) },
          { ...field, kind: 'signature' },
        ],
      },
    ]);
    const place = { x: '10.00', y: '20.00', width: '100.00', height: '20.00' };
    const chosen = (label: string) => ({ selected: 'true', text: label });
    assert.deepEqual(document.page.control, [
      { type: 'editbox', id: 'f', ...place, text: 'Ada' },
      { type: 'checkbox', id: 'f', state: '1', ...place, text: 'Yes' },
      { type: 'combobox', id: 'f', ...place, values: { value: ['a', chosen('b')] } },
      { type: 'combobox', id: 'f', ...place, values: { value: ['a', chosen('own')] } },
    ]);
  });

  it('has lines where they are asked for', async () => {
    const rulings = [{ isVertical: true, at: 5, from: 1, to: 9, thickness: 0.5, color: '#0000ff' }];
    const page = { ...pageWith([]), rulings };
    assert.equal((await json(newer, [page])).document.page.line, undefined);
    assert.deepEqual((await json({ ...newer, rulings: true }, [page])).document.page.line, {
      x1: '5.00',
      y1: '1.00',
      x2: '5.00',
      y2: '9.00',
      thickness: '0.50',
      color: '#0000FF',
    });
  });

  it('has pictures as base64, and says which could not be read', async () => {
    const picture = { ...box, pixelWidth: 2, pixelHeight: 2 };
    const page = {
      ...pageWith([]),
      pictures: [
        { ...picture, id: 1 },
        { ...picture, id: 2 },
      ],
    };
    const { text: got, warnings } = await written({ ...newer, pictures: 'jpeg' }, [page], {
      open: {
        picture: ({ id }, format) =>
          Promise.resolve(id === 1 ? { bytes: Buffer.from('picture'), format } : undefined),
      },
    });
    assert.deepEqual(JSON.parse(got).document.page.image, {
      type: 'base64encoded',
      format: 'JPEG',
      x: '10.00',
      y: '20.00',
      width: '100.00',
      height: '20.00',
      data: Buffer.from('picture').toString('base64'),
    });
    assert.deepEqual(warnings, ['A picture of page 0 (from 0) cannot be read, and is left out.']);
  });
});

describe('pictures that are too large together', () => {
  it('are left out from where they are too many, with a warning', async () => {
    const picture = { ...box, id: 1, pixelWidth: 2, pixelHeight: 2 };
    const page = { ...pageWith([]), pictures: [picture, picture, picture, picture] };
    const bytes = new Uint8Array(12 * 1024 * 1024);
    const open = { picture: async () => ({ bytes, format: 'png' as const }) };
    const pages = [page, { ...page, index: 1 }];
    const { text: got, warnings } = await written({ ...newer, pictures: 'png' }, pages, { open });
    const { document } = JSON.parse(got);
    assert.deepEqual([document.page[0].image.length, document.page[1].image], [2, undefined]);
    assert.deepEqual(warnings, [
      'Pictures from page 0 (from 0) on are left out: together they are too large.',
    ]);
  });
});

describe('links alone', () => {
  const linked: Page = {
    ...pageWith([text(50, 100, 'see our page, and more')]),
    links: [
      { left: 66, top: 90, right: 106, bottom: 103, uri: 'https://a.example/', pageIndex: undefined },
      { left: 200, top: 90, right: 240, bottom: 103, uri: '', pageIndex: 3 },
    ],
  };

  it('stand in the place of rows, with the words that they lie on', async () => {
    const { document } = await json({ ...newer, onlyLinks: true }, [linked]);
    assert.equal(document.page.row, undefined);
    assert.partialDeepStrictEqual(document.page.link, [
      { url: 'https://a.example/', x: '66.00', text: 'our page' },
      { page: '3', x: '200.00', text: '' },
    ]);
  });

  it('give their texts by a path', async () => {
    const path = [{ isDeep: true, pick: { name: 'text' } }];
    assert.deepEqual(await json({ ...newer, onlyLinks: true, path }, [linked, linked]), [
      'our page',
      '',
      'our page',
      '',
    ]);
  });
});

describe('JSON with what kind of text it is', () => {
  it('tells headings by size, and numbers, dates and names by how they are written', async () => {
    const { document } = await json({ ...plain, form: 'meta' }, [
      pageWith([
        text(50, 60, 'Invoice', { size: 24 }),
        text(50, 100, 'Acme Tools Ltd'),
        text(50, 120, '$1,234.50'),
        text(50, 140, '2024-05-17'),
        text(50, 160, 'and all the rest of it'),
        text(50, 180, 'see below', { size: 7 }),
      ]),
    ]);
    assert.deepEqual(
      document.page.row.map(({ column }: any) => [column.text.paragraphStyle, column.text.meta]),
      [
        ['h1', { type: 'text' }],
        [undefined, { type: 'text', subType: 'companyName' }],
        [undefined, { type: 'currency' }],
        [undefined, { type: 'datetime' }],
        [undefined, { type: 'text' }],
        ['small', { type: 'text' }],
      ],
    );
  });
});
