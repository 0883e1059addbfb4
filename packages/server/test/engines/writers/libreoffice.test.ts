/** What LibreOffice shows of a workbook, cell by cell: a reader of both formats that is stricter than most. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gridWriter } from '../../../src/engines/pdfium/writers/sheet.ts';
import type { Workbook } from '../../../src/engines/writing/workbook.ts';
import { XlsWorkbook } from '../../../src/engines/pdfium/writers/xls.ts';
import { XlsxWorkbook } from '../../../src/engines/writing/xlsx.ts';
import { gridFrom, pageFrom, plainStyle } from './grids.ts';

const isNeeded = process.env['OCTAVO_REQUIRE_ENGINES'] === '1';
const isThere = spawnSync('soffice', ['--version']).status === 0;
const skip = isThere || isNeeded ? false : 'LibreOffice is not installed';

/** What stands on the pages; LibreOffice shows numbers and dates by their formats, as the page did. */
const pages = [
  [
    ['Item', 'Date', 'Price', 'Share', 'Code'],
    ['Bolt & "nut", <b>', '2024-01-31', '1,234.56', '12.5%', '007'],
    ['two words', '31 Jan 2024', '(1,234.50)', '0.50', '=1+1'],
    ['Ж 漢 🙂', '31/12/2024', '1,234.50-', '$5.00', '@SUM(A1)'],
    ['_x0041_', '12/31/2024', '-7 EUR', '1,234,567', '+49 30 123'],
  ],
  [
    ['', 'second page'],
    ['x'.repeat(9_000), '', '', '1234567890123456'],
  ],
  ...Array.from({ length: 30 }, (_, page) =>
    Array.from({ length: 40 }, (__, row) => [`text ${page} ${row} ${'é'.repeat(row)}`, `${row}.25`]),
  ),
];

const formats = ['xlsx', 'xls'] as const;
type Format = (typeof formats)[number];
const bold = {
  ...plainStyle,
  font: 'TimesNewRomanPS-BoldItalicMT',
  size: 14,
  isBold: true,
  isItalic: true,
  color: '#aa0011',
};
const light = { ...plainStyle, color: '#ffffff' };
/** More than the fonts of which BIFF8 leaves one number out. */
const colors = ['#112233', '#223344', '#334455', '#445566', '#556677', '#667788'];
const dark = { left: 80, top: 0, right: 160, bottom: 12, color: '#002244' };

describe('workbooks as LibreOffice reads them', { skip, timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-libreoffice-'));
  const convert = (to: string, names: readonly string[]) =>
    execFileSync(
      'soffice',
      [
        `-env:UserInstallation=file://${folder}/profile`,
        '--headless',
        '--convert-to',
        to,
        '--outdir',
        folder,
      ].concat(names.map((name) => join(folder, name))),
      { stdio: 'pipe', timeout: 200_000 },
    );
  before(() => {
    for (const as of formats) {
      writeFileSync(join(folder, `${as}.${as}`), workbook(as, pages));
      const names = colors.map((color) => `in ${color}`);
      writeFileSync(
        join(folder, `look-${as}.${as}`),
        workbook(as, [[['plain', 'on dark', 'bold', ...names]]]),
      );
    }
    // Commas, quotes, UTF-8, from the first line on; as shown, not as kept; every sheet.
    const csv = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1';
    convert(csv, ['xlsx.xlsx', 'xls.xls']);
    convert('html', ['look-xlsx.xlsx', 'look-xls.xls']);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const as of formats) {
    it(`${as} has every cell as the page shows it`, () => {
      for (const [index, rows] of pages.entries()) {
        const cells = fromCsv(readFileSync(join(folder, `${as}-Page${index + 1}.csv`), 'utf8'));
        assert.deepEqual(cells, filled(rows), `Page${index + 1}`);
      }
    });

    it(`${as} has fonts and colours as on the page`, () => {
      const html = readFileSync(join(folder, `look-${as}.html`), 'utf8');
      assert.match(html, /bgcolor="#002244"[^>]*><font[^>]* color="#FFFFFF"[^>]*>on dark</);
      assert.match(html, /<b><i><font face="Times New Roman" size=\d color="#AA0011">bold</);
      assert.match(html, /<td[^>]*><font face="Helvetica"[^>]*>plain</);
      for (const color of colors)
        assert.match(html, new RegExp(`color="${color}"[^>]*>(?:<[^>]*>)*in ${color}`, 'i'));
    });
  }
});

/** Of each row the second cell is light on dark, the third bold, and each of the others in a colour of its own. */
function workbook(as: Format, all: readonly (readonly (readonly string[])[])[]): Buffer {
  const pieces: Buffer[] = [];
  const out = { write: (piece: string | Uint8Array) => void pieces.push(Buffer.from(piece)) };
  const book: Workbook = as === 'xlsx' ? new XlsxWorkbook(out) : new XlsWorkbook(out);
  const separators = { decimalSeparator: '', groupSeparator: '' };
  const output = { as, ...separators, numbers: true, styles: true, sheetPerPage: true };
  const writer = gridWriter(output, { warn: assert.fail }, book);
  const styles = [plainStyle, light, bold, ...colors.map((color) => ({ ...plainStyle, color }))];
  for (const [index, rows] of all.entries()) {
    const styled = rows.map((row) => row.map((text, column) => ({ text, style: column })));
    writer.write(gridFrom(styled), pageFrom({ index, styles, fills: [dark] }));
  }
  writer.end();
  return Buffer.concat(pieces);
}

/** Rows of the same length, as CSV has them. */
function filled(rows: readonly (readonly string[])[]): string[][] {
  const columns = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => Array.from({ length: columns }, (_, index) => row[index] ?? ''));
}

function fromCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
