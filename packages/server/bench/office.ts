/** Documents by LibreOffice, beside the program itself. */
import { findInstallation } from '../src/engines/libreoffice/installation.ts';
import { docx, newPage, paragraphs } from '../test/program/office.ts';
import { benchConversions, benchLatency, type Peer } from './conversions.ts';

const rows = 200;

const text = Array.from({ length: 40 }, (_, index) => `Paragraph ${index} of a letter. `.repeat(5));

/** A letter of Word. */
export async function benchOffice(count: number): Promise<void> {
  if (isMissing()) return;
  const conversion = {
    what: 'DOCX of 4 pages to PDF',
    path: '/pdf/convert/from/doc',
    name: 'letter.docx',
    bytes: docx(paragraphs(...text) + newPage + paragraphs(...text)),
    peer: soffice('letter'),
  };
  await benchConversions(conversion, count);
}

/** A table in CSV. */
export async function benchCsv(count: number): Promise<void> {
  if (isMissing()) return;
  const lines = Array.from(
    { length: rows },
    (_, index) =>
      `${index + 1},2026-03-${String((index % 28) + 1).padStart(2, '0')},"Herring, smoked",${(index * 17) % 90},${index}.50`,
  );
  const conversion = {
    what: `CSV of ${rows} rows to PDF`,
    path: '/pdf/convert/from/csv',
    name: 'table.csv',
    bytes: Buffer.from(['No.,Date,Fish,Crates,Price', ...lines].join('\n')),
    peer: soffice('table'),
  };
  await benchLatency(conversion, count);
}

function soffice(stem: string): Peer {
  return {
    label: '`soffice --convert-to pdf`, one by one',
    program: 'soffice',
    arguments: (document, profile, folder) =>
      `-env:UserInstallation=file://${profile} --headless --convert-to pdf --outdir ${folder} ${document}`.split(
        ' ',
      ),
    made: `${stem}.pdf`,
  };
}

function isMissing(): boolean {
  if (findInstallation() !== undefined) return false;
  console.log('\nLibreOffice is not installed: no document of it is measured.');
  return true;
}
