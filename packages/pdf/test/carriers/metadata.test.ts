import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
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
    const long = `${packed}${' '.repeat(2_000_000)}`;
    assert.equal(packet(merged(withPacket(long))), long);
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
