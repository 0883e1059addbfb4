/** Files that are put into documents are found again, by our reader and by others, and take nothing's place. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { constants, crc32, deflateSync } from 'node:zlib';
import {
  attach,
  attachments,
  bytesSource,
  memorySink,
  PdfError,
  type MemorySink,
  type NewAttachment,
  type RewriteOptions,
  type Source,
} from '../../src/index.ts';
import { Deflater } from '../../src/filters/deflate.ts';
import { decodeFlate } from '../../src/filters/flate.ts';
import { buildPdf, pagesPdf } from '../builder.ts';
import { document, Result } from '../carriers/result.ts';
import { inspect } from '../inspect.ts';
import { readPdfium } from '../readers/pdfium.ts';
import { checkQpdf, withoutQpdf } from '../readers/qpdf.ts';

type Given = Omit<NewAttachment, 'source'> & { readonly data: Uint8Array | string };

interface Attached {
  readonly bytes: Buffer;
  readonly result: Result;
  /** What our reader finds, with the data. */
  readonly found: readonly { readonly name: string; readonly data: Buffer }[];
}

function attached(file: Uint8Array, given: readonly Given[], options: RewriteOptions = {}): Attached {
  const sink = memorySink();
  const files = given.map(({ data, ...own }) => ({ ...own, source: bytesSource(Buffer.from(data)) }));
  const { warnings } = attach(bytesSource(file), files, sink, options);
  const bytes = Buffer.from(sink.bytes());
  inspect(bytes);
  const sinks: MemorySink[] = [];
  const read = attachments(bytesSource(bytes), { sink: (_, index) => (sinks[index] = memorySink()) });
  assert.deepEqual(read.warnings, []);
  const found = read.attachments.map((each, index) => ({
    ...each,
    data: Buffer.from(sinks[index]!.bytes()),
  }));
  return { bytes, result: new Result(bytes, warnings), found };
}

const namesOf = ({ found }: Attached): string[] => found.map(({ name }) => name);
const digestOf = (data: Uint8Array | string, kind: string): string =>
  createHash(kind).update(data).digest('hex');
/** A document with one attachment `a.txt`, whose key in the tree is `key`. */
const withOne = document(
  '/Names << /EmbeddedFiles 9 0 R /JavaScript << /Names [(j) 12 0 R] >> >> /Lang (de)',
  '',
  {
    9: '<< /Names [(key) 10 0 R] >>',
    10: '<< /Type /Filespec /F (a.txt) /EF << /F 11 0 R >> >>',
    11: { dictionary: '', data: 'old' },
    12: '<< /S /JavaScript /JS (1) >>',
  },
);

