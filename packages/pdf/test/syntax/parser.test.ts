import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PdfName } from '../../src/objects/name.ts';
import { PdfNumber } from '../../src/objects/number.ts';
import { countOf, nameOf, numberOf, type PdfObject } from '../../src/objects/object.ts';
import { PdfReference } from '../../src/objects/reference.ts';
import { PdfString } from '../../src/objects/string.ts';
import { ByteBuffer } from '../../src/syntax/byte-buffer.ts';
import { Parser } from '../../src/syntax/parser.ts';
import { writeObject } from '../../src/syntax/write.ts';
import { bytes } from '../builder.ts';

function parse(text: string, nestingMax = 8): PdfObject {
  return new Parser(bytes(text), 0, text.length, nestingMax).object();
}

/** An object as plain data: names with a slash, strings in parentheses, references as `N G R`. */
function plain(object: PdfObject): unknown {
  if (object instanceof PdfName) return `/${object.value}`;
  if (object instanceof PdfNumber) return object.value;
  if (object instanceof PdfString) return `(${Buffer.from(object.bytes).toString('latin1')})`;
  if (object instanceof PdfReference) return `${object.number} ${object.generation} R`;
  if (Array.isArray(object)) return object.map(plain);
  if (object instanceof Map)
    return Object.fromEntries([...object].map(([key, value]) => [key, plain(value)]));
  return object;
}

function write(object: PdfObject): string {
  const out = new ByteBuffer(4);
  writeObject(out, object, { reference: (number) => (number === 9 ? 0 : number) });
  return Buffer.from(out.view()).toString('latin1');
}

describe('parsing', () => {
  const cases: readonly [input: string, expected: unknown][] = [
    ['1', 1],
    ['-1.5', -1.5],
    ['+.5', 0.5],
    ['--5', -5],
    ['1.2.3', 1.2],
    ['4.', 4],
    ['-', 0],
    ['1e5', 1],
    ['/Name', '/Name'],
    ['/A#20b#zz', '/A b#zz'],
    ['/', '/'],
    ['(a(b)c)', '(a(b)c)'],
    ['(\\n\\r\\t\\b\\f\\(\\)\\\\\\x)', '(\n\r\t\b\f()\\x)'],
    ['(\\101\\7\\0501\\777)', '(A\x07(1\xff)'],
    ['(a\\\nb\\\r\nc\\\rd)', '(abcd)'],
    ['(a\r\nb\rc)', '(a\nb\nc)'],
    ['(open', '(open)'],
    ['<48 65 6>', '(He`)'],
    ['<4x8>', '(H)'],
    ['<>', '()'],
    ['true', true],
    ['false', false],
    ['null', null],
    ['what', null],
    ['12 0 R', '12 0 R'],
    ['12 0 obj', 12],
    ['[1 0 R 2 3 (x)/N]', ['1 0 R', 2, 3, '(x)', '/N']],
    ['<</A 1/B[2]/C<</D null>>>>', { A: 1, B: [2], C: { D: null } }],
    ['<</A 1/A 2>>', { A: 2 }],
    ['<</A>>', { A: null }],
    ['<<7 /A 1 (x) /B 2>>', { A: 1, B: 2 }],
    ['[1 [2 endobj', [1, [2]]],
    ['<</A [1 >> 2', { A: [1] }],
    ['[1 >> 2]', [1, 2]],
    ['[1 ) > 2]', [1, 2]],
    ['<</A 1', { A: 1 }],
    ['% x\n7', 7],
    ['endobj', null],
    [']', null],
    ['', null],
  ];
  for (const [input, expected] of cases)
    it(`reads ${JSON.stringify(input)}`, () => assert.deepEqual(plain(parse(input)), expected));

  it('makes null of what is nested too deeply, however deep', () => {
    assert.deepEqual(plain(parse('[[[1] 2] 3]', 2)), [[null, 2], 3]);
    assert.deepEqual(plain(parse(`[${'['.repeat(1e6)}${']'.repeat(1e6)} 5]`, 2)), [[null], 5]);
    assert.deepEqual(plain(parse('[[<<<<'.repeat(50_000), 2)), [[null]]);
  });

  it('decrypts strings', () => {
    const parser = new Parser(bytes('[(a) <62> /c]'), 0, 13, 8, (value) => value.map((byte) => byte - 32));
    assert.deepEqual(plain(parser.object()), ['(A)', '(B)', '/c']);
  });

  it('goes on where it stopped', () => {
    const parser = new Parser(bytes('1 0 R/N(x)'), 0, 10, 8);
    assert.deepEqual([parser.object(), parser.object(), parser.object()].map(plain), ['1 0 R', '/N', '(x)']);
  });
});

describe('writing', () => {
  const round = [
    '[1.50 -.0 --5 1.2.3]',
    '<</A true/B null>>',
    '[/A#20b /#23]',
    '[(a\\(b\\)\\\\) ()]',
    '[7 0 R]',
    '<</A<</B[1 2]>>>>',
  ];
  for (const text of round)
    it(`gives back what ${text} means`, () =>
      assert.deepEqual(plain(parse(write(parse(text)))), plain(parse(text))));

  it('keeps numbers as they were written', () =>
    assert.equal(write(parse('[1.50 --5 +0.0]')), '[1.50 --5 +0.0]'));

  it('writes bytes that are no text in hexadecimal', () => {
    assert.equal(write(new PdfString(Uint8Array.of(0, 255, 16, 65))), '<00ff1041>');
    assert.equal(write(new PdfString(bytes('a\r\n(\\'))), '(a\\r\n\\(\\\\)');
  });

  it('makes a reference to nothing null', () => assert.equal(write(parse('[9 0 R 8 0 R]')), '[null 8 0 R]'));
});

describe('reading values', () => {
  it('gives undefined for another kind of object', () => {
    assert.equal(nameOf(parse('(x)')), undefined);
    assert.equal(nameOf(parse('/x')), 'x');
    assert.equal(numberOf(parse('/x')), undefined);
    assert.deepEqual(
      ['3', '-3', '1.5', '99999999999999999999', '(3)'].map((text) => countOf(parse(text))),
      [3, undefined, undefined, undefined, undefined],
    );
  });
});
