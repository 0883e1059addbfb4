import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decodeStream } from '../../src/file/filter-steps.ts';
import {
  bytesSource,
  fileSink,
  memorySink,
  optimise,
  PdfError,
  type OptimiseOptions,
  type OptimiseResult,
} from '../../src/index.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { PdfObject } from '../../src/objects/object.ts';
import { PdfStream } from '../../src/objects/stream.ts';
import { buildPdf, bytes, pagesPdf, type Objects, type StreamText } from '../builder.ts';
import { document, Result } from '../carriers/result.ts';
import { encodeLzw } from '../filters/lzw-encoder.ts';
import { inspect } from '../inspect.ts';

/** Text that packs well, and rows of samples that pack better with a predictor. */
const text = 'BT /F1 12 Tf 72 700 Td (a line of text that says little) Tj ET\n'.repeat(40);
const filler: StreamText = { dictionary: '', data: text };

/** What comes out. The documents of most tests have a page content that packs, so that they become smaller in any case. */
class Optimised extends Result {
  readonly result: OptimiseResult;
  readonly bytes: Buffer;

  constructor(file: Buffer, options: OptimiseOptions = {}) {
    const sink = memorySink();
    const result = optimise(bytesSource(file), sink, options);
    super(Buffer.from(sink.bytes()), result.warnings);
    this.result = result;
    this.bytes = Buffer.from(sink.bytes());
    assert.equal(result.bytesBefore, file.length);
    assert.equal(result.bytesAfter, this.bytes.length);
  }

  /** The data of a stream without its filters. */
  decoded(object: PdfObject): string {
    return Buffer.from(
      decodeStream(
        this.raw(object),
        this.stream(object).dictionary,
        (each) => this.resolve(each),
        defaultLimits,
      ),
    ).toString('latin1');
  }

  raw(object: PdfObject): Uint8Array {
    return this.opened.file.streamBytes(this.stream(object), 0, 0);
  }

  stream(object: PdfObject): PdfStream {
    const resolved = this.resolve(object);
    assert.ok(resolved instanceof PdfStream);
    return resolved;
  }

  filters(object: PdfObject): unknown {
    return this.plain(this.stream(object).dictionary.get('Filter'));
  }
}

const optimised = (page: string, objects: Objects = {}, catalog = ''): Optimised =>
  new Optimised(document(catalog, `/Contents 90 0 R ${page}`, { ...objects, 90: filler }));

/** A picture as /X of the first page's resources. */
function packed(stream: StreamText): { result: Optimised; object: PdfObject } {
  const result = optimised('/Resources << /XObject << /X 10 0 R >> >>', { 10: stream });
  return { result, object: result.in(result.page(0), 'Resources', 'XObject', 'X') };
}

const hex = (data: string): string => `${Buffer.from(data, 'latin1').toString('hex')}>`;

function ascii85(data: Uint8Array): string {
  let out = '';
  for (let at = 0; at < data.length; at += 4) {
    const group = Buffer.concat([data.subarray(at, at + 4), Buffer.alloc(4)]).subarray(0, 4);
    let value = group.readUInt32BE(0);
    let letters = '';
    for (let letter = 0; letter < 5; letter++, value = Math.floor(value / 85))
      letters = String.fromCharCode(33 + (value % 85)) + letters;
    out += letters.slice(0, Math.min(4, data.length - at) + 1);
  }
  return `${out}~>`;
}

/** Optimises until nothing is gained any more: object streams packed twice may gain a few bytes again. */
function smallest(file: Buffer): Optimised {
  let result = new Optimised(file);
  for (let round = 0; round < 5 && result.result.bytesAfter < result.result.bytesBefore; round++)
    result = new Optimised(result.bytes);
  return result;
}

