/** Workbooks as data: what SheetJS and hands write is read as Excel shows it, and what is made to do harm ends in a refusal. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe } from 'node:test';
import * as writer from '@e965/xlsx';
import type { SheetOutput } from '../../../src/engines/capabilities.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import { createSheetsEngine, sheetsProgram } from '../../../src/engines/sheets/engine.ts';
import { Failure } from '../../../src/errors.ts';
import { encryptedWorkbook } from '../../program/encrypted-workbook.ts';
import { textCell, workbookOf } from '../../program/workbook.ts';
import { zipOf } from '../../program/zip.ts';
import { filesIn, openWorkshop } from '../workshop.ts';

type Bytes = Uint8Array | string;
const mebibyte = 1024 * 1024;

describe('a workbook as data', { timeout: 180_000 }, () => {
  let engine: Engine;
  const { folder, file, context, test } = openWorkshop(undefined, (sandbox, at) => {
    const pool = sandbox.pool(sheetsProgram({ size: 1, memoryBytesMax: 320 * mebibyte }));
    engine = createSheetsEngine(pool, { directory: at });
  });

  async function read(bytes: Bytes, as: SheetOutput['as'] = 'csv', sheet = '', password = '') {
    const own = context({ password });
    const run = engine.abilities['sheets.read'];
    assert.ok(run);
    const output = as === 'csv' ? { as, separator: ',', quotation: '"' } : { as };
    const result = await run({ workbook: file(bytes, 'a.xlsx'), sheet, output }, own).catch(
      (error: unknown) => {
        assert.deepEqual(filesIn(own.directory), []);
        throw error;
      },
    );
    // Nothing is left but the result.
    assert.equal(filesIn(own.directory).length, 1);
    const text = readFileSync(result.file.path, 'utf8');
    return { text, warnings: result.warnings, pageCount: result.pageCount };
  }
  async function rows(bytes: Bytes, sheet = ''): Promise<unknown> {
    const found = JSON.parse((await read(bytes, 'json', sheet)).text) as Record<string, string | null>[];
    return found.map((row) => Object.values(row));
  }
  async function refusal(bytes: Bytes, status = 442, sheet = '', password = ''): Promise<string> {
    const error = await read(bytes, 'csv', sheet, password).then(
      () => assert.fail('it was taken'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.status, status, error.message);
    return error.message;
  }
  /** A workbook of one sheet with these rows. */
  const sheet = (xml: string, tail = '') => workbookOf([{ name: 'S', rows: xml, tail }]);

  test('is ready, and leaves nothing of its probe', async () => {
    assert.deepEqual(await engine.probe(), { ready: true, says: 'Reads workbooks.' });
    assert.deepEqual(readdirSync(folder), ['boxes']);
  });

  /** Values with formats, and how Excel shows them. */
  const shown: readonly (readonly [value: number, code: string, text: string])[] = [
    [45_292, 'm/d/yy', '1/1/2024'],
    [45_292.75, 'yyyy-mm-dd hh:mm', '2024-01-01 18:00'],
    [45_292, '[$-409]mmmm d, yyyy;@', 'January 1, 2024'],
    [60, 'yyyy-mm-dd', '1900-02-29'],
    [0.25, 'h:mm AM/PM', '6:00 AM'],
    [1.5, '[h]:mm:ss', '36:00:00'],
    [0.125, '0%', '13%'],
    [0.125, '0.00%', '12.50%'],
    [-1234.5, '$#,##0.00_);[Red]($#,##0.00)', '($1,234.50)'],
    [1234.5, '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', '1,234.50'],
    [1.25, '# ?/?', '1 1/4'],
    [123_456_789, '0.00E+00', '1.23E+08'],
    [7, '000', '007'],
    [5, '"Nr. "0', 'Nr. 5'],
    [0.1 + 0.2, 'General', '0.3'],
    [1e-10, 'General', '1E-10'],
    [4_006_381_333_931, 'General', '4006381333931'],
    // Codes that SheetJS does not take as they are.
    [45_292, 'dd.mm.yyyy', '01.01.2024'],
    [45_292, '[$-407]dd. mmmm yyyy', '01. January 2024'],
    [45_292.5, 'yyyy-mm-ddThh:mm:ss', '2024-01-01T12:00:00'],
    [5, '£#,##0.00', '£5.00'],
    [0.5, '0.00 %', '50.00 %'],
  ];

  test('shows numbers by their formats, in all kinds of workbooks that have some', async () => {
    const cells = shown.map(([v, z]): writer.CellObject => ({ t: 'n', v, z }));
    const book = writer.utils.book_new();
    const made: writer.WorkSheet = { '!ref': `A1:A${cells.length}` };
    for (const [index, cell] of cells.entries()) made[`A${index + 1}`] = cell;
    writer.utils.book_append_sheet(book, made, 'Data');
    const expected = shown.map(([, , text]) => [text]);
    for (const bookType of ['xlsx', 'xlsm', 'xlsb', 'biff8'] as const) {
      const bytes = writer.write(book, { bookType, type: 'buffer' }) as Buffer;
      assert.deepEqual(await rows(bytes), expected, bookType);
    }
  });

  test('counts days from 1904 where it says so', async () => {
    const row = '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="2"><v>40000</v></c></row>';
    const parts = { formats: ['yyyy-mm-dd', 'dd.mm.yyyy'], date1904: true };
    const bytes = workbookOf([{ name: 'S', rows: row }], parts);
    assert.deepEqual(await rows(bytes), [['1904-01-02', '07.07.2013']]);
    const book = writer.utils.book_new();
    book.Workbook = { WBProps: { date1904: true } };
    const made: writer.WorkSheet = { '!ref': 'A1:A1', A1: { t: 'n', v: 1, z: 'yyyy-mm-dd' } };
    writer.utils.book_append_sheet(book, made, 'S');
    for (const bookType of ['xlsb', 'biff8'] as const)
      assert.deepEqual(
        await rows(writer.write(book, { bookType, type: 'buffer' }) as Buffer),
        [['1904-01-02']],
        bookType,
      );
  });

  test('holds texts of all kinds, truths, errors and results of formulas', async () => {
    const texts =
      '<si><t>shared &amp; &#x41;</t></si><si><r><rPr><b/></rPr><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh sb="0" eb="1"><t>spoken</t></rPh></si><si><t>a_x000A_b _x005F_x0041_</t></si><si/>';
    const row = [
      '<row r="2" hidden="1">',
      '<c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="s"><v>3</v></c>',
      '<c r=\'E2\' t=\'b\'><v>1</v></c><c t="b"><v>0</v></c><c r="G2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      '<c r="H2" t="str"><f>"x"&amp;"y"</f><v>xy</v></c><c r="I2"><f>1+1</f><v>2</v></c><c r="J2" s="9"/><c r="K2" t="str"><f>""</f><v></v></c>',
      '<c r="L2" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>',
    ];
    const { text, warnings } = await read(workbookOf([{ name: 'S', rows: row.join('') }], { texts }), 'json');
    const [first, second] = JSON.parse(text) as Record<string, string | null>[];
    assert.ok(first && second && Object.values(first).every((value) => value === null));
    assert.deepEqual(Object.values(second), [
      'shared & A',
      'rich ',
      'a\nb _x0041_',
      null,
      'TRUE',
      'FALSE',
      '#DIV/0!',
      'xy',
      '2',
      null,
      null,
      'inline',
    ]);
    assert.deepEqual(warnings, []);
  });

  test('says that results of formulas are missing', async () => {
    const { text, warnings } = await read(
      sheet('<row><c r="B1"><f>SUM(A1:A9)</f><v/></c><c r="C1"><v>1</v></c></row>'),
    );
    assert.equal(text, ',,1\r\n');
    assert.match(warnings.join(), /^Some cells hold formulas whose results the file does not hold/);
  });

  test('has what is in merged cells in the first of them', async () => {
    const xml = `<row r="1">${textCell('A1', 'over')}${textCell('B1', 'lost')}${textCell('C1', 'c')}</row><row r="2">${textCell('A2', 'lost')}${textCell('C2', 'd')}</row>`;
    const tail = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>';
    assert.deepEqual(await rows(sheet(xml, tail)), [
      ['over', null, 'c'],
      [null, null, 'd'],
    ]);
    const { text } = await read(sheet(xml, tail), 'html');
    assert.ok(
      text.includes('<tr><td colspan="2" rowspan="2">over</td><td>c</td></tr>\n<tr><td>d</td></tr>'),
      text,
    );
  });

  test('is written as each format needs it', async () => {
    const xml = `<row r="1">${textCell('A1', 'a "b"')}${textCell('B1', 'c,d')}</row><row r="3">${textCell('A3', 'two\nlines\tand <b>&')}<c r="C3"><v>5</v></c></row>`;
    const bytes = sheet(xml);
    assert.equal((await read(bytes)).text, '"a ""b""","c,d",\r\n,,\r\n"two\r\nlines\tand <b>&",,5\r\n');
    assert.equal(
      (await read(bytes, 'txt')).text,
      '"a ""b"""\tc,d\t\r\n\t\t\r\n"two\r\nlines\tand <b>&"\t\t5\r\n',
    );
    assert.equal(
      (await read(sheet(`<row>${textCell('A1', 'a')}</row><row><c><v>1</v></c></row>`), 'json')).text,
      '[\r\n  {\r\n    "Column0": "a"\r\n  },\r\n  {\r\n    "Column0": "1"\r\n  }\r\n]',
    );
    assert.match(
      (await read(bytes, 'xml')).text,
      /<worksheet index="1" name="S">\r\n {4}<row>\r\n {6}<column>a "b"<\/column>\r\n[\s\S]*<column>two\nlines\tand &lt;b&gt;&amp;<\/column>\r\n {6}<column \/>\r\n {6}<column>5<\/column>/,
    );
    const html = (await read(bytes, 'html')).text;
    assert.ok(html.includes('and &lt;b&gt;&amp;</td><td></td><td class="n">5</td>'), html);
    assert.deepEqual(JSON.parse((await read(sheet(''), 'json')).text), []);
    assert.equal((await read(sheet(''))).text, '');
  });

  test('keeps links of HTML to the web and to mail, and nothing that runs', async () => {
    const links = {
      a: 'https://a.example/?x=1&y="<',
      b: 'javascript:alert(1)',
      c: 'file:///etc/passwd',
      d: 'mailto:a@b.example',
    };
    const places = Object.keys(links).map((id, index) => `<hyperlink ref="A${index + 1}" r:id="${id}"/>`);
    const xml = Object.keys(links).map(
      (id, index) => `<row r="${index + 1}">${textCell(`A${index + 1}`, id)}</row>`,
    );
    const tail = `<hyperlinks>${places.join('')}<hyperlink ref="A1:XFD1048576" r:id="b"/></hyperlinks>`;
    const bytes = workbookOf([{ name: '<script>alert(1)</script>', rows: xml.join(''), tail, links }]);
    const { text } = await read(bytes, 'html');
    assert.deepEqual(
      [...text.matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
      ['https://a.example/?x=1&amp;y=%22%3C', 'mailto:a@b.example'],
    );
    assert.ok(!/javascript|file:|<script/.test(text), text);
  });

  test('gives the sheet that is asked for, by number or name; else those that are shown', async () => {
    const one = (name: string) => `<row>${textCell('A1', name)}</row>`;
    const bytes = workbookOf([
      { name: 'Old', rows: one('old'), state: 'hidden' },
      { name: 'A & B', rows: one('a') },
      { name: '2024', rows: one('year') },
    ]);
    const first = await read(bytes);
    assert.equal(first.text, 'a\r\n');
    assert.deepEqual(first.warnings, [
      'One sheet of 3 was read: 2 A & B. Others are 1 Old (hidden), 3 2024: worksheetIndex takes one.',
    ]);
    for (const [asked, text] of [
      ['0', 'old'],
      ['1', 'old'],
      ['3', 'year'],
      ['2024', 'year'],
      ['a & b', 'a'],
    ] as const) {
      const { text: found, warnings, pageCount } = await read(bytes, 'csv', asked);
      assert.deepEqual([found, warnings, pageCount], [`${text}\r\n`, [], 1]);
    }
    const all = await read(bytes, 'xml');
    assert.deepEqual(
      [...all.text.matchAll(/index="(\d)" name="([^"]*)"/g)].map(([, ...found]) => found),
      [
        ['2', 'A &amp; B'],
        ['3', '2024'],
      ],
    );
    assert.deepEqual(all.warnings, ['Hidden sheets are left out: 1 Old (hidden). worksheetIndex takes one.']);
    assert.equal(all.pageCount, 2);
    assert.match(
      await refusal(bytes, 449, '4'),
      /"worksheetIndex" names a sheet that is not there: there are 3 sheets, 1 Old \(hidden\), 2 A & B, 3 2024\.$/,
    );
    assert.match(await refusal('a,b\n', 449, 'x'), /there is one sheet, 1 Sheet1/);
  });

  test('may be a table of text, HTML, ODS, or XML of 2003', async () => {
    assert.deepEqual(await rows('Größe;1,5\n007;"x;y"\n'), [
      ['Größe', '1,5'],
      ['007', 'x;y'],
    ]);
    const html =
      '<html><meta charset="utf-8"><table><tr><th>a</th><td>007</td></tr><tr><td colspan=2>1.50</td></tr></table></html>';
    assert.deepEqual(await rows(html), [
      ['a', '007'],
      ['1.50', null],
    ]);
    assert.deepEqual(await rows(Buffer.from('<table><tr><td>Gr\xF6\xDFe</table>', 'latin1')), [['Größe']]);
    const book = writer.utils.book_new();
    writer.utils.book_append_sheet(book, writer.utils.aoa_to_sheet([['a', 1.5], [true]]), 'A & B');
    for (const bookType of ['ods', 'fods', 'xlml'] as const) {
      const bytes = writer.write(book, { bookType, type: 'buffer' }) as Buffer;
      assert.deepEqual(
        await rows(bytes, 'A & B'),
        [
          ['a', '1.5'],
          ['TRUE', null],
        ],
        bookType,
      );
    }
  });

  test('may be unusual: other namespaces, no places, rows out of order', async () => {
    const prefixed = workbookOf([
      {
        name: 'S',
        rows: '</sheetData><x:sheetData xmlns:x="urn:x"><x:row><x:c><x:v>1</x:v></x:c><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row></x:sheetData><sheetData>',
      },
    ]);
    assert.deepEqual(await rows(prefixed), [['1', 'a']]);
    assert.deepEqual(
      await rows(sheet('<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>')),
      [['1'], ['2']],
    );
  });

  test('costs nothing by what it says of its size', async () => {
    const far =
      '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>';
    const bytes = workbookOf([{ name: 'S', rows: far, head: '<dimension ref="A1:XFD1048576"/>' }]);
    const { text, warnings } = await read(bytes);
    assert.equal(text.length, '1\r\n'.length + 1_048_574 * 2 + 16_383 + '2\r\n'.length);
    assert.match(warnings.join(), /^Sheet S is almost empty: /);
    const lying = workbookOf([
      {
        name: 'S',
        rows: '<row><c><v>1</v></c></row>',
        head: '<dimension ref="A1:XFD1048576"/><cols><col min="1" max="999999999" width="9"/></cols>',
        tail: '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
      },
    ]);
    assert.deepEqual(await rows(lying), [['1']]);
    assert.match(await refusal(sheet('<row r="4294967294"><c><v>1</v></c></row>')), /more than 1048576 rows/);
    assert.match(await refusal(sheet('<row><c r="ZZZ1"><v>1</v></c></row>')), /more than 16384 columns/);
  });

  test('has names that mean something in JavaScript', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const row = `<row>${textCell('A1', 'x')}</row>`;
      assert.deepEqual(await rows(workbookOf([{ name, rows: row }]), name), [['x']]);
    }
  });

  test('goes row by row, however many there are', async () => {
    const row = (number: number) =>
      `<row r="${number}">${['A', 'B', 'C', 'D', 'E'].map((letter) => `<c r="${letter}${number}"><v>${number}.25</v></c>`).join('')}</row>`;
    const { text } = await read(sheet(Array.from({ length: 20_000 }, (_, index) => row(index + 1)).join('')));
    assert.equal(text.split('\r\n').length, 20_001);
    assert.ok(text.endsWith('20000.25,20000.25,20000.25,20000.25,20000.25\r\n'));
  });

  test('is refused where it is a bomb, or asks for files of others', async () => {
    const row = '<row><c t="s"><v>0</v></c></row>';
    const large = zipOf([
      { name: '[Content_Types].xml', data: '<Types/>' },
      { name: 'xl/workbook.xml', data: '<workbook/>', bytes: 300 * mebibyte },
    ]);
    assert.match(await refusal(large), /what it holds is too large/);
    const entity = '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&#x41;&#x41;">]>';
    const tricked = workbookOf([{ name: 'S', rows: row }], { texts: `${entity}<si><t>&a;&b;</t></si>` });
    assert.deepEqual(await rows(tricked), [['&a;&b;']]);
    // A part that gives more than it says.
    const lying = zipOf([
      { name: '[Content_Types].xml', data: '<Types/>'.padEnd(100_000), bytes: 10 },
      { name: 'xl/workbook.xml', data: '<workbook/>' },
    ]);
    assert.match(await refusal(lying), /cannot be read/);
    const many = zipOf(Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}.xml` })));
    assert.match(await refusal(many), /cannot be read: it holds more than 10000 files/);
    const table = Buffer.concat([Buffer.from('<table><tr><td>x</td></tr>'), Buffer.alloc(96 * mebibyte)]);
    assert.match(await refusal(table), /it is too large/);
  });

  test('is opened with its password, or with the one that Excel has for all', async () => {
    const row = `<row>${textCell('A1', 'x'.repeat(20_000))}</row>`;
    const expected = `${'x'.repeat(20_000)}\r\n`;
    const protectedOne = encryptedWorkbook(sheet(row), 'sesame ä');
    assert.equal((await read(protectedOne, 'csv', '', 'sesame ä')).text, expected);
    for (const password of ['', 'wrong']) await refusal(protectedOne, 441, '', password);
    const open = encryptedWorkbook(sheet(row), 'VelvetSweatshop');
    for (const password of ['', 'any']) assert.equal((await read(open, 'csv', '', password)).text, expected);
    const slow = encryptedWorkbook(sheet(row), 'a', 0)
      .toString('latin1')
      .replace('spinCount="0"', 'spinCount="9"');
    await refusal(Buffer.from(slow, 'latin1'), 441, '', 'a');
    const ods = zipOf([
      {
        name: 'META-INF/manifest.xml',
        data: '<manifest:manifest><manifest:encryption-data/></manifest:manifest>',
      },
      { name: 'content.xml', data: 'x' },
    ]);
    assert.match(await refusal(ods), /this kind of encryption is not supported/);
  });

  test('is refused where it is none, or is damaged', async () => {
    const none = /^The workbook cannot be read: it is none, or is damaged\.$/;
    for (const bytes of [
      '%PDF-1.7\n',
      '{\\rtf1 x}',
      '<html>nothing</html>',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      Buffer.from('d0cf11e0a1b11ae1'.padEnd(2_048, '0'), 'hex'),
      zipOf([{ name: 'a.txt', data: 'x' }]),
      zipOf([
        { name: '[Content_Types].xml', data: '<Types/>' },
        { name: 'word/document.xml', data: '<x/>' },
      ]),
    ])
      assert.match(await refusal(bytes), none);
    assert.match(await refusal(''), /it is empty/);
    const whole = sheet('<row><c><v>1</v></c></row>');
    assert.match(await refusal(whole.subarray(0, whole.length - 100)), /it is damaged/);
    // After all of that it still reads.
    assert.deepEqual(await rows(whole), [['1']]);
  });
});
