import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { bytesSource, memorySink, merge, PdfError, type MergeResult } from '../../src/index.ts';
import { bytes, pagesPdf, type StreamText } from '../builder.ts';
import { document, Result } from '../carriers/result.ts';
import { inspect } from '../inspect.ts';

// Objects that all are the same 20 KB of an object stream: reading a hundred is more than one part of a catalog may cost.
const COUNT = 300;
const limits = { workBytesMin: 2_000_000 };
const numbers = Array.from({ length: COUNT }, (_, index) => index + 10);
const references = numbers.map((number) => `${number} 0 R`).join(' ');
const keyed = numbers.map((number) => `(${number}) ${number} 0 R`).join(' ');
const counted = numbers.map((number) => `${number} ${number} 0 R`).join(' ');

/** An object stream in which all of them are this object. */
function same(body: string): StreamText {
  const header = numbers.map((number) => `${number} 0`).join(' ');
  const data = deflateSync(bytes(`${header}\n${body}`));
  return {
    dictionary: `/Type /ObjStm /N ${COUNT} /First ${header.length + 1} /Filter /FlateDecode`,
    data,
  };
}

/** A document without a usable table, so that the object stream is found. */
function heavy(catalog: string, page = ''): Buffer {
  const body = `<< /Type /Any /S /Any /T (t) /Title (t) /X (${'x'.repeat(20_000)}) >>`;
  const file = document(catalog, page, { 5: same(body) }).toString('latin1');
  return bytes(file.replace(/startxref\n\d+/, ''));
}

const good = document(
  '/PageLabels << /Nums [0 << /S /r >>] >> /Outlines 6 0 R /Names << /Dests << /Names [(here) [3 0 R /Fit]] >> >> /Lang (en)',
  '',
  {
    6: '<< /First 7 0 R /Last 7 0 R /Count 1 >>',
    7: '<< /Title (kept) /Parent 6 0 R /Dest (here) >>',
  },
);

function mergeAll(...files: readonly Buffer[]): { result: MergeResult; merged: Result } {
  const sink = memorySink();
  const result = merge(
    files.map((file) => ({ source: bytesSource(file) })),
    sink,
    { limits },
  );
  const merged = Buffer.from(sink.bytes());
  inspect(merged);
  return { result, merged: new Result(merged, result.warnings) };
}

describe('a part of a catalog that costs too much', () => {
  const cases: readonly [what: string, catalog: string][] = [
    ['The names and attachments were', `/Names << /EmbeddedFiles << /Names [${keyed}] >> >>`],
    ['The page labels were', `/PageLabels << /Nums [${counted}] >>`],
    ['Entries of the catalog were', `/AF [${references}]`],
    ['The form was', `/AcroForm << /Fields [${references}] >>`],
    ['The layers were', `/OCProperties << /OCGs [${references}] /D << >> >>`],
    ['The tags were', `/StructTreeRoot << /K [${references}] >>`],
    ['The article threads were', `/Threads [${references}]`],
  ];
  for (const [what, catalog] of cases)
    it(`is left out, and all else is kept: ${what}`, () => {
      const { result, merged } = mergeAll(good, heavy(catalog), pagesPdf(2));
      assert.equal(result.pageCount, 4);
      assert.deepEqual(
        result.warnings.filter((each) => each.includes('left out')),
        [`Document 2: ${what} left out, as it causes too much work for the size of the document.`],
      );
      assert.equal(merged.plain(merged.at('Outlines', 'First', 'Title')), '(kept)');
      assert.deepEqual(merged.plain(merged.at('PageLabels', 'Nums', 1)), { S: '/r' });
    });

  it('may be one of several, in several documents', () => {
    const files = cases.slice(0, 3).map(([, catalog]) => heavy(catalog));
    const both = heavy(
      cases
        .slice(3)
        .map(([, catalog]) => catalog)
        .join(' '),
    );
    const { result, merged } = mergeAll(good, ...files, both);
    assert.equal(result.pageCount, 5);
    assert.equal(result.warnings.filter((each) => each.includes('left out')).length > 3, true);
    assert.ok(merged.at('Pages') instanceof Map);
  });
});

describe('an error of the system', () => {
  it('is never taken for a fault of a document', () => {
    const source = bytesSource(heavy('/AF [10 0 R]'));
    const full = Object.assign(new Error('no space left on device'), { syscall: 'write', code: 'ENOSPC' });
    const sink = memorySink();
    sink.write = () => {
      throw full;
    };
    assert.throws(
      () => merge([{ source }], sink),
      (error) => error === full,
    );
  });
});

describe('pages that cost too much', () => {
  it('are an error of their document, whatever its catalog has', () => {
    const file = heavy(`/Lang (en) /Names << /Dests << /Names [${keyed}] >> >>`, `/X [${references}]`);
    assert.throws(
      () => mergeAll(good, file),
      (error) => error instanceof PdfError && error.code === 'limit' && error.input === 1,
    );
  });
});