describe('optimise: the data of streams', () => {
  const cases: readonly (readonly [title: string, stream: StreamText])[] = [
    ['no filter', { dictionary: '', data: text }],
    ['Flate at a low level', { dictionary: '/Filter /FlateDecode', data: deflateSync(text, { level: 1 }) }],
    ['LZW', { dictionary: '/Filter /LZWDecode', data: encodeLzw(bytes(text), 1) }],
    [
      'LZW with late changes',
      { dictionary: '/Filter /LZWDecode /DecodeParms << /EarlyChange 0 >>', data: encodeLzw(bytes(text), 0) },
    ],
    ['ASCIIHex', { dictionary: '/Filter [/ASCIIHexDecode]', data: hex(text) }],
    ['ASCII85 over Flate', { dictionary: '/Filter [/A85 /Fl]', data: ascii85(deflateSync(text)) }],
    [
      'RunLength',
      {
        dictionary: '/Filter /RunLengthDecode',
        data: Buffer.concat([
          Buffer.from([...text].flatMap((each) => [0, each.charCodeAt(0)])),
          Buffer.from([0x81, 0x41, 128]),
        ]),
      },
    ],
    ['an indirect filter', { dictionary: '/Filter 11 0 R', data: text.replaceAll(' ', '') }],
  ];
  for (const [title, stream] of cases)
    it(`packs ${title}`, () => {
      const { result, object } = packed(stream);
      const before = new Result(document('', '/X 10 0 R', { 10: stream }), []);
      const given = before.in(before.page(0), 'X');
      assert.ok(given instanceof PdfStream);
      const data = decodeStream(
        before.opened.file.streamBytes(given, 10, 0),
        given.dictionary,
        (each) => before.resolve(each),
        defaultLimits,
      );
      assert.equal(result.decoded(object), Buffer.from(data).toString('latin1'));
      assert.equal(result.filters(object), '/FlateDecode');
      assert.ok(result.raw(object).length < given.length);
      assert.equal(result.stream(object).dictionary.has('DecodeParms'), false);
    });

  const rows = Buffer.from(Array.from({ length: 40 * 101 }, (_, at) => (at % 101 === 0 ? 2 : at % 3)));
  for (const [name, data] of [
    ['FlateDecode', deflateSync(rows, { level: 0 })],
    ['LZWDecode', encodeLzw(rows, 1)],
  ] as const)
    it(`keeps the predictor of ${name}`, () => {
      const parms = '/DecodeParms << /Predictor 15 /Columns 100 /EarlyChange 1 >>';
      const { result, object } = packed({ dictionary: `/Filter /${name} ${parms}`, data });
      assert.deepEqual(result.plain(result.in(object, 'DecodeParms')), { Predictor: 15, Columns: 100 });
      assert.equal(result.decoded(object).length, 4000);
      assert.ok(result.raw(object).length < data.length);
    });

  it('undoes text filters around the filter of a picture, whose bytes stay', () => {
    const jpeg = Buffer.from(
      Array.from({ length: 500 }, (_, at) => createHash('sha256').update(String(at)).digest()[0]!),
    );
    const { result, object } = packed({
      dictionary: '/Filter [/ASCII85Decode /DCTDecode] /DecodeParms [null << /ColorTransform 0 >>]',
      data: ascii85(jpeg),
    });
    assert.equal(result.filters(object), '/DCTDecode');
    assert.deepEqual(result.plain(result.in(object, 'DecodeParms')), { ColorTransform: 0 });
    assert.ok(jpeg.equals(result.raw(object)));
  });

  const crc = deflateSync(text);
  crc[crc.length - 1]! ^= 1;
  const left: readonly (readonly [title: string, stream: StreamText])[] = [
    ['a JPEG', { dictionary: '/Filter /DCTDecode', data: text }],
    [
      'JBIG2 with what all pages share',
      { dictionary: '/Filter /JBIG2Decode /DecodeParms << /JBIG2Globals 90 0 R >>', data: text },
    ],
    [
      'a filter that nobody knows',
      {
        dictionary: '/Filter [/FlateDecode /Secret /LZWDecode]',
        data: deflateSync(text, { level: 9, memLevel: 6 }),
      },
    ],
    [
      'a Crypt filter',
      {
        dictionary: '/Filter [/Crypt /ASCIIHexDecode] /DecodeParms [<< /Name /Identity >> null]',
        data: hex(text),
      },
    ],
    ['data in another file', { dictionary: '/F (other.bin) /FFilter /ASCIIHexDecode', data: text }],
    ['metadata in the clear', { dictionary: '/Type /Metadata /Subtype /XML', data: text }],
    [
      'Flate that is cut short',
      { dictionary: '/Filter /FlateDecode', data: deflateSync(text, { level: 1 }).subarray(0, -20) },
    ],
    ['Flate with a wrong checksum', { dictionary: '/Filter /FlateDecode', data: crc }],
    [
      'ASCII85 with a foreign byte',
      { dictionary: '/Filter /ASCII85Decode', data: `${'9jqo^'.repeat(40)}\x80~>` },
    ],
    ['ASCIIHex without an end', { dictionary: '/Filter /ASCIIHexDecode', data: '41'.repeat(300) }],
    ['RunLength without an end', { dictionary: '/Filter /RunLengthDecode', data: Buffer.alloc(300, 0x81) }],
    [
      'LZW without an end',
      { dictionary: '/Filter /LZWDecode', data: encodeLzw(bytes(text), 1).subarray(0, -4) },
    ],
    [
      'an impossible predictor',
      {
        dictionary: '/Filter [/FlateDecode /FlateDecode] /DecodeParms [<< /Predictor 12 /Columns -1 >> null]',
        data: deflateSync(deflateSync(text), { level: 0 }),
      },
    ],
    ['what would only grow', { dictionary: '', data: 'q Q' }],
    ['nothing at all', { dictionary: '', data: '' }],
  ];
  for (const [title, stream] of left)
    it(`leaves ${title} as it is`, () => {
      const { result, object } = packed(stream);
      const data = typeof stream.data === 'string' ? bytes(stream.data) : Buffer.from(stream.data);
      assert.ok(data.equals(result.raw(object)));
      const filter = /\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(stream.dictionary)?.[1];
      assert.deepEqual(
        result.filters(object),
        filter === undefined ? null : filter.startsWith('[') ? filter.slice(1, -1).split(' ') : filter,
      );
    });

  it('leaves data that would fill the memory as it is', () => {
    let bomb: Uint8Array = Buffer.alloc(1024 * 1024);
    bomb = deflateSync(Buffer.concat(Array.from({ length: 40 }, () => bomb)), { level: 1 });
    const { result, object } = packed({ dictionary: '/Filter /FlateDecode', data: bomb });
    assert.ok(Buffer.from(bomb).equals(result.raw(object)));
  });

  it('packs faster at a lower level', () => {
    const sizes = [1, 9].map(
      (level) =>
        new Optimised(
          document('', '/Contents 90 0 R', {
            90: { dictionary: '', data: readFileSync(new URL(import.meta.url)) },
          }),
          { level },
        ).bytes.length,
    );
    assert.ok(sizes[1]! < sizes[0]!);
  });
});

