/** What files are: by their bytes, by what they hold, and by their names where these do not tell. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { archivesProgram, createArchivesEngine } from '../../src/engines/archives/engine.ts';
import type { FileKind } from '../../src/engines/capabilities.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { compoundOf } from '../program/compound.ts';
import { grayPng } from '../program/png.ts';
import { zipOf } from '../program/zip.ts';
import { openWorkshop } from './workshop.ts';

type Bytes = Buffer | string;
/** A name, what is in it, and what it is. */
type Known = readonly [name: string, bytes: Bytes, kind: FileKind];

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', '').padEnd(64, '0'), 'hex');
const ooxml = (...parts: readonly string[]) =>
  zipOf(['[Content_Types].xml', '_rels/.rels', ...parts].map((name) => ({ name, data: '<x/>' })));
const openDocument = (type: string) =>
  zipOf([
    { name: 'mimetype', data: `application/vnd.oasis.opendocument.${type}`, isStored: true },
    { name: 'content.xml', data: '<x/>' },
  ]);
const stream = (...names: readonly string[]) => compoundOf(names.map((name) => ({ name })));
const utf16 = (text: string, isBig = false) => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const pdf = '%PDF-1.7 and so on';
const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const excel = 'urn:schemas-microsoft-com:office:spreadsheet';
const flat = (type: string) =>
  `<?xml version="1.0"?>\n<office:document ${'xmlns:a="b" '.repeat(400)} office:mimetype="application/vnd.oasis.opendocument.${type}">`;
const heads = 'From: Ada <a@x.example>\r\nSubject: hello\r\n\r\ntext';

