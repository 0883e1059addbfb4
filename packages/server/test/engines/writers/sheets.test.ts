/** Workbooks as another program reads them: what is written is read back by SheetJS, which wrote nothing of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as reader from '@e965/xlsx';
import { XlsWorkbook } from '../../../src/engines/pdfium/writers/xls.ts';
import { XlsxWorkbook } from '../../../src/engines/writing/xlsx.ts';
import { gridWriter, type SheetOutput } from '../../../src/engines/pdfium/writers/sheet.ts';
import type { Workbook } from '../../../src/engines/writing/workbook.ts';
import type { Page } from '../../../src/engines/pdfium/page.ts';
import { gridFrom, pageFrom, type Written } from './grids.ts';

const output: SheetOutput = {
  as: 'xlsx',
  decimalSeparator: '',
  groupSeparator: '',
  numbers: true,
  styles: true,
  sheetPerPage: true,
};

interface Made {
  readonly bytes: Buffer;
  readonly book: reader.WorkBook;
  readonly warnings: readonly string[];
}
type Rows = readonly (readonly Written[])[];

function made(
  as: 'xlsx' | 'xls',
  pages: readonly Rows[],
  own: Partial<SheetOutput> = {},
  pageOf: (index: number) => Page = (index) => pageFrom({ index }),
): Made {
  const pieces: Buffer[] = [];
  const warnings: string[] = [];
  const out = { write: (piece: string | Uint8Array) => void pieces.push(Buffer.from(piece)) };
  const book: Workbook = as === 'xlsx' ? new XlsxWorkbook(out) : new XlsWorkbook(out);
  const writer = gridWriter({ ...output, as, ...own }, { warn: (text) => warnings.push(text) }, book);
  for (const [index, rows] of pages.entries()) writer.write(gridFrom(rows), pageOf(index));
  writer.end();
  const bytes = Buffer.concat(pieces);
  return { bytes, book: reader.read(bytes, { cellStyles: true, cellNF: true, dense: false }), warnings };
}

/** The cells of a sheet: `t` of text, `n` of a number, with its value and how it is shown. */
function cellsOf({ book }: Made, sheet = book.SheetNames[0] as string) {
  const cells = Object.entries(book.Sheets[sheet] ?? {}).filter(([name]) => !name.startsWith('!'));
  return Object.fromEntries(
    cells.map(([name, cell]: [string, reader.CellObject]) => [
      name,
      { t: cell.t, v: cell.v, w: cell.w?.trim() },
    ]),
  );
}