describe('optimise: objects', () => {
  const font = (first: number): Objects => ({
    [first]: `<< /Type /Font /Subtype /TrueType /BaseFont /A /Widths ${first + 1} 0 R /FontDescriptor ${first + 2} 0 R >>`,
    [first + 1]: '[500 600 700]',
    [first + 2]: `<< /Type /FontDescriptor /FontName /A /FontFile2 ${first + 3} 0 R >>`,
    [first + 3]: { dictionary: '/Length1 2000', data: text.slice(0, 2000) },
  });

  it('stores equal fonts once, with all that they are of', () => {
    const result = optimised('/Resources << /Font << /F1 10 0 R /F2 20 0 R /F3 30 0 R >> >>', {
      ...font(10),
      ...font(20),
      ...font(30),
      33: { dictionary: '/Length1 2000', data: text.slice(1, 2001) },
    });
    const [one, two, three] = ['F1', 'F2', 'F3'].map((name) =>
      result.in(result.page(0), 'Resources', 'Font', name),
    );
    const all = inspect(result.bytes);
    assert.equal([...all.objects.values()].filter(({ text: each }) => each.includes('/BaseFont')).length, 2);
    assert.equal([...all.objects.values()].filter(({ text: each }) => each.includes('/Length1')).length, 2);
    assert.equal([...all.objects.values()].filter(({ text: each }) => each.includes('[500')).length, 1);
    assert.deepEqual(result.plain(one), result.plain(two));
    assert.equal(result.decoded(result.in(one!, 'FontDescriptor', 'FontFile2')), text.slice(0, 2000));
    assert.equal(result.decoded(result.in(three!, 'FontDescriptor', 'FontFile2')), text.slice(1, 2001));
  });

  it('finds those of appearances and of the form too', () => {
    const appearance = (number: number): StreamText => ({
      dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /Helv ${number} 0 R >> >>`,
      data: text,
    });
    const widget = (number: number): string =>
      `<< /Type /Annot /Subtype /Widget /FT /Tx /T (${number}) /Rect [0 0 9 9] /AP << /N ${number} 0 R >> >>`;
    const result = optimised(
      '/Annots [40 0 R 41 0 R]',
      {
        ...font(10),
        ...font(20),
        ...font(30),
        40: widget(50),
        41: widget(51),
        50: appearance(10),
        51: appearance(20),
      },
      '/AcroForm << /Fields [40 0 R 41 0 R] /DR 60 0 R >>',
    );
    assert.equal(result.text.match(/\/Length1/g)!.length, 1);
  });

  it('keeps apart what has an identity: pages, annotations, fields, layers, appearances, parts of the structure', () => {
    const note =
      '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /AP << /N << /On 50 0 R /Off 51 0 R >> >> >>';
    const form: StreamText = { dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 9 9]', data: text };
    const page =
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 90 0 R /Resources << /Properties << /A 60 0 R /B 61 0 R >> >> /Annots [40 0 R 41 0 R] >>';
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 70 0 R /OCProperties << /OCGs [60 0 R 61 0 R] /D << /OFF [61 0 R] >> >> >>',
      2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
      3: page,
      4: page,
      40: note,
      41: note,
      50: form,
      51: form,
      60: '<< /Type /OCG /Name (A) >>',
      61: '<< /Type /OCG /Name (A) >>',
      70: '<< /Type /StructTreeRoot /K [71 0 R 72 0 R] >>',
      71: '<< /Type /StructElem /S /P /P 70 0 R >>',
      72: '<< /Type /StructElem /S /P /P 70 0 R >>',
      90: filler,
    });
    const result = new Optimised(file);
    const objects = [...inspect(result.bytes).objects.values()];
    for (const [type, count] of [
      ['/Type/Annot', 2],
      ['/Type/OCG', 2],
      ['/Type/StructElem', 2],
      ['/Subtype/Form', 2],
      ['/Type/Page/', 2],
    ] as const)
      assert.equal(
        objects.filter((each) => each.text.replaceAll(' ', '').includes(type)).length,
        count,
        type,
      );
    const groups = result.in(result.opened.catalog, 'OCProperties', 'OCGs');
    const off = result.in(result.opened.catalog, 'OCProperties', 'D', 'OFF');
    assert.ok(Array.isArray(groups) && Array.isArray(off));
    assert.deepEqual(off[0], groups[1]);
  });

  it('survives resources that refer to each other, and finds what is equal below them', () => {
    const result = optimised('/Resources 10 0 R', {
      10: '<< /XObject << /A 11 0 R /B 12 0 R >> >>',
      11: {
        dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 10 0 R /X 13 0 R',
        data: text,
      },
      12: {
        dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 10 0 R /X 14 0 R',
        data: text,
      },
      13: '<< /Self 13 0 R >>',
      14: '<< /Self 13 0 R >>',
    });
    assert.equal(result.decoded(result.in(result.page(0), 'Resources', 'XObject', 'B')), text);
  });

  it('puts objects into object streams and leaves out what nothing reaches', () => {
    const file = document('', '/Contents 90 0 R', { 90: filler, 80: '(nobody needs this)', 81: filler });
    const result = new Optimised(file);
    assert.match(result.text, /\/Type\/ObjStm/);
    assert.equal(inspect(result.bytes).objects.size, 4);
    assert.equal(result.result.version, '1.7');
    assert.equal(
      new Optimised(
        buildPdf(
          {
            1: '<< /Type /Catalog /Pages 2 0 R >>',
            2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
            3: '<< /Type /Page /Contents 4 0 R >>',
            4: filler,
          },
          { version: '1.3' },
        ),
      ).result.version,
      '1.5',
    );
  });

  it('keeps what the catalog and the information have', () => {
    const file = buildPdf(
      {
        1: '<< /Type /Catalog /Pages 2 0 R /Lang (de) /Names << /Dests << /Names [(a) [3 0 R /Fit]] >> >> >>',
        2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        3: '<< /Type /Page /MediaBox [0 0 9 9] /Contents 4 0 R >>',
        4: filler,
        5: '<< /Title (A title) /Producer (P) >>',
      },
      { trailer: '/Info 5 0 R' },
    );
    const result = new Optimised(file);
    assert.equal(result.plain(result.at('Lang')), '(de)');
    assert.equal(result.plain(result.at('Names', 'Dests', 'Names', 0)), '(a)');
    assert.equal(result.plain(result.opened.file.trailer.get('Info')) instanceof Object, true);
  });
});

describe('optimise: the file', () => {
  it('gives the file itself where nothing is gained', () => {
    const once = new Optimised(document('', '/Contents 90 0 R', { 90: filler }));
    assert.ok(once.result.bytesAfter < once.result.bytesBefore);
    const last = smallest(once.bytes);
    assert.ok(last.bytes.equals(smallest(last.bytes).bytes));
    assert.equal(last.result.bytesAfter, last.result.bytesBefore);
    assert.equal(last.result.pageCount, 1);
  });

  it('gives it to a file too', () => {
    const directory = mkdtempSync(join(tmpdir(), 'octavo-optimise-'));
    try {
      const small = buildPdf({
        1: '<</Type/Catalog/Pages 2 0 R>>',
        2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
      });
      const path = join(directory, 'small.pdf');
      const result = optimise(bytesSource(small), fileSink(path));
      assert.ok(readFileSync(path).equals(small));
      assert.deepEqual([result.bytesAfter, result.version], [small.length, '1.7']);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('says that signatures do not hold, but not where the file stays as it is', () => {
    const signed = (objects: Objects): Buffer =>
      document('/AcroForm << /SigFlags 3 /Fields [] >>', '/Contents 90 0 R', objects);
    assert.match(new Optimised(signed({ 90: filler })).warnings.join(), /signed/);
    assert.deepEqual(smallest(signed({ 90: filler })).warnings, []);
  });

  it('decrypts an encrypted document, and says so', () => {
    const encrypted = readFileSync(new URL('../fixtures/encrypted-r6-streams.pdf', import.meta.url));
    const result = new Optimised(encrypted);
    assert.deepEqual(result.warnings, ['The document was encrypted; the result is not.']);
    assert.match(result.decoded(result.in(result.page(0), 'Contents')), /secret content/);
    assert.doesNotMatch(result.text, /\/Encrypt/);
  });

  it('repairs a damaged one even if that makes it larger', () => {
    const broken = Buffer.from(
      pagesPdf(1)
        .toString('latin1')
        .replace(/startxref\n\d+/, 'startxref\n7'),
      'latin1',
    );
    const result = new Optimised(broken);
    assert.match(result.warnings.join(), /rebuilt/);
    assert.equal(inspect(result.bytes).pages.length, 1);
  });

  it('discards the sink on an error', () => {
    const sink = memorySink();
    assert.throws(
      () => optimise(bytesSource(bytes('no document')), sink),
      (error) => error instanceof PdfError && error.code === 'not-pdf',
    );
    assert.equal(sink.bytes().length, 0);
  });

  it('gives the same bytes each time', () => {
    const file = pagesPdf(30);
    assert.ok(new Optimised(file).bytes.equals(new Optimised(file).bytes));
  });

  const qpdf = spawnSync('qpdf', ['--version']).error === undefined;
  it(
    'writes what qpdf finds no fault with',
    { skip: !qpdf && process.env.OCTAVO_REQUIRE_ENGINES !== '1' },
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'octavo-optimise-'));
      try {
        writeFileSync(join(directory, 'a.pdf'), new Optimised(pagesPdf(40)).bytes);
        const { status, stdout } = spawnSync('qpdf', ['--check', join(directory, 'a.pdf')], {
          encoding: 'utf8',
        });
        assert.equal(status, 0, stdout);
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  );
});
