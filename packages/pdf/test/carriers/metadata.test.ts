import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PdfStream } from '../../src/objects/stream.ts';
import { buildPdf, pagesPdf, type StreamText } from '../builder.ts';
import { document, merged, type Result } from './result.ts';

const withInfo = (entry: string, info: string): Buffer =>
  buildPdf(
    {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
      4: info,
    },
    { trailer: `/Info ${entry}` },
  );

const information = (result: Result): unknown => result.plain(result.opened.file.trailer.get('Info'));

describe('document information', () => {
  it('is that of the first document, dates too, with the producer set', () => {
    const first = withInfo('4 0 R', '<< /Title (a) /Producer (b) /CreationDate (D:2020) /Trapped /False >>');
    assert.deepEqual(information(merged(first, withInfo('4 0 R', '<< /Author (c) >>'))), {
      Title: '(a)',
      CreationDate: '(D:2020)',
      Trapped: '/False',
      Producer: '(Octavo)',
    });
  });

  it('is the producer alone where there is none', () => {
    for (const file of [pagesPdf(1), withInfo('9 0 R', ''), withInfo('4 0 R', '[7]'), withInfo('3', '')])
      assert.deepEqual(information(merged(file)), { Producer: '(Octavo)' });
  });

  it('may stand in the trailer', () => {
    assert.deepEqual(information(merged(withInfo('<< /Title (t) >>', ''))), {
      Title: '(t)',
      Producer: '(Octavo)',
    });
  });

  it('may be what it should not: the catalog, a page, itself', () => {
    for (const entry of ['1 0 R', '3 0 R', '4 0 R']) {
      const result = merged(withInfo(entry, '<< /Title 4 0 R >>'));
      assert.equal(result.opened.pages.length, 1);
      assert.match(JSON.stringify(information(result)), /Octavo/);
    }
  });
});

/** The metadata stream of the result. */
function packet(result: Result): string | undefined {
  const stream = result.at('Metadata');
  if (!(stream instanceof PdfStream)) return undefined;
  return result.text.slice(stream.offset, stream.offset + stream.length);
}

const withPacket = (data: string, dictionary = '/Type /Metadata /Subtype /XML'): Buffer =>
  document('/Metadata 4 0 R', '', { 4: { dictionary, data } satisfies StreamText });

describe('metadata', () => {
  it('is that of the first document, with the producer set', () => {
    const file = withPacket('<x><dc:title>T</dc:title><pdf:Producer>P</pdf:Producer></x>');
    const result = merged(file, withPacket('<y/>'));
    assert.equal(packet(result), '<x><dc:title>T</dc:title><pdf:Producer>Octavo</pdf:Producer></x>');
    assert.equal(result.plain(result.at('Metadata', 'Subtype')), '/XML');
    assert.equal(packet(merged(pagesPdf(1), file)), undefined);
  });

  it('may have the producer as an attribute', () => {
    for (const quote of ['"', "'"])
      assert.equal(
        packet(merged(withPacket(`<x a="b" pdf:Producer=${quote}P${quote} c="d"/>`))),
        '<x a="b" pdf:Producer="Octavo" c="d"/>',
      );
  });

  it('stays byte for byte where there is no producer, or it cannot be read', () => {
    for (const data of ['<x>\xc3\xa4</x>', '<pdf:Producer>', ''])
      assert.equal(packet(merged(withPacket(data))), data);
    const packed = '<pdf:Producer>P</pdf:Producer>';
    assert.equal(packet(merged(withPacket(packed, '/Type /Metadata /Filter /X'))), packed);
    const long = `${packed}${' '.repeat(5_000_000)}`;
    assert.equal(packet(merged(withPacket(long))), long);
  });

  it('is changed where it is packed, or in UTF-16', () => {
    const text = '<x><pdf:Producer>P</pdf:Producer></x>';
    const changed = '<x><pdf:Producer>Octavo</pdf:Producer></x>';
    const packed = { dictionary: '/Filter /FlateDecode', data: deflateSync(text) };
    assert.equal(packet(merged(document('/Metadata 4 0 R', '', { 4: packed }))), changed);
    for (const swap of [false, true]) {
      const wide = (each: string): Buffer => {
        const bytes = Buffer.from(`\ufeff${each}`, 'utf16le');
        return swap ? bytes.swap16() : bytes;
      };
      const file = document('/Metadata 4 0 R', '', { 4: { dictionary: '', data: wide(text) } });
      assert.equal(packet(merged(file)), wide(changed).toString('latin1'));
    }
  });

  it('gets a producer where it has none, and may call its name space as it likes', () => {
    const rdf = (content: string): string =>
      `<r:RDF xmlns:r="x"><r:Description r:about='u' ${content}</r:RDF>`;
    assert.equal(
      packet(merged(withPacket(rdf('/>')))),
      rdf(`/><r:Description r:about='u' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Producer="Octavo"/>`),
    );
    const named = (producer: string): string =>
      rdf(`xmlns:p="http://ns.adobe.com/pdf/1.3/"><p:Producer>${producer}</p:Producer></r:Description>`);
    assert.equal(packet(merged(withPacket(named('P')))), named('Octavo'));
  });

  it('of a page stays with the page', () => {
    const result = merged(document('', '/Metadata 4 0 R', { 4: { dictionary: '', data: '<p/>' } }));
    assert.ok(result.in(result.page(0), 'Metadata') instanceof PdfStream);
  });

  it('of an encrypted document is readable', () => {
    const file = readFileSync(new URL('../fixtures/encrypted-metadata.pdf', import.meta.url));
    assert.equal(packet(merged(file)), '<x><pdf:Producer>Octavo</pdf:Producer></x>');
  });

  it('is dropped where it is no stream', () => {
    for (const value of ['(x)', '9 0 R', '3 0 R', '<< >>'])
      assert.equal(merged(document(`/Metadata ${value}`, '')).at('Metadata'), null);
  });
});