for (const as of ['xlsx', 'xls'] as const) {
  describe(`cells of ${as}`, () => {
    const valuesOf = (rows: Rows, own: Partial<SheetOutput> = {}) =>
      Object.values(cellsOf(made(as, [rows], own))).map(({ v }) => v);
    const shownOf = (rows: Rows) => Object.values(cellsOf(made(as, [rows]))).map(({ w }) => w);

    it('are numbers where they are written as numbers, and look as they did', () => {
      const texts = [
        '1,234.56',
        '(1,234.50)',
        '1,234.50-',
        '12.5%',
        '$5.00',
        '-$5.00',
        '7 EUR',
        '0.50',
        '2024',
      ];
      assert.deepEqual(valuesOf([texts]), [1234.56, -1234.5, -1234.5, 0.125, 5, -5, 7, 0.5, 2024]);
      // SheetJS does not know a minus at the end of a format; LibreOffice does.
      assert.deepEqual(
        shownOf([texts.filter((text) => !text.endsWith('-'))]),
        texts.filter((text) => !text.endsWith('-')),
      );
    });

    it('have separators as the page writes them', () => {
      assert.deepEqual(valuesOf([['1.234,56', '1.234', '7,5']]), [1234.56, 1234, 7.5]);
      assert.deepEqual(valuesOf([['1,234.56', '1,234', '7.5']]), [1234.56, 1234, 7.5]);
      assert.deepEqual(valuesOf([['1\u00A0234,50', '1 234', '12 345 678']]), [1234.5, 1234, 12345678]);
      assert.deepEqual(valuesOf([["1'234.50", '1,23,456.00']]), [1234.5, 123456]);
    });

    it('have the separators that are asked for, and no others', () => {
      const asked = { decimalSeparator: ',', groupSeparator: '.' };
      assert.deepEqual(valuesOf([['1.234', '1,5', '1,234.56', '2.5']], asked), [
        1234,
        1.5,
        '1,234.56',
        '2.5',
      ]);
      assert.deepEqual(valuesOf([['1.234', '1,234']], { decimalSeparator: '.' }), [1.234, 1234]);
      assert.deepEqual(valuesOf([['1.234', '1,234']], { groupSeparator: '.' }), [1234, 1.234]);
    });

    it('stay text where a number would lose something', () => {
      const texts = [
        '007',
        '1234567890123456',
        '+49 30 123456',
        '030 123 456',
        '1234 5678',
        '1.2.3',
        '12-5',
        '5 kg',
        '--5',
      ];
      assert.deepEqual(valuesOf([texts]), texts);
      assert.deepEqual(valuesOf([['12.50', '31.12.2024']], { numbers: false }), ['12.50', '31.12.2024']);
    });

    it('are dates where they have one meaning', () => {
      const texts = [
        '2024-01-31',
        '31.12.2024',
        '5.1.2024',
        '31/12/2024',
        '31 Jan 2024',
        'January 31, 2024',
        '31. Dezember 2024',
      ];
      const days = [45322, 45657, 45296, 45657, 45322, 45322, 45657];
      assert.deepEqual(valuesOf([texts]), days);
      assert.deepEqual(shownOf([texts.slice(0, 6)]), texts.slice(0, 6));
      assert.deepEqual(valuesOf([['2024-01-31 12:00']]), [45322.5]);
    });

    it('are dates by what other dates of the document say, and else text', () => {
      assert.deepEqual(valuesOf([['01/02/2024', '30.02.2024', '1.2.24']]), [
        '01/02/2024',
        '30.02.2024',
        '1.2.24',
      ]);
      assert.deepEqual(valuesOf([['01/02/2024', '25/12/2024']]), [45323, 45651]);
      assert.deepEqual(valuesOf([['01/02/2024', '12/25/2024']]), [45293, 45651]);
      assert.deepEqual(valuesOf([['01/02/2024', '1.000,50']]), [45323, 1000.5]);
    });

    it('are never formulas', () => {
      const texts = [
        '=1+1',
        '+1+1',
        '-1+1',
        '@SUM(A1)',
        "=cmd|'/c calc'!A0",
        '\t=1',
        '=HYPERLINK("http://a.test")',
      ];
      const result = made(as, [[texts]]);
      assert.deepEqual(
        Object.values(cellsOf(result)).map(({ t, v }) => [t, v]),
        texts.map((text) => ['s', text]),
      );
      for (const sheet of Object.values(result.book.Sheets))
        for (const cell of Object.values(sheet)) assert.equal((cell as reader.CellObject).f, undefined);
    });

    it('keep every character that a sheet can hold', () => {
      const texts = ['a & <b> "c"', 'two\nlines', '  blanks  ', 'Ж 漢 🙂', '_x0041_', 'a\u0007b\uD800'];
      assert.deepEqual(valuesOf([texts]), [...texts.slice(0, 5), 'ab\uFFFD']);
    });

    it('are cut where they are longer than a cell holds, with a warning', () => {
      const result = made(as, [[['x'.repeat(40_000)]]]);
      assert.equal(String(cellsOf(result)['A1']?.v).length, 32_767);
      assert.match(result.warnings.join(), /32767 characters/);
    });

    it('hold long texts of either kind of characters, one after the other', () => {
      const texts = Array.from({ length: 40 }, (_, index) =>
        (index % 3 === 0 ? 'Ж' : 'é').repeat(index * 211 + 1),
      );
      assert.deepEqual(valuesOf(texts.map((text) => [text])), texts);
    });
  });

  describe(`sheets of ${as}`, () => {
    it('are one for each page, or one for all', () => {
      const pages = [[['a']], [['b']]];
      assert.deepEqual(made(as, pages).book.SheetNames, ['Page1', 'Page2']);
      const one = made(as, pages, { sheetPerPage: false });
      assert.deepEqual(one.book.SheetNames, ['Pages']);
      assert.deepEqual(
        Object.entries(cellsOf(one)).map(([name, { v }]) => [name, v]),
        [
          ['A1', 'a'],
          ['A2', 'b'],
        ],
      );
    });

    it('are there where there is nothing to write', () => {
      assert.deepEqual(made(as, []).book.SheetNames, ['Pages']);
      assert.deepEqual(cellsOf(made(as, [[]])), {});
    });

    it('have the merged cells and the widths of the page', () => {
      const result = made(as, [
        [
          [{ text: 'wide', columns: 2, rows: 2 }, '', 'c'],
          ['', '', 'd'],
        ],
      ]);
      const sheet = result.book.Sheets['Page1'] as reader.WorkSheet;
      assert.deepEqual(sheet['!merges'], [{ s: { r: 0, c: 0 }, e: { r: 1, c: 1 } }]);
      // 80 points, in digits of 7 pixels of which 96 are an inch.
      for (const { width } of sheet['!cols'] ?? [])
        assert.ok(Math.abs((width ?? 0) - 15.24) < 0.1, String(width));
    });

    it('have no merged cells over each other', () => {
      const wide = { text: 'x', columns: 2, rows: 2 };
      const { book } = made(as, [
        [
          [wide, '', 'c'],
          ['a', wide, 'd'],
        ],
      ]);
      assert.equal(book.Sheets['Page1']?.['!merges']?.length, 1);
    });

    it('have names of their own where a page comes twice', () => {
      assert.deepEqual(made(as, [[['a']], [['b']]], {}, () => pageFrom()).book.SheetNames, [
        'Page1',
        'Page1 (2)',
      ]);
    });

    it('go on in a further sheet where a page has more columns than fit', () => {
      const columnsMax = as === 'xls' ? 256 : 16_384;
      const row = Array.from({ length: columnsMax + 2 }, (_, index) => `c${index}`);
      const result = made(as, [[row], [['next']]], { sheetPerPage: false });
      assert.deepEqual(result.book.SheetNames, ['Pages', 'Pages (2)', 'Pages (3)']);
      assert.equal(cellsOf(result, 'Pages (2)')['B1']?.v, `c${columnsMax + 1}`);
      assert.equal(cellsOf(result, 'Pages (3)')['A1']?.v, 'next');
      assert.match(result.warnings.join(), /more columns/);
    });
  });
}

describe('rows of xls', () => {
  it('go on in a further sheet after 65,536', () => {
    const rows = Array.from({ length: 65_540 }, (_, index) => [`r${index}`]);
    const result = made('xls', [rows]);
    assert.deepEqual(result.book.SheetNames, ['Page1', 'Page1 (2)']);
    assert.equal(cellsOf(result)['A65536']?.v, 'r65535');
    assert.equal(cellsOf(result, 'Page1 (2)')['A4']?.v, 'r65539');
    assert.equal(result.warnings.length, 1);
  });
});

describe('a compound file', () => {
  it('may be larger than its head can say', () => {
    const texts = Array.from({ length: 130 }, (_, index) => `${index} ${'Ж'.repeat(30_000)}`);
    const result = made('xls', [texts.map((text) => [text])]);
    // 109 sectors of the table, each of 128 sectors of 512 bytes.
    assert.ok(result.bytes.length > 109 * 128 * 512);
    assert.deepEqual(
      Object.values(cellsOf(result)).map(({ v }) => v),
      texts,
    );
  });
});
