import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import type { DocumentInfo } from '../../src/index.ts';
import type { StreamText } from '../builder.ts';
import { toldOf, toldOfInformation } from './read.ts';

const NAMESPACES =
  'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ' +
  'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" ' +
  'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"';

const rdf = (descriptions: string): string =>
  '<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  `${descriptions}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

const description = (body: string, attributes = ''): string =>
  rdf(`<rdf:Description rdf:about="" ${NAMESPACES} ${attributes}>${body}</rdf:Description>`);

const packet = (text: string | Uint8Array): StreamText => ({
  dictionary: '/Type /Metadata /Subtype /XML',
  data: Buffer.from(text),
});

const FULL = description(
  '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Title &amp; &#x20AC;</rdf:li><rdf:li xml:lang="de">Titel</rdf:li></rdf:Alt></dc:title>' +
    '<dc:creator><rdf:Seq><rdf:li>One</rdf:li><rdf:li>Two</rdf:li></rdf:Seq></dc:creator>' +
    '<dc:description><rdf:Alt><rdf:li>About</rdf:li></rdf:Alt></dc:description>' +
    '<dc:subject><rdf:Bag><rdf:li>a</rdf:li><rdf:li>b</rdf:li></rdf:Bag></dc:subject>' +
    '<pdf:Producer>Maker</pdf:Producer><xmp:CreatorTool>Writer</xmp:CreatorTool>' +
    '<xmp:CreateDate>2020-08-07T11:17:29+02:00</xmp:CreateDate><xmp:ModifyDate>2021-01-02</xmp:ModifyDate>',
);

const texts = ({ information }: DocumentInfo): unknown[] => [
  information.title,
  information.author,
  information.subject,
  information.keywords,
  information.creator,
  information.producer,
  information.created?.iso,
  information.modified?.iso,
];

const ALL_OF_XMP = [
  'Title & \u20ac',
  'One; Two',
  'About',
  'a, b',
  'Writer',
  'Maker',
  '2020-08-07T11:17:29+02:00',
  '2021-01-02T00:00:00',
];

