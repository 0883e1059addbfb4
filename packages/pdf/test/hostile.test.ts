import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { bytesSource, memorySink, merge, PdfError, type PdfErrorCode } from '../src/index.ts';
import { buildPdf, bytes, objectBytes, objectStream, pagesPdf, xrefStream, type Objects } from './builder.ts';
import { inspect } from './inspect.ts';

// Files made to exhaust a reader. Each must end in a right result or a typed error; that it ends soon, the time limit of
// the test run holds.

const hundredKeys = Array.from({ length: 100 }, (_, index) => `/K${index} 1`).join('');

const base = (page: string, more: Objects = {}): Buffer =>
  buildPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] ${page} >>`,
    ...more,
  });

/** An object stream of 60 MB of blanks with one object, packed to 60 KB. */
const bomb = (number: number): Objects[number] => ({
  dictionary: '/Type /ObjStm /N 1 /First 8 /Filter /FlateDecode',
  data: deflateSync(bytes(`${number} 0`.padEnd(60_000_000))),
});

function deepTree(depth: number): Buffer {
  const objects: Record<number, string> = { 1: '<< /Type /Catalog /Pages 2 0 R >>' };
  for (let number = 2; number < depth; number++)
    objects[number] = `<< /Type /Pages /Kids [${number + 1} 0 R] >>`;
  objects[depth] = '<< /Type /Page /MediaBox [0 0 9 9] >>';
  return buildPdf(objects);
}

function manyBombs(): Buffer {
  const parts = [bytes('%PDF-1.5\n1 0 obj << /Type /Catalog /Pages 99 0 R >> endobj\n')];
  for (let number = 10; number < 30; number++) parts.push(objectBytes(number, bomb(number + 100)!));
  return Buffer.concat(parts);
}

function loneHighObject(): Buffer {
  const text = pagesPdf(1).toString('latin1').replace('trailer', '8388600 1\n0000000009 00000 n \ntrailer');
  return bytes(text);
}

function everyRowFree(): Buffer {
  const xref = xrefStream(new Map(), 1_000_000, '/Size 1000000 /Root 1 0 R');
  return Buffer.concat([bytes('%PDF-1.5\n'), objectBytes(3, xref), bytes('startxref\n9\n%%EOF')]);
}

function sameObject(count: number): Buffer {
  const body = `<< /Type /Page /X (${'x'.repeat(100_000)}) >>`;
  const header = Array.from({ length: count }, (_, index) => `${index + 10} 0`).join(' ');
  const kids = Array.from({ length: count }, (_, index) => `${index + 10} 0 R`).join(' ');
  const stream = {
    dictionary: `/Type /ObjStm /N ${count} /First ${header.length + 1} /Filter /FlateDecode`,
    data: deflateSync(bytes(`${header} ${body}`)),
  };
  return Buffer.concat([
    bytes('%PDF-1.5\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n'),
    bytes(`2 0 obj << /Kids [${kids}] >> endobj\n`),
    objectBytes(3, stream),
  ]);
}

const cases: readonly [title: string, file: Buffer, expected: number | PdfErrorCode][] = [
  ['an array a million deep', base(`/X ${'['.repeat(1e6)}${']'.repeat(1e6)}`), 1],
  ['an array a million deep that never closes', base(`/X ${'['.repeat(1e6)}`), 1],
  ['a million closing brackets', base(`/X [${'>>'.repeat(5e5)}]`), 1],
  ['dictionaries 200,000 deep', base(`/X ${'<</A'.repeat(2e5)} 1 ${'>>'.repeat(2e5)}`), 1],
  [
    'kids 200,000 deep',
    buildPdf({ 1: '<< /Pages 2 0 R >>', 2: `<< /Kids ${'['.repeat(2e5)}${']'.repeat(2e5)} >>` }),
    'damaged',
  ],
  ['strings that never close', base(`/X ${'(('.repeat(2e5)}`), 1],
  ['a page tree 20,000 deep', deepTree(20_000), 'limit'],
  [
    '300,000 references to one page',
    buildPdf({ 1: '<< /Pages 2 0 R >>', 2: `<< /Kids [${'3 0 R '.repeat(3e5)}] >>`, 3: '<< /Type /Page >>' }),
    'limit',
  ],
  [
    '100,000 kids that do not exist',
    buildPdf({
      1: '<< /Pages 2 0 R >>',
      2: `<< /Kids [${'9 0 R '.repeat(1e5)}3 0 R] >>`,
      3: '<< /Type /Page >>',
    }),
    1,
  ],
  ['a dictionary of two million entries', base(hundredKeys.repeat(2e4)), 'limit'],
  ['a dictionary of one entry two million times', base('/A 1'.repeat(2e6)), 1],
  ['two million references', base(`/X [${'1 0 R '.repeat(2e6)}]`), 'limit'],
  [
    'two million kids',
    buildPdf({ 1: '<< /Pages 2 0 R >>', 2: `<< /Kids [${'null '.repeat(2e6)}] >>` }),
    'limit',
  ],
  ['references in a circle', base('/X 4 0 R', { 4: '5 0 R', 5: '4 0 R' }), 1],
  [
    'kids that are references in a circle',
    buildPdf({ 1: '<< /Pages 2 0 R >>', 2: '<< /Kids 4 0 R >>', 4: '5 0 R', 5: '4 0 R' }),
    'damaged',
  ],
  [
    'a length that is its own stream',
    base('/Contents 4 0 R', { 4: '<< /Length 4 0 R >>\nstream\nBT ET\nendstream' }),
    1,
  ],
  ['object streams that decode to more than there may be', manyBombs(), 'limit'],
  ['a lone object number near the limit', loneHighObject(), 1],
  ['a cross-reference stream of a million free rows', everyRowFree(), 'damaged'],
  ['thousands of objects in the same place', sameObject(9000), 'limit'],
  ['50,000 headers without objects', bytes(`%PDF-1.7\n${'1 0 obj '.repeat(50_000)}`), 'damaged'],
  [
    '50,000 headers with strings that never close',
    bytes(`%PDF-1.7\n${'1 0 obj ( '.repeat(50_000)}`),
    'limit',
  ],
  [
    '20,000 trailers that never close',
    bytes(`%PDF-1.7\n1 0 obj 1 endobj ${'trailer << /A [ '.repeat(20_000)}`),
    'damaged',
  ],
  [
    'an object stream in an object stream',
    buildPdf({
      1: '<< /Pages 2 0 R >>',
      6: objectStream([
        [7, '<< /Type /ObjStm >>'],
        [2, '<< /Kids [] >>'],
      ]),
    }),
    'damaged',
  ],
];

describe('hostile files', () => {
  for (const [title, file, expected] of cases)
    it(`end well: ${title}`, () => {
      const sink = memorySink();
      let found: number | PdfErrorCode;
      try {
        found = merge([{ source: bytesSource(file) }], sink).pageCount;
        inspect(Buffer.from(sink.bytes()));
      } catch (error) {
        assert.ok(error instanceof PdfError, String(error));
        found = error.code;
      }
      assert.equal(found, expected);
    });
});
