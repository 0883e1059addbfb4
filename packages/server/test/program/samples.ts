import assert from 'node:assert/strict';
import { bytesSource, encrypt, memorySink } from '@octavo/pdf';
import type { Example } from '../../src/operations/operation.ts';
import type { Client } from './client.ts';
import { manyPagesPdf, onePagePdf, pdf, type PlacedText, textPdf } from './document.ts';
import { docx, newPage, paragraphs } from './office.ts';
import { msgOf } from './msg.ts';
import { grayPng } from './png.ts';
import { textCell, workbookOf } from './workbook.ts';
import { zipOf } from './zip.ts';

/** A JPEG of 24 by 16 grey pixels. */
const photograph =
  '/9j/2wBDAA0NDQ0ODQ4QEA4UFhMWFB4bGRkbHi0gIiAiIC1EKjIqKjIqRDxJOzc7STxsVUtLVWx9aWNpfZeHh5e+tb75+f//2wBDAQ0NDQ0ODQ4QEA4UFhMWFB4bGRkbHi0gIiAiIC1EKjIqKjIqRDxJOzc7STxsVUtLVWx9aWNpfZeHh5e+tb75+f//wgARCAAQABgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAAC0AH//xAAUEAEAAAAAAAAAAAAAAAAAAAAg/9oACAEBAAE/AF//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAECAQE/AD//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAEDAQE/AD//2Q==';

