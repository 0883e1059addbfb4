/** Tables of text as workbooks for paper: what cells hold is read again by SheetJS, how they are printed is seen in the parts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe } from 'node:test';
import * as reader from '@e965/xlsx';
import type { Engine } from '../../../src/engines/engine.ts';
import { createSheetsEngine, sheetsProgram } from '../../../src/engines/sheets/engine.ts';
import { Failure } from '../../../src/errors.ts';
import { filesIn, openWorkshop } from '../workshop.ts';

describe('a table for paper', { timeout: 120_000 }, () => {
  let engine: Engine;
  const { file, context, test } = openWorkshop(undefined, (sandbox, at) => {
    engine = createSheetsEngine(sandbox.pool(sheetsProgram({ size: 1 })), { directory: at });
  });

  async function made(bytes: Uint8Array | string) {
    const own = context();
    const run = engine.abilities['sheets.from-csv'];
    assert.ok(run);
    const result = await run({ table: file(bytes, 'a.csv') }, own).catch((error: unknown) => {
      assert.deepEqual(filesIn(own.directory), []);
      throw error;
    });
    assert.equal(result.file.name, 'a.csv');
    const xlsx = readFileSync(result.file.path);
    const workbook = reader.read(xlsx, { cellStyles: true, bookFiles: true });
    const sheet = workbook.Sheets['Sheet1'];
    assert.ok(sheet);
    const rows = reader.utils.sheet_to_json<string[]>(sheet, { header: 1, defval: '', blankrows: true });
    const parts = (workbook as unknown as { files: Record<string, { content: Uint8Array }> }).files;
    const xml = Buffer.from(parts['xl/worksheets/sheet1.xml']?.content ?? []).toString();
    const widths = [...xml.matchAll(/ width="([\d.]+)"/g)].map(([, width]) => Number(width));
    return { rows, sheet, xml, widths, warnings: result.warnings, parts };
  }
  async function rowsOf(bytes: Uint8Array | string) {
    return (await made(bytes)).rows;
  }
  async function refusal(bytes: Uint8Array | string): Promise<string> {
    const error = await made(bytes).then(
      () => assert.fail('it was taken'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.status, 442);
    return error.message;
  }

  test('has its delimiter found: a comma, a semicolon, a tab, a bar', async () => {
    const expected = [
      ['Name', 'Price'],
      ['Nut', '1'],
    ];
    for (const delimiter of [',', ';', '\t', '|'])
      assert.deepEqual(await rowsOf(`Name${delimiter}Price\nNut${delimiter}1\n`), expected, delimiter);
    assert.deepEqual(await rowsOf('sep=|\r\na;b|c;d\r\n'), [['a;b', 'c;d']]);
    // Decimal commas are as often there as semicolons.
    assert.deepEqual(await rowsOf('1,5;2,5;3\n2,5;3,5;4\n'), [
      ['1,5', '2,5', '3'],
      ['2,5', '3,5', '4'],
    ]);
    assert.deepEqual(await rowsOf('a,"x;y"\nb,"p;q"\n'), [
      ['a', 'x;y'],
      ['b', 'p;q'],
    ]);
    assert.deepEqual(await rowsOf('one column\nof words\n'), [['one column'], ['of words']]);
  });

  test('is read in all encodings that people send', async () => {
    const text = 'Größe,€\nžluť,漢字\n';
    const expected = [
      ['Größe', '€'],
      ['žluť', '漢字'],
    ];
    const wide = Buffer.from(text, 'utf16le');
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    ])
      assert.deepEqual(await rowsOf(bytes), expected);
    // Without a mark only text that is mostly Latin is known.
    const plain = Buffer.from('Name,Größe\nBolt,2\n', 'utf16le');
    assert.deepEqual(await rowsOf(plain), [
      ['Name', 'Größe'],
      ['Bolt', '2'],
    ]);
    assert.deepEqual(await rowsOf(Buffer.from(plain).swap16()), [
      ['Name', 'Größe'],
      ['Bolt', '2'],
    ]);
    assert.ok(wide.length > 0);
    assert.deepEqual(await rowsOf(Buffer.from('Gr\xF6\xDFe,\x80\x93x\x94\n', 'latin1')), [['Größe', '€“x”']]);
  });

  test('keeps quotes, line breaks, rows of any length, and leaves NUL out', async () => {
    assert.deepEqual(await rowsOf('a,"b ""c""",d\r\n"two\r\nlines",e\rf,g"h,"i"j\n\nlast,,,4\n\n\n'), [
      ['a', 'b "c"', 'd', ''],
      ['two\nlines', 'e', '', ''],
      ['f', 'g"h', 'ij', ''],
      ['', '', '', ''],
      ['last', '', '', '4'],
    ]);
    assert.deepEqual(await rowsOf('a\0,b\n\0c,d\n'), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    assert.deepEqual(await rowsOf('a,"never closed\nb,c\n'), [['a', 'never closed\nb,c\n']]);
  });

  test('has nothing but texts, and numbers stay as they are written', async () => {
    const { rows, sheet, xml } = await made('=1+1,+2,@SUM(A1),-3\n007,1.50,"1,234.5 €",12%\n');
    assert.deepEqual(rows, [
      ['=1+1', '+2', '@SUM(A1)', '-3'],
      ['007', '1.50', '1,234.5 €', '12%'],
    ]);
    assert.ok(!xml.includes('<f'));
    for (const place of ['A1', 'A2', 'B2']) assert.equal((sheet[place] as reader.CellObject).t, 's');
    // Numbers have a style of their own, which aligns them on the right.
    const styles = [...xml.matchAll(/<c r="(\w+)" s="(\d+)"/g)].map(([, place, style]) => [place, style]);
    const of = new Map(styles as [string, string][]);
    const right = of.get('A2');
    assert.notEqual(right, of.get('A1'));
    for (const place of ['B1', 'D1', 'B2', 'C2', 'D2']) assert.equal(of.get(place), right, place);
  });

  test('is printed on A4 with its first row on each page, lying where it is wide', async () => {
    const narrow = await made('a,b\n1,2\n');
    assert.match(narrow.xml, /<sheetPr><pageSetUpPr fitToPage="1"\/><\/sheetPr>/);
    assert.match(narrow.xml, /<pageSetup paperSize="9" orientation="portrait" fitToHeight="0"\/>/);
    const workbook = Buffer.from(narrow.parts['xl/workbook.xml']?.content ?? []).toString();
    assert.match(workbook, /<definedName name="_xlnm.Print_Titles" localSheetId="0">'Sheet1'!\$1:\$1</);
    const styles = Buffer.from(narrow.parts['xl/styles.xml']?.content ?? []).toString();
    assert.match(styles, /<left style="thin"\/>/);
    assert.match(styles, /<alignment horizontal="right" vertical="top" wrapText="1"\/>/);
    const words = 'some words that are rather long,'.repeat(8);
    assert.match((await made(`${words}\n`)).xml, /orientation="landscape"/);
  });

  test('has columns as wide as their longest line, within bounds', async () => {
    const { widths } = await made(`i,${'w'.repeat(30)},${'x'.repeat(500)},"short\nlines",漢字漢字漢字\n`);
    const [small = 0, medium = 0, large = 0, lines = 0, wide = 0] = widths;
    assert.ok(small < 8 && medium > 30 && medium < 35 && large > 50 && large < 55, String(widths));
    assert.ok(lines < 9 && wide > 12, String(widths));
    // Many columns get less each.
    assert.ok((await made(`${`${'w'.repeat(30)},`.repeat(30)}\n`)).widths.every((width) => width < 20));
  });

  test('cuts a cell that no program takes, and says so', async () => {
    const { rows, warnings } = await made(`a,${'x'.repeat(40_000)}\n`);
    assert.equal(rows[0]?.[1]?.length, 32_767);
    assert.deepEqual(warnings, ['A cell has more than 32767 characters; the rest of it is left out.']);
  });

  test('is refused where it is too large, or nothing', async () => {
    assert.match(await refusal(`${','.repeat(2_000)}x\n`), /it has more than 1000 columns/);
    assert.match(await refusal(`${','.repeat(1_000_000)}x\n`), /it has more than 16384 columns/);
    assert.match(await refusal('a\n'.repeat(200_001)), /it has more than 200000 rows/);
    assert.match(await refusal(`${'a,'.repeat(900)}\n`.repeat(3_000)), /it has more than 2000000 cells/);
    assert.match(await refusal('\n\n,,\n'), /The workbook cannot be read: it is empty\./);
    assert.match(await refusal(''), /it is empty/);
  });
});
