import assert from 'node:assert/strict';
import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  bytesSource,
  fileSink,
  fileSource,
  memorySink,
  merge,
  PdfError,
  type Source,
} from '../../src/index.ts';
import { Window } from '../../src/file/window.ts';
import { buildPdf, pagesPdf } from '../builder.ts';
import { contents, inspect } from '../inspect.ts';

const directory = mkdtempSync(join(tmpdir(), 'octavo-pdf-test-'));
after(() => rmSync(directory, { recursive: true }));
const path = (name: string): string => join(directory, name);

const numbered = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 31) & 255));

describe('sources', () => {
  const fileName = path('numbered');
  writeFileSync(fileName, numbered);
  const kinds: readonly (readonly [string, () => Source])[] = [
    ['bytes', () => bytesSource(numbered)],
    ['file', () => fileSource(fileName)],
  ];
  for (const [name, open] of kinds)
    it(`read at any offset, less at the end: ${name}`, () => {
      const source = open();
      assert.equal(source.size, numbered.length);
      const into = Buffer.alloc(1000);
      assert.equal(source.readInto(into, 5000), 1000);
      assert.deepEqual(into, numbered.subarray(5000, 6000));
      assert.equal(source.readInto(into, 99_990), 10);
      assert.equal(source.readInto(into, 200_000), 0);
      source.close();
      assert.equal(source.readInto(into, 0), 1000, 'reading opens it again');
      source.close();
    });

  it('that do not exist throw the error of the system, when they are read', () => {
    const source = fileSource(path('nowhere'));
    assert.throws(() => source.size, { code: 'ENOENT' });
  });
});

describe('windows', () => {
  /** A source that says it is not in memory, and counts what is read of it. */
  const counting = (bytes: Buffer): Source & { read: number } => ({
    ...bytesSource(bytes),
    bytes: undefined,
    read: 0,
    readInto(into, offset) {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      this.read += part.length;
      return part.length;
    },
  });

  it('hold small sources whole', () => {
    const source = counting(numbered);
    const window = new Window(source);
    for (const offset of [90_000, 0, 50_000]) {
      window.need(offset, 100);
      assert.equal(window.bytes[offset - window.origin], numbered[offset]);
    }
    assert.equal(source.read, numbered.length);
  });

  it('read of large sources only what is needed', () => {
    const large = Buffer.alloc(9_000_000, 1);
    const source = counting(large);
    const window = new Window(source);
    window.need(8_000_000, 2000);
    window.need(8_000_500, 2000);
    const held = window.bytes;
    window.need(100, 2000);
    assert.ok(source.read < 200_000, String(source.read));
    assert.notEqual(window.bytes, held);
    assert.equal(held[0], 1, 'what was handed out stays');
    window.need(8_000_000, 1000);
    assert.equal(window.bytes, held);
  });

  it('are empty past the end', () => {
    const window = new Window(bytesSource(numbered));
    window.need(1e15, 100);
    assert.equal(window.bytes.length, 0);
    window.need(numbered.length - 1, 100);
    assert.equal(window.bytes[numbered.length - 1 - window.origin], numbered.at(-1));
  });
});

describe('sinks', () => {
  it('give the same bytes in a file and in memory, from a file and from memory, in pieces or whole', () => {
    const picture = Buffer.alloc(9_500_000);
    for (let at = 0; at < picture.length; at++) picture[at] = (at * 7) ^ (at >> 9);
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /MediaBox [0 0 9 9] /Contents 4 0 R /X [5 0 R 6 0 R] >>',
      4: { dictionary: '', data: 'q Q' },
      5: { dictionary: '/Type /XObject', data: picture },
      6: { dictionary: '/Type /XObject', data: picture.subarray(0, 100_000) },
    });
    writeFileSync(path('large.pdf'), file);
    const memory = memorySink();
    merge([{ source: bytesSource(file) }, { source: bytesSource(pagesPdf(2)) }], memory);
    const source = fileSource(path('large.pdf'));
    merge([{ source }, { source: bytesSource(pagesPdf(2)) }], fileSink(path('result.pdf')));
    source.close();
    const result = readFileSync(path('result.pdf'));
    assert.ok(result.equals(memory.bytes()));
    const inspection = inspect(result);
    assert.equal(contents(inspection).length, 3);
    assert.ok([...inspection.objects.values()].some(({ data }) => data?.equals(picture)));
  });

  it('leave no file behind when the merge fails', () => {
    const inputs = [{ source: bytesSource(pagesPdf(1)) }, { source: bytesSource(Buffer.from('no')) }];
    assert.throws(() => merge(inputs, fileSink(path('failed.pdf'))), PdfError);
    assert.ok(!existsSync(path('failed.pdf')));
  });

  it('remove the part that was written when the merge fails late', () => {
    const sink = fileSink(path('part.pdf'));
    sink.write(Buffer.from('part'));
    assert.ok(existsSync(path('part.pdf')));
    sink.discard();
    assert.ok(!existsSync(path('part.pdf')));
  });

  it('may be one of the inputs, by any of its names, which keeps its bytes until the result is whole', () => {
    writeFileSync(path('own.pdf'), pagesPdf(2));
    linkSync(path('own.pdf'), path('hard.pdf'));
    symlinkSync(path('own.pdf'), path('soft.pdf'));
    for (const [name, pages] of [
      ['own.pdf', 4],
      ['soft.pdf', 8],
    ] as const) {
      const source = fileSource(path('own.pdf'));
      merge([{ source }, { source }], fileSink(path(name)));
      source.close();
      assert.equal(inspect(readFileSync(path('own.pdf'))).pages.length, pages);
    }
    const source = fileSource(path('hard.pdf'));
    assert.equal(source.size, pagesPdf(2).length, 'another name keeps what it meant');
    source.close();
    assert.deepEqual(
      readdirSync(path('')).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('leave the file that is there when the merge fails late', () => {
    writeFileSync(path('kept.pdf'), 'kept');
    const sink = fileSink(path('kept.pdf'));
    sink.write(Buffer.from('part'));
    assert.equal(readFileSync(path('kept.pdf'), 'utf8'), 'kept');
    sink.discard();
    assert.equal(readFileSync(path('kept.pdf'), 'utf8'), 'kept');
    assert.deepEqual(
      readdirSync(path('')).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('fill with zeros what a source no longer has', () => {
    const sink = memorySink();
    sink.copy(bytesSource(numbered), 99_990, 20);
    assert.deepEqual(Buffer.from(sink.bytes()), Buffer.concat([numbered.subarray(99_990), Buffer.alloc(10)]));
  });

  it('that cannot be written throw the error of the system', () => {
    assert.throws(() => merge([{ source: bytesSource(pagesPdf(1)) }], fileSink(path('no/such/folder.pdf'))), {
      code: 'ENOENT',
    });
  });
});
