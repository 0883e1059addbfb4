import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  bytesSource,
  fileSink,
  memorySink,
  PdfError,
  split,
  splitRanges,
  type MemorySink,
  type Sink,
  type SplitOptions,
  type SplitParts,
} from '../../src/index.ts';
import { buildPdf, pagesPdf, type StreamText } from '../builder.ts';
import { contents, inspect, type Inspection } from '../inspect.ts';

type Parts = SplitParts | ((pageCount: number) => SplitParts);

function splitAndInspect(file: Buffer, parts: Parts, options: SplitOptions = {}): Inspection[] {
  const sinks: MemorySink[] = [];
  const sinkFor = (index: number): Sink => (sinks[index] = memorySink());
  split(bytesSource(file), parts, sinkFor, options);
  return sinks.map((sink) => inspect(Buffer.from(sink.bytes())));
}

const texts = (part: Inspection): string[] => contents(part).map((text) => /\((.*)\)/.exec(text)![1]!);

const singles = (count: number): number[][] => Array.from({ length: count }, (_, index) => [index]);

describe('split', () => {
  it('writes each part with its pages in their order', () => {
    const parts = splitAndInspect(pagesPdf(5), [[0, 1], [4, 2], [3]]);
    assert.deepEqual(parts.map(texts), [['Page 1', 'Page 2'], ['Page 5', 'Page 3'], ['Page 4']]);
  });

  it('asks for the parts when the number of pages is known', () => {
    const parts = splitAndInspect(pagesPdf(4), (count) => splitRanges('*,3-,!1', count));
    assert.deepEqual(parts.map(texts), [
      ['Page 1'],
      ['Page 2'],
      ['Page 3'],
      ['Page 4'],
      ['Page 3', 'Page 4'],
      ['Page 4'],
    ]);
  });

  it('says how many pages the document and the parts have', () => {
    const sinkFor = (): Sink => memorySink();
    const result = split(bytesSource(pagesPdf(3, { version: '1.6' })), [[0, 2], [1]], sinkFor);
    assert.deepEqual(result, { pageCount: 3, parts: [2, 1], version: '1.6', warnings: [] });
  });

  it('keeps object streams and classic tables as they were', () => {
    const [modern] = splitAndInspect(pagesPdf(3, { objectStreamSize: 4 }), [[1]]);
    assert.match(modern!.trailer, /\/Type\/XRef/);
    const [classic] = splitAndInspect(pagesPdf(3), [[1]]);
    assert.match(classic!.trailer, /^trailer/);
  });

  it('gives each part an identifier of its own, and the same bytes for the same parts', () => {
    const ids = (): string[] =>
      splitAndInspect(pagesPdf(2), [[0], [1], [0]]).map(({ trailer }) => /\/ID\[(<\w+>)/.exec(trailer)![1]!);
    const [first, second, third] = ids();
    assert.notEqual(first, second);
    assert.equal(first, third);
    assert.deepEqual(ids(), [first, second, third]);
  });

  it('opens an encrypted document', () => {
    const file = readFileSync(new URL('../fixtures/encrypted-r3.pdf', import.meta.url));
    const [part] = splitAndInspect(file, [[0]], { password: 'user' });
    assert.equal(part!.pages.length, 1);
    assert.doesNotMatch(part!.trailer, /Encrypt/);
  });

  it('copies into a part of one page only what that page reaches', () => {
    const count = 1000;
    const objects: Record<number, string | StreamText> = {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      3: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    };
    const pages = Array.from({ length: count }, (_, index) => 10 + index * 4);
    for (const [index, number] of pages.entries()) {
      const next = pages[(index + 1) % count]!;
      objects[number] =
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents ${number + 1} 0 R /Annots [${number + 2} 0 R] ` +
        `/Resources << /Font << /F1 3 0 R >> /XObject << /X ${number + 3} 0 R >> >> >>`;
      objects[number + 1] = { dictionary: '', data: `BT /F1 9 Tf (Page ${index + 1}) Tj ET` };
      objects[number + 2] =
        `<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [${next} 0 R /Fit] /IRT ${next + 2} 0 R >>`;
      objects[number + 3] = { dictionary: '/Type /XObject /Subtype /Image', data: 'picture '.repeat(500) };
    }
    objects[2] = `<< /Type /Pages /Count ${count} /Kids [${pages.map((page) => `${page} 0 R`).join(' ')}] >>`;
    objects[pages[1]! + 2] = objects[pages[1]! + 2]!.toString().replace('/Link', '/Text /P 14 0 R');
    const sink = memorySink();
    split(bytesSource(buildPdf(objects)), [[0]], () => sink);
    const part = inspect(Buffer.from(sink.bytes()));
    assert.deepEqual(texts(part), ['Page 1']);
    // Catalog, pages, page, contents, font, picture, annotation, what it answered (null), information.
    assert.equal(part.objects.size, 9);
    assert.ok(sink.bytes().length < 7000, String(sink.bytes().length));
  });

  it('writes a part of all pages as the document was, attachments and all', () => {
    const file = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 5 0 R /JavaScript 7 0 R >> /OpenAction [3 0 R /Fit] >>',
      2: '<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
      4: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /AF [6 0 R] >>',
      5: '<< /Names [(a.txt) 6 0 R] >>',
      6: '<< /Type /Filespec /F (a.txt) >>',
      7: '<< /Names [(start) << /S /JavaScript /JS (1) >>] >>',
    });
    const [whole, part] = splitAndInspect(file, [[0, 1], [0]]).map(({ objects }) =>
      [...objects.values()].map(({ text }) => text).join('\n'),
    );
    assert.match(whole!, /EmbeddedFiles/);
    assert.match(whole!, /JavaScript/);
    assert.match(whole!, /OpenAction/);
    assert.doesNotMatch(part!, /EmbeddedFiles|JavaScript|OpenAction|Filespec/);
    const [withFile] = splitAndInspect(file, [[1]]);
    assert.ok([...withFile!.objects.values()].some(({ text }) => text.includes('Filespec')));
  });
});

describe('split: errors', () => {
  const failing = (parts: Parts, sinkFor: (index: number) => Sink = () => memorySink()): PdfError => {
    try {
      split(bytesSource(pagesPdf(3)), parts, sinkFor, { limits: { pagesMax: 5 } });
    } catch (error) {
      assert.ok(error instanceof PdfError, String(error));
      return error;
    }
    throw assert.fail('it was split');
  };

  it('refuses pages that do not exist before it begins', () => {
    for (const page of [3, -1, 0.5, Number.NaN]) {
      let begun = 0;
      const error = failing([[0], [page]], () => {
        begun++;
        return memorySink();
      });
      assert.equal(error.code, 'page-index');
      assert.equal(begun, 0);
    }
  });

  it('refuses a part without pages, and more pages than there may be', () => {
    assert.equal(failing([[0], []]).code, 'page-range');
    assert.equal(
      failing([
        [0, 1, 2],
        [0, 1, 2],
      ]).code,
      'limit',
    );
  });

  it('discards every sink that was begun when one fails in the middle', () => {
    const folder = mkdtempSync(join(tmpdir(), 'octavo-split-'));
    try {
      const paths = [0, 1, 2].map((index) => join(folder, `${index}.pdf`));
      const full: Sink = {
        ...memorySink(),
        write() {
          throw new Error('The disk is full.');
        },
      };
      const begun: number[] = [];
      assert.throws(
        () =>
          split(bytesSource(pagesPdf(3)), singles(3), (index) => {
            begun.push(index);
            return index === 2 ? full : fileSink(paths[index]!);
          }),
        /disk is full/,
      );
      assert.deepEqual(begun, [0, 1, 2]);
      assert.ok(!paths.some((path) => existsSync(path)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('split: many parts', () => {
  it('may copy what pages share into each of them', () => {
    // Together the parts are many times what may be read of one document of this size.
    const count = 120;
    const objects: Record<number, string | StreamText> = {
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: `<< /Type /Pages /Count ${count} /Resources << /XObject << /X 3 0 R >> >> /MediaBox [0 0 9 9] /Kids [${'4 0 R '.repeat(count)}] >>`,
      3: { dictionary: '/Subtype /Image', data: Buffer.alloc(1_000_000, 'x') },
      4: '<< /Type /Page /Parent 2 0 R >>',
    };
    let bytes = 0;
    const sink: Sink = {
      write: (piece) => void (bytes += piece.length),
      copy: (_source, _offset, length) => void (bytes += length),
      finish() {},
      discard() {},
    };
    split(bytesSource(buildPdf(objects)), singles(count), () => sink);
    assert.ok(bytes > count * 1_000_000);
  });
});