describe('document information', () => {
  it('is told in all encodings of text', () => {
    const found = toldOfInformation(
      '/Title (caf\\351) /Author <FEFF20AC> /Subject <EFBBBFE282AC> /Keywords <FFFE4100> /Creator (c) /Producer (p\\000) ' +
        "/CreationDate (D:20200807111729+02'00') /ModDate (yesterday)",
    );
    assert.deepEqual(texts(found), [
      'caf\u00e9',
      '\u20ac',
      '\u20ac',
      'A',
      'c',
      'p',
      '2020-08-07T11:17:29+02:00',
      undefined,
    ]);
    assert.equal(found.information.modified?.raw, 'yesterday');
    assert.deepEqual(found.warnings, []);
  });

  it('is nothing where the document says nothing', () => {
    assert.deepEqual(texts(toldOf('')), Array(8).fill(undefined));
    assert.deepEqual(toldOf('').conformance, { pdfA: undefined, pdfUA: undefined, pdfX: undefined });
  });

  it('comes from the metadata where the dictionary has none, or an empty text', () => {
    assert.deepEqual(texts(toldOfInformation('/Title () /Author ( ) /Keywords 7', packet(FULL))), ALL_OF_XMP);
    const [title, author] = texts(toldOfInformation('/Title (Own)', packet(FULL)));
    assert.deepEqual([title, author], ['Own', 'One; Two']);
  });

  it('comes from metadata that are compressed, or in UTF-16', () => {
    const deflated = { dictionary: '/Type /Metadata /Filter /FlateDecode', data: deflateSync(FULL) };
    assert.deepEqual(texts(toldOfInformation('', deflated)), ALL_OF_XMP);
    const wide = Buffer.from(`\ufeff${FULL}`, 'utf16le');
    assert.deepEqual(texts(toldOfInformation('', packet(wide))), ALL_OF_XMP);
    assert.deepEqual(texts(toldOfInformation('', packet(Buffer.from(wide).swap16()))), ALL_OF_XMP);
    assert.deepEqual(texts(toldOfInformation('', packet(Buffer.from(FULL, 'utf16le')))), ALL_OF_XMP);
  });

  it('comes from properties written as attributes, under any prefix', () => {
    const xmp = rdf(
      `<rdf:Description xmlns:p='http://ns.adobe.com/pdf/1.3/' p:Keywords='k &lt; l' xmlns:q="http://ns.adobe.com/xap/1.0/" q:CreatorTool="w"/>`,
    );
    const { keywords, creator } = toldOfInformation('', packet(xmp)).information;
    assert.deepEqual([keywords, creator], ['k < l', 'w']);
  });

  it('does not come from what the metadata say of other documents', () => {
    const inner = `<xmp:Pantry><rdf:Bag><rdf:li><rdf:Description><dc:title><rdf:Alt><rdf:li>Inner</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:li></rdf:Bag></xmp:Pantry>`;
    assert.equal(toldOfInformation('', packet(description(inner))).information.title, undefined);
    const both = `${inner}<dc:title><rdf:Alt><rdf:li>Outer</rdf:li></rdf:Alt></dc:title>`;
    assert.equal(toldOfInformation('', packet(description(both))).information.title, 'Outer');
  });

  it('has the claims of conformance, and no others', () => {
    const claims = (body: string, attributes = '', entries = ''): unknown =>
      toldOfInformation(entries, packet(description(body, attributes))).conformance;
    assert.deepEqual(
      claims('<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>', 'pdfuaid:part="1"'),
      { pdfA: '2b', pdfUA: '1', pdfX: undefined },
    );
    assert.deepEqual(claims('<pdfaid:part>4</pdfaid:part>', 'pdfxid:GTS_PDFXVersion="PDF/X-4"'), {
      pdfA: '4',
      pdfUA: undefined,
      pdfX: 'PDF/X-4',
    });
    assert.deepEqual(claims('<pdfaid:part>none</pdfaid:part>', '', '/GTS_PDFXVersion (PDF/X-1:2001)'), {
      pdfA: undefined,
      pdfUA: undefined,
      pdfX: 'PDF/X-1:2001',
    });
  });

  const broken: readonly [title: string, text: string][] = [
    ['nothing', ''],
    ['no XML', 'x'.repeat(1000)],
    ['a tag that never closes', '<rdf:RDF <rdf:Description '],
    ['a comment that never closes', `${FULL.slice(0, 300)}<!-- `],
    ['a million opening tags', '<a>'.repeat(1e6)],
    ['a million closing tags', '</a>'.repeat(1e6)],
    ['half a million comments that never close', '<!--'.repeat(5e5)],
    ['a tag of a million attributes', `<a ${'b="c" '.repeat(1e6)}`],
    ['an attribute that never closes', `<a ${'b='.repeat(1e6)}"`],
    ['a million quotes', `<a b=${'"'.repeat(1e6)}`],
    ['entities of entities', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['a million ampersands', `<a>${'&#'.repeat(1e6)}</a>`],
  ];
  for (const [title, text] of broken)
    it(`is read although the metadata are broken: ${title}`, () => {
      const { information } = toldOfInformation('/Title (Own)', packet(text));
      assert.equal(information.title, 'Own');
      assert.equal(information.author, undefined);
    });

  it('is read although the metadata decode to too much, with a warning', () => {
    const bomb = { dictionary: '/Filter /FlateDecode', data: deflateSync(Buffer.alloc(80_000_000, 32)) };
    const found = toldOfInformation('/Title (Own)', bomb);
    assert.equal(found.information.title, 'Own');
    assert.deepEqual(found.warnings, [
      'The metadata could not be read: A stream decodes to more than 67108864 bytes.',
    ]);
  });

  it('is cut where it is too long, with a warning', () => {
    const found = toldOfInformation(`/Title (${'x'.repeat(2e6)}) /Author (a)`);
    assert.equal(found.information.title, 'x'.repeat(1024 * 1024));
    assert.equal(found.information.author, 'a');
    assert.deepEqual(found.warnings, ['A text of the document was too long and was cut.']);
  });
});