const groups: Readonly<Record<string, readonly Known[]>> = {
  'PDFs and pictures': [
    ['a.docx', pdf, 'pdf'],
    ['a', `something before ${pdf}`, 'pdf'],
    ['scan.pdf', hex('0001020304'), 'pdf'],
    ['a.pdf', 'no PDF at all', 'pdf'],
    ['a.txt', grayPng(3, 3), 'picture'],
    ['a', hex('ffd8ffe0'), 'picture'],
    ['a', hex('49492a00'), 'picture'],
    ['a', Buffer.from('GIF89a'), 'picture'],
    ['a', hex('424d 11223344 00000000'), 'picture'],
    ['a', hex('52494646 11223344 57454250'), 'picture'],
    ['a', Buffer.from('\0\0\0\x1cftypavif\0\0\0\0mif1avif'), 'picture'],
    ['IMG_1.HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'picture'],
    ['clip.mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isomiso2'), 'other'],
  ],
  drawings: [
    ['a.bin', svg, 'svg'],
    ['a', `\uFEFF  <?xml version="1.0"?>\n<!-- <html> -->\n${svg}`, 'svg'],
    ['a', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [ <!ENTITY a "<b>"> ]>${svg}`, 'svg'],
    ['a', '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', 'svg'],
    ['a.html', utf16(svg), 'svg'],
    ['a.html', `<html>${svg}</html>`, 'html'],
    ['a.svg', 'no drawing', 'other'],
  ],
  'documents of office programs': [
    ['a.bin', ooxml('word/document.xml'), 'office'],
    ['a.zip', ooxml('ppt/presentation.xml'), 'office'],
    ['a', ooxml('Word\\document.xml'), 'office'],
    ['a', ooxml('visio/document.xml'), 'office'],
    ['a', openDocument('text'), 'office'],
    ['a', openDocument('presentation'), 'office'],
    ['a', stream('WordDocument', '1Table'), 'office'],
    ['a', stream('PowerPoint Document'), 'office'],
    [
      'a',
      compoundOf([{ name: 'ObjectPool', holds: ['_1', 'Workbook'] }, { name: 'WordDocument' }]),
      'office',
    ],
    ['secret.docx', stream('EncryptionInfo', 'EncryptedPackage'), 'office'],
    ['a', '{\\rtf1\\ansi hello}', 'office'],
    ['a', hex('ff575043'), 'office'],
    ['a', flat('text'), 'office'],
    ['a', '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', 'office'],
    ['old.doc', hex('be0000ab'), 'office'],
    ['notes.TXT', 'a text', 'office'],
    ['letter.doc', 'a text that Word would open', 'office'],
  ],
  workbooks: [
    ['a.bin', ooxml('xl/workbook.xml'), 'workbook'],
    ['a', ooxml('xl/workbook.bin'), 'workbook'],
    ['a', openDocument('spreadsheet'), 'workbook'],
    ['a', openDocument('spreadsheet-template'), 'workbook'],
    ['a', stream('Workbook'), 'workbook'],
    ['a', stream('Book'), 'workbook'],
    ['secret.xlsx', stream('EncryptedPackage'), 'workbook'],
    ['a', flat('spreadsheet'), 'workbook'],
    [
      'a',
      `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="${excel}">`,
      'workbook',
    ],
    ['a', `<?xml version="1.0"?><ss:Workbook xmlns:ss="${excel}">`, 'workbook'],
    ['a', hex('0904 0600 0000'), 'workbook'],
    ['report.xls', 'a\tb\n1\t2\n', 'workbook'],
  ],
  tables: [
    ['a.csv', 'a,b\n1,2\n', 'csv'],
    ['a.TSV', 'a\tb\n', 'csv'],
    ['a.csv', '<b>,<i>\n', 'csv'],
    ['a.csv', 'From: x\nTo: y\nSubject: z\n', 'csv'],
    ['a.csv', utf16('ä;b\n'), 'csv'],
    ['a', 'a,b\n1,2\n', 'other'],
  ],
  'pages of the web': [
    ['a', '<!DOCTYPE html><p>hello', 'html'],
    ['a.bin', '\uFEFF<!-- saved from url --> \n <HTML lang=en>', 'html'],
    ['a.txt', '<html><body>hello', 'html'],
    ['report.xls', '<table><tr><td>1</td></tr></table>', 'html'],
    ['a.pdf', '<html><script>alert(1)</script></html>', 'html'],
    ['a.txt', '<p>how a paragraph begins', 'office'],
    ['a', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', 'html'],
    ['a', utf16('<!doctype html>', true), 'html'],
    ['a.html', 'hello <b>world</b>', 'html'],
    ['a.html', `<html>${pdf}</html>`, 'html'],
    ['a', '<?xml version="1.0"?><table/>', 'other'],
    ['a', `<!-- ${'x'.repeat(50_000)}`, 'other'],
  ],
  messages: [
    ['a', heads, 'mail'],
    ['a', `Received: by x;\r\n\tThu, 1 Jan 1970\r\n${heads}`, 'mail'],
    ['a', `From ada Thu Jan  1 00:00:00 1970\n${heads}`, 'mail'],
    ['a.eml', `Subject: drafts have no sender\n\n${pdf}`, 'mail'],
    ['a.eml', 'nothing of a message', 'mail'],
    ['memo.txt', heads, 'office'],
    ['a', 'Subject: only one\n\n', 'other'],
    ['a', 'Note: From: here\n', 'other'],
    ['a', stream('__nameid_version1.0', '__properties_version1.0'), 'mail'],
    [
      'a.doc',
      compoundOf([{ name: '__attach', holds: ['WordDocument'] }, { name: '__properties_version1.0' }]),
      'mail',
    ],
  ],
  'nothing of all that': [
    ['a.docx', '', 'other'],
    ['a', 'a text', 'other'],
    ['a.json', '{}', 'other'],
    ['a', hex('1f8b0800'), 'other'],
    ['a', ooxml('extension/package.json'), 'other'],
    ['a.epub', zipOf([{ name: 'mimetype', data: 'application/epub+zip', isStored: true }]), 'other'],
    ['a.bin', stream('Catalog'), 'other'],
    ['a', `\0\0${svg}`, 'other'],
    ['a.txt', `text that says ${pdf}`, 'office'],
    ['a', `${'x'.repeat(2_000)}${pdf}`, 'other'],
  ],
};

describe('kinds of files', { timeout: 60_000 }, () => {
  let engine: Engine;
  const { file, context, test } = openWorkshop(undefined, (sandbox, at) => {
    engine = createArchivesEngine(sandbox.pool(archivesProgram({ size: 1 })), { directory: at });
  });
  async function kindsOf(files: readonly (readonly [name: string, bytes: Bytes, ...unknown[]])[]) {
    assert.ok(engine.abilities['files.unpack']);
    const handles = files.map(([name, bytes]) => file(bytes, name));
    const found = await engine.abilities['files.unpack']({ files: handles }, context());
    return found.files.map(({ file: { name }, kind }) => [name, kind]);
  }

  for (const [what, known] of Object.entries(groups))
    test(`are told: ${what}`, async () => {
      const found = await kindsOf(known);
      assert.deepEqual(
        found,
        known.map(([name, , kind]) => [name, kind]),
      );
    });

  test('are told of what archives hold, by the names there; documents are no archives in archives', async () => {
    const archive = zipOf([
      { name: 'in/letter.docx', data: ooxml('word/document.xml') },
      { name: 'in/table.csv', data: 'a,b' },
      { name: 'sheet', data: openDocument('spreadsheet') },
    ]);
    assert.deepEqual(await kindsOf([['a.docx', archive]]), [
      ['in/letter.docx', 'office'],
      ['in/table.csv', 'csv'],
      ['sheet', 'workbook'],
    ]);
  });

  test('come with the size of a drawing, as far as a page can have it', async () => {
    const root = '<svg xmlns="http://www.w3.org/2000/svg"';
    const drawings = [
      `${root} width="2in" height="1in"/>`,
      `${root} width="1e9" height="5e8"/>`,
      `${root}/>`,
    ];
    assert.ok(engine.abilities['files.unpack']);
    const files = [...drawings.map((one) => file(one, 'a.svg')), file(zipOf([{ name: 'a' }]), 'a.zip')];
    const found = await engine.abilities['files.unpack']({ files, keepsArchives: true }, context());
    assert.deepEqual(
      found.files.map(({ kind, size }) => [kind, size?.width, size?.height]),
      [
        ['svg', 144, 72],
        ['svg', 14_400, 7_200],
        ['svg', undefined, undefined],
        ['other', undefined, undefined],
      ],
    );
  });

  test('are told by what stands first', async () => {
    const archive = zipOf([{ name: 'a.txt', data: 'text' }]);
    const both: readonly Known[] = [
      ['a.zip', Buffer.concat([Buffer.from(pdf), archive]), 'pdf'],
      ['a.zip', Buffer.concat([grayPng(3, 3), archive]), 'picture'],
      ['a.html', Buffer.from(`${pdf}\n<html><body>`), 'pdf'],
    ];
    assert.deepEqual(
      await kindsOf(both),
      both.map(([name, , kind]) => [name, kind]),
    );
    const stored = zipOf([{ name: 'a.pdf', data: pdf, isStored: true }]);
    assert.deepEqual(await kindsOf([['b.pdf', stored]]), [['a.pdf', 'pdf']]);
  });

  test('of compound files are told wherever their directory lies, and of broken ones by their name', async () => {
    const names = Array.from({ length: 40 }, (_, index) => ({ name: `s${index}` }));
    const far = compoundOf([...names, { name: 'WordDocument' }], { from: 110 * 128 });
    const loop = stream('a', 'b');
    // Its root is its own child, and the table of sectors has a loop.
    loop.writeUInt32LE(0, 512 + 512 + 76);
    loop.writeUInt32LE(1, loop.readUInt32LE(76) * 512 + 512 + 4);
    const cases: readonly Known[] = [
      ['far', far, 'office'],
      ['cut.msg', far.subarray(0, 600), 'mail'],
      ['cut', far.subarray(0, 20), 'other'],
      ['loop.ppt', loop, 'office'],
    ];
    assert.deepEqual(
      await kindsOf(cases),
      cases.map(([name, , kind]) => [name, kind]),
    );
  });
});