/** The documents that examples name, each made when it is asked for. */
const samples: Readonly<Record<string, () => Uint8Array>> = {
  'one-page.pdf': () => onePagePdf('one'),
  'two-pages.pdf': () => manyPagesPdf(2),
  'picture.png': () => grayPng(96, 48),
  'photograph.jpg': () => Buffer.from(photograph, 'base64'),
  'drawing.svg': () =>
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="teal"/></svg>',
    ),
  'archive.zip': () =>
    zipOf([
      { name: 'first.pdf', data: onePagePdf('zipped') },
      { name: 'pictures/' },
      { name: 'pictures/second.png', data: grayPng(48, 96), isStored: true },
    ]),
  'table.pdf': () =>
    textPdf([
      ...tableRow(700, 'Item', 'Qty', 'Price'),
      ...tableRow(684, 'Bolt', '2', '1.50'),
      ...tableRow(668, 'Nut', '10', '12.25'),
    ]),
  'letter.pdf': () =>
    textPdf(
      [
        [72, 700, 12, 'Dear Ada,'],
        [72, 660, 12, 'the engine runs.'],
        [72, 645, 12, 'It reads cards.'],
      ],
      [
        '<< /Type /Annot /Subtype /Link /Rect [115 641 145 657] /Border [0 0 0] /A << /S /URI /URI (https://cards.example/) >> >>',
      ],
    ),
  'chapters.pdf': () =>
    pdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [4 0 R 6 0 R 8 0 R] /Count 3 /MediaBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> >> >>',
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      ...['Chapter 1', 'goes on', 'Chapter 2'].flatMap((text, index) => {
        const content = `BT /F 12 Tf 72 700 Td (${text}) Tj ET`;
        return [
          `<< /Type /Page /Parent 2 0 R /Contents ${5 + 2 * index} 0 R >>`,
          `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
        ];
      }),
    ]),
  'letter.eml': () =>
    Buffer.from(
      [
        'From: Ada <ada@example.com>',
        'To: Charles <charles@example.com>',
        'Date: Mon, 2 Mar 2026 10:00:00 +0000',
        'Subject: The engine',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=next',
        '',
        '--next',
        'Content-Type: text/html; charset=utf-8',
        '',
        '<p>It <b>runs</b>.</p>',
        ...attachedToMail('plan.pdf', 'application/pdf', onePagePdf('plan')),
        ...attachedToMail('picture.png', 'image/png', grayPng(96, 48)),
        '--next--',
        '',
      ].join('\r\n'),
    ),
  'letter.msg': () =>
    msgOf({
      subject: 'The engine',
      from: ['Ada', 'ada@example.com'],
      to: [['Charles', 'charles@example.com']],
      body: 'It runs.',
      sent: Date.UTC(2026, 2, 2, 10),
      attachments: [{ name: 'plan.pdf', data: onePagePdf('plan'), type: 'application/pdf' }],
    }),
  'prices.csv': () => Buffer.from('Item;Price\r\nBolt;1.50\r\n'),
  'prices.xlsx': () => pricesWorkbook(),
  'page.html': () => Buffer.from('<title>Page</title><h1>Hello</h1>'),
  'letter.docx': () => docx(paragraphs('Dear Ada,') + newPage + paragraphs('Yours')),
  'hello.txt': () => Buffer.from('Hello\n'),
  'protected.pdf': () => {
    const sink = memorySink();
    encrypt(bytesSource(onePagePdf('secret')), sink, { userPassword: 'open', ownerPassword: 'owner' });
    return sink.bytes();
  },
  'attachment.pdf': () =>
    pdf([
      '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(note) 4 0 R] >> >> >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> >>',
      '<< /Type /Filespec /F (note.txt) /UF (note.txt) /EF << /F 5 0 R >> >>',
      '<< /Type /EmbeddedFile /Length 5 >>\nstream\nhello\nendstream',
    ]),
  'form.pdf': () =>
    pdf([
      '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << >> /Annots [4 0 R] >>',
      '<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /Rect [72 700 272 720] /P 3 0 R /F 4 >>',
    ]),
};

function attachedToMail(name: string, type: string, data: Uint8Array): string[] {
  return [
    '--next',
    `Content-Type: ${type}; name=${name}`,
    `Content-Disposition: attachment; filename=${name}`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(data).toString('base64'),
  ];
}

/** Two sheets: numbers and a date with formats, what has to be quoted, the result of a formula. */
function pricesWorkbook(): Uint8Array {
  const rows = [
    `<row r="1">${textCell('A1', 'Item')}${textCell('B1', 'Price')}${textCell('C1', 'Since')}</row>`,
    `<row r="2">${textCell('A2', 'Bolt')}<c r="B2" s="1"><v>1250.5</v></c><c r="C2" s="2"><v>45351</v></c></row>`,
    `<row r="3">${textCell('A3', 'Nut; 5",')}<c r="B3" s="3"><v>0.125</v></c></row>`,
  ];
  const total = `<row r="1">${textCell('A1', 'Total')}<c r="B1" t="b"><f>1=1</f><v>1</v></c></row>`;
  return workbookOf(
    [
      { name: 'Prices', rows: rows.join('') },
      { name: 'Sums', rows: total },
    ],
    { formats: ['#,##0.00\\ "€"', 'yyyy\\-mm\\-dd', '0.0%'] },
  );
}

/** Three cells, of which the numbers end at one place, in letters of 12 points. */
function tableRow(y: number, item: string, quantity: string, price: string): PlacedText[] {
  const digit = 6.672;
  return [
    [72, y, 12, item],
    [200 - quantity.length * digit, y, 12, quantity],
    [300 - price.length * digit, y, 12, price],
  ];
}

/** The bytes of a document that an example names. */
export function sampleOf(name: string): Buffer {
  const make = samples[name];
  assert.ok(make !== undefined, `there is no sample ${name}`);
  return Buffer.from(make());
}

/** The values of an example with links to documents in the place of their names. */
export async function filled(client: Client, { request }: Example): Promise<[string, string][]> {
  return Promise.all(
    Object.entries(request).map(async ([name, value]): Promise<[string, string]> => {
      const items = value.split(',').map(async (item) => {
        const sample = /^sample:(.+)$/.exec(item)?.[1];
        return sample === undefined ? item : client.upload(sample, sampleOf(sample));
      });
      return [name, (await Promise.all(items)).join(',')];
    }),
  );
}
