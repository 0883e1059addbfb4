import assert from 'node:assert/strict';
import { bytesSource, encrypt, memorySink } from '@octavo/pdf';
import { manyPagesPdf, onePagePdf, pdf } from './document.ts';
import { grayPng } from './png.ts';
import { zipOf } from './zip.ts';

/** The documents that examples name, each made when it is asked for. */
const samples: Readonly<Record<string, () => Uint8Array>> = {
  'one-page.pdf': () => onePagePdf('one'),
  'two-pages.pdf': () => manyPagesPdf(2),
  'picture.png': () => grayPng(96, 48),
  'archive.zip': () =>
    zipOf([
      { name: 'first.pdf', data: onePagePdf('zipped') },
      { name: 'pictures/' },
      { name: 'pictures/second.png', data: grayPng(48, 96), isStored: true },
    ]),
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

/** The bytes of a document that an example names. */
export function sampleOf(name: string): Buffer {
  const make = samples[name];
  assert.ok(make !== undefined, `there is no sample ${name}`);
  return Buffer.from(make());
}