describe('standards that a document says it conforms to', () => {
  const PDF_A = 'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"';
  const UA = '<x xmlns:u="http://www.aiim.org/pdfua/ns/id/"><u:part>1</u:part></x>';
  const elements = (part: number): string =>
    `<x ${PDF_A}><pdfaid:part>${part}</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance></x>`;
  const attributes = (part: number): string => `<x ${PDF_A} pdfaid:part='${part}' pdfaid:conformance="B"/>`;
  const lost = (standard: string): string =>
    `Document 1: It says that it conforms to ${standard}; the result does not, as not all documents say the same.`;

  it('stay where all say the same, however they write it', () => {
    const described = `<s>http://www.aiim.org/pdfua/ns/id/</s>${UA}`;
    assert.equal(merged(withPacket(described), pagesPdf(1)).warnings.length, 1);
    for (const files of [[elements(2)], [elements(2), attributes(2)], [UA, UA]]) {
      const result = merged(...files.map((each) => withPacket(each)));
      assert.equal(packet(result), files[0]);
      assert.deepEqual(result.warnings, []);
    }
  });

  it('go where they do not, and nothing else does', () => {
    for (const other of [withPacket(elements(3)), withPacket('<x/>'), pagesPdf(1)]) {
      const result = merged(withPacket(elements(2)), other);
      assert.equal(packet(result), `<x ${PDF_A}>\n</x>`);
      assert.deepEqual(result.warnings, [lost('PDF/A')]);
    }
    assert.equal(packet(merged(withPacket(attributes(2)), pagesPdf(1))), `<x ${PDF_A}/>`);
    const both = merged(withPacket(elements(2) + UA), withPacket(UA));
    assert.ok(packet(both)!.includes('<u:part>1</u:part>') && !packet(both)!.includes('pdfaid:part'));
    assert.deepEqual(merged(pagesPdf(1), withPacket(UA)).warnings, []);
  });

  it('PDF/A goes where there would be two output conditions', () => {
    const file = (condition: string): Buffer => {
      const intent = `<< /S /GTS_PDFA1 /OutputConditionIdentifier (${condition}) >>`;
      return document(`/Metadata 4 0 R /OutputIntents [${intent}]`, '', {
        4: { dictionary: '', data: elements(2) },
      });
    };
    assert.deepEqual(merged(file('a'), file('b')).warnings, [lost('PDF/A')]);
    assert.deepEqual(merged(file('a'), file('a')).warnings, []);
  });

  it('PDF/X is in the information too', () => {
    const file = withInfo(
      '4 0 R',
      '<< /GTS_PDFXVersion (PDF/X-1:2001) /GTS_PDFXConformance (PDF/X-1a:2001) >>',
    );
    assert.deepEqual(information(merged(file, pagesPdf(1))), { Producer: '(Octavo)' });
    assert.deepEqual(merged(file, pagesPdf(1)).warnings, [lost('PDF/X')]);
    assert.deepEqual(Object.keys(information(merged(file, file)) as object).length, 3);
    const named = (name: string): string =>
      `<x xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"><pdfx:${name}>v</pdfx:${name}></x>`;
    assert.ok(!packet(merged(withPacket(named('GTS_PDFXVersion')), pagesPdf(1)))!.includes('GTS'));
    assert.equal(packet(merged(withPacket(named('Own')), pagesPdf(1))), named('Own'));
  });
});

describe('page things', () => {
  it('stay with their page: boxes, unit, tabs, transition, thumb, private data', () => {
    const page =
      '/CropBox [1 1 9 9] /BleedBox [2 2 8 8] /TrimBox [3 3 7 7] /ArtBox [4 4 6 6] /Rotate 90 /UserUnit 2 /Tabs /R ' +
      '/Trans << /S /Fly >> /Dur 5 /Thumb 4 0 R /PieceInfo << /A << /Private 5 0 R >> >> /LastModified (D:2020)';
    const objects = { 4: { dictionary: '/Width 1', data: 'x' }, 5: '(private)' };
    const result = merged(pagesPdf(1), document('', page, objects));
    assert.deepEqual(result.plain(result.in(result.page(1), 'CropBox')), [1, 1, 9, 9]);
    assert.deepEqual(result.plain(result.in(result.page(1), 'TrimBox')), [3, 3, 7, 7]);
    assert.equal(result.plain(result.in(result.page(1), 'UserUnit')), 2);
    assert.equal(result.plain(result.in(result.page(1), 'Tabs')), '/R');
    assert.deepEqual(result.plain(result.in(result.page(1), 'Trans')), { S: '/Fly' });
    assert.ok(result.in(result.page(1), 'Thumb') instanceof PdfStream);
    assert.equal(result.plain(result.in(result.page(1), 'PieceInfo', 'A', 'Private')), '(private)');
  });
});