describe('attach', () => {
  it('puts files into a document, with all that is said of them', () => {
    const text = 'a line\n'.repeat(1000);
    const made = attached(pagesPdf(2), [
      {
        name: 'Übersicht.csv',
        data: text,
        mediaType: 'text/csv',
        description: 'Größen (all)',
        modified: new Date('2026-03-04T05:06:07.890Z'),
        relationship: 'Data',
      },
      { name: 'empty', data: '', mediaType: 'no type', modified: new Date(Number.NaN) },
    ]);
    const [second, first] = made.found;
    assert.deepEqual(first, {
      name: 'Übersicht.csv',
      description: 'Größen (all)',
      mediaType: 'text/csv',
      size: text.length,
      created: undefined,
      modified: { raw: 'D:20260304050607Z', iso: '2026-03-04T05:06:07+00:00', offsetMinutes: 0 },
      checksum: digestOf(text, 'md5'),
      relationship: 'Data',
      pageIndex: undefined,
      written: text.length,
      isIntact: true,
      data: Buffer.from(text),
    });
    assert.deepEqual(
      { ...second, checksum: '' },
      {
        name: 'empty',
        description: undefined,
        mediaType: undefined,
        size: 0,
        created: undefined,
        modified: undefined,
        checksum: '',
        relationship: 'Unspecified',
        pageIndex: undefined,
        written: 0,
        isIntact: true,
        data: Buffer.alloc(0),
      },
    );
    assert.ok(made.bytes.length < text.length, 'it is packed');
    assert.equal(made.bytes.toString('latin1', 0, 8), '%PDF-1.7');
    assert.equal(made.result.at('PageMode'), null);
    assert.deepEqual(made.result.warnings, []);
  });

  it('stores what packing does not make smaller as it is', () => {
    const data = randomBytes(300_000);
    const { bytes, found } = attached(pagesPdf(1), [{ name: 'r', data }]);
    assert.ok(bytes.includes(data));
    assert.deepEqual(found[0]!.data, data);
  });

  it('packs what it takes in several pieces', () => {
    const data = Buffer.from(Array.from({ length: 300_000 }, (_, index) => `${index},`).join(''));
    const { bytes, found } = attached(pagesPdf(1), [{ name: 'n', data }]);
    assert.ok(bytes.length < data.length / 2);
    assert.ok(found[0]!.data.equals(data));
  });

  it('stores files as they are that readers would not decode, and reads them in pieces', () => {
    const size = 40 * 1024 * 1024;
    let [largest, closed] = [0, 0];
    const source: Source = {
      size,
      bytes: undefined,
      readInto(into, offset) {
        largest = Math.max(largest, into.length);
        return into.fill(65).subarray(0, size - offset).length;
      },
      close: () => closed++,
    };
    let written = 0;
    const sink = { ...memorySink(), write: (bytes: Uint8Array) => void (written += bytes.length) };
    attach(bytesSource(pagesPdf(1)), [{ source, name: 'a' }], sink);
    assert.ok(written > size && largest <= 1024 * 1024 && closed > 0);
  });

  it('keeps the files and all other names that are there', () => {
    const made = attached(withOne, [{ name: 'b.txt', data: 'new' }]);
    assert.deepEqual(
      made.found.map(({ name, data }) => [name, data.toString()]),
      [
        ['b.txt', 'new'],
        ['a.txt', 'old'],
      ],
    );
    assert.notEqual(made.result.at('Names', 'JavaScript'), null);
    assert.equal(made.result.plain(made.result.at('Lang')), '(de)');
    const twice = attached(made.bytes, [{ name: 'b.txt', data: 'newer' }]);
    assert.deepEqual(namesOf(twice), ['b (2).txt', 'b.txt', 'a.txt']);
  });

  it('numbers names that are taken, as a key or as the name of a file', () => {
    const names = ['a.txt', 'key', 'a.txt', 'ü.txt', 'ü.txt', 'a (2).txt'];
    assert.deepEqual(
      new Set(
        namesOf(
          attached(
            withOne,
            names.map((name) => ({ name, data: name })),
          ),
        ),
      ),
      new Set(['a.txt', 'a (2).txt', 'key (2)', 'a (3).txt', 'ü.txt', 'ü (2).txt', 'a (2) (2).txt']),
    );
  });

  it('takes names for names: none leads anywhere, or is none', () => {
    const names = [
      '/etc/passwd',
      'C:\\windows\\x.exe',
      '..',
      '',
      'a/',
      'b\u0000\n\u202ec',
      'x'.repeat(5_000) + '.pdf',
    ];
    const found = namesOf(
      attached(
        pagesPdf(1),
        names.map((name) => ({ name, data: 'd' })),
      ),
    );
    assert.deepEqual(
      found.toSorted(),
      [
        'passwd',
        'x.exe',
        'attachment',
        'attachment (2)',
        'attachment (3)',
        'bc',
        `${'x'.repeat(196)}.pdf`,
      ].toSorted(),
    );
  });

  it('takes 1,000 files of one name', () => {
    const files = Array.from({ length: 1_000 }, (_, index) => ({ name: 'a.txt', data: `${index}` }));
    const { found, bytes } = attached(pagesPdf(1), files);
    assert.equal(new Set(found.map(({ name }) => name)).size, 1_000);
    assert.deepEqual(
      new Set(found.map(({ data }) => data.toString())),
      new Set(files.map(({ data }) => data)),
    );
    assert.equal(readPdfium(bytes, { pixels: 0 }).attachments.length, 1_000);
  });

  it('opens what is encrypted, and says that the result is not', () => {
    const file = readFileSync(new URL('../fixtures/encrypted-r6.pdf', import.meta.url));
    const made = attached(file, [{ name: 'a', data: 'b' }], { password: 'user' });
    assert.deepEqual(namesOf(made), ['a']);
    assert.deepEqual(made.result.warnings, ['The document was encrypted; the result is not.']);
    const sink = memorySink();
    assert.throws(
      () => attach(bytesSource(file), [], sink, { password: 'no' }),
      (error) => error instanceof PdfError && error.code === 'password',
    );
    assert.equal(sink.bytes().length, 0);
  });

  it('puts them into a document that has lost its catalog, and leaves one alone that gets none', () => {
    const lost = buildPdf({ 2: '<< /Type /Page /MediaBox [0 0 9 9] >>' });
    const made = attached(lost, [{ name: 'a', data: 'b' }]);
    assert.deepEqual(namesOf(made), ['a']);
    assert.deepEqual(namesOf(attached(withOne, [])), ['a.txt']);
  });

  it('gives the same bytes for the same files, and another identifier for others', () => {
    const [one, same, other] = ['b', 'b', 'c'].map(
      (data) => attached(pagesPdf(1), [{ name: 'a', data }]).bytes,
    );
    assert.ok(one!.equals(same!));
    const idOf = (bytes: Buffer): string => /\/ID\s*\[.*\]/.exec(bytes.toString('latin1'))![0];
    assert.notEqual(idOf(one!), idOf(other!));
  });

  it('is read by PDFium', () => {
    const files = [
      { name: 'ü.bin', data: randomBytes(100_000) },
      { name: 'a.txt', data: 'text '.repeat(500_000), description: 'says' },
    ];
    const { attachments: found } = readPdfium(attached(withOne, files).bytes, { pixels: 0 });
    assert.deepEqual(
      found.map(({ name, description, digest }) => [name, description, digest]).toSorted(),
      [
        ['a (2).txt', 'says', digestOf(files[1]!.data, 'sha1')],
        ['a.txt', '', digestOf('old', 'sha1')],
        ['ü.bin', '', digestOf(files[0]!.data, 'sha1')],
      ].toSorted(),
    );
  });

  it('is sound to qpdf', { skip: withoutQpdf }, async () => {
    for (const file of [
      withOne,
      buildPdf(
        {
          1: '<< /Type /Catalog /Pages 2 0 R >>',
          2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
          3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
        },
        { objectStreamSize: 3, version: '1.5' },
      ),
    ])
      assert.equal(
        await checkQpdf(
          attached(file, [
            { name: 'a', data: 'b'.repeat(9_999) },
            { name: '', data: '' },
          ]).bytes,
        ),
        '',
      );
  });
});

describe('data that is packed in pieces', () => {
  it('is what zlib reads, and its checksum is that of all', () => {
    for (const pieces of [[], [''], ['a'], ['a'.repeat(100_000), '', randomBytes(10_000), 'end']]) {
      const packer = new Deflater();
      const all = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
      const packed = Buffer.concat([
        ...pieces.map((piece) => packer.update(Buffer.from(piece))),
        packer.final(),
      ]);
      assert.equal(crc32(Buffer.from(decodeFlate(packed, 1e6))), crc32(all));
      assert.deepEqual(
        packed.subarray(-4),
        deflateSync(all, { finishFlush: constants.Z_FINISH }).subarray(-4),
      );
    }
  });
});
