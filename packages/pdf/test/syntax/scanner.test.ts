import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteBuffer } from '../../src/syntax/byte-buffer.ts';
import { ObjectScan } from '../../src/syntax/object-scan.ts';
import { bytes } from '../builder.ts';

interface Copied {
  readonly text: string;
  readonly rest: string;
  readonly repaired: boolean;
  readonly ranOut: boolean;
}

/** Copies the object at the start of a text with references N made N + 100, strings made upper case if `strings`. */
function copy(text: string, { strings = false, nestingMax = 8 } = {}): Copied {
  const scan = new ObjectScan(nestingMax);
  const input = bytes(text);
  scan.read(input, 0, input.length, strings);
  const out = new ByteBuffer(16);
  scan.copy(out, {
    reference: (number, generation) => (generation === 0 && number > 0 ? number + 100 : 0),
    string: (value) => bytes(Buffer.from(value).toString('latin1').toUpperCase()),
  });
  return {
    text: Buffer.from(out.view()).toString('latin1'),
    rest: text.slice(scan.end),
    repaired: scan.scanner.repaired,
    ranOut: scan.ranOut,
  };
}

describe('copying an object', () => {
  const sound: readonly [input: string, output: string, rest?: string][] = [
    ['12 endobj', '12', ' endobj'],
    ['12 0 R endobj', '112 0 R', ' endobj'],
    ['12 0 obj', '12', ' 0 obj'],
    ['-1.5 endobj', '-1.5', ' endobj'],
    ['/Name/Other', '/Name', '/Other'],
    ['/A#20B ', '/A#20B', ' '],
    ['true ', 'true', ' '],
    ['null\n', 'null', '\n'],
    ['% comment 7 0 R\n 3 ', '3', ' '],
    ['[1 0 R 2 0 R]', '[101 0 R 102 0 R]'],
    ['[1  0\nR%x\n2 0 R]', '[101 0 R%x\n102 0 R]'],
    ['[1 2 3 0 R 4]', '[1 2 103 0 R 4]'],
    ['[1 0 R/N 5]', '[101 0 R/N 5]'],
    ['[1 0 R(s)2 0 R<41>3 0 R]', '[101 0 R(s)102 0 R<41>103 0 R]'],
    ['[(1 0 R) (\\) 2 0 R) ((3 0 R)) 4 0 R]', '[(1 0 R) (\\) 2 0 R) ((3 0 R)) 104 0 R]'],
    ['[<31203020 52> 4 0 R]', '[<31203020 52> 104 0 R]'],
    ['[1 5 R 0 0 R]', '[null null]'],
    ['[99999999999 0 R]', '[null]'],
    ['[1 0 0 R]', '[1 null]'],
    ['[--5 1.2.3 +7 4.]', '[--5 1.2.3 +7 4.]'],
    ['<< /A 1 0 R /B [2 0 R] >>x', '<</A 101 0 R/B[102 0 R]>>', 'x'],
    ['<</A/B/C<</D 3 0 R>>>>', '<</A/B/C<</D 103 0 R>>>>'],
    ['<</A(x)/B<41>/C true/D null>>', '<</A(x)/B<41>/C true/D null>>'],
    ['<< /A % 1 0 R\n 2 >>', '<</A 2>>'],
    ['<<>>', '<<>>'],
    ['<</Length 5>>stream', '<</Length 5>>', 'stream'],
    ['[{ 1 0 R }]', '[{ 101 0 R }]'],
  ];
  for (const [input, output, rest = ''] of sound)
    it(`keeps ${JSON.stringify(input)}`, () =>
      assert.deepEqual(copy(input), { text: output, rest, repaired: false, ranOut: false }));

  const broken: readonly [title: string, input: string, output: string, rest?: string][] = [
    ['an array that does not close', '[1 0 R endobj', '[101 0 R ]', 'endobj'],
    ['a dictionary that does not close', '<< /A 1 0 R endobj', '<</A 101 0 R>>', 'endobj'],
    ['containers that do not close', '<< /A [<< /B 1 endobj', '<</A[<< /B 1 >>]>>', 'endobj'],
    ['a dictionary before its stream', '<< /A [1 stream', '<</A[1 ]>>', 'stream'],
    ['an array closed by its dictionary', '[<< /A [1 >> 2 0 R]', '[<< /A [1 ]>> 102 0 R]'],
    ['a dictionary closed by its array', '<< /X [<< /A 1 ] /B 2 0 R >>', '<</X[<< /A 1 >>]/B 102 0 R>>'],
    ['a stray bracket in a dictionary', '<< /A 1 ] /B 2 >>', '<</A 1/B 2>>'],
    ['a stray bracket in an array', '[1 >> 2]', '[1   2]'],
    ['a stray parenthesis', '[1 ) 2]', '[1   2]'],
    ['a single angle bracket', '[1 > 2]', '[1   2]'],
    [
      'a word that is no object',
      '[1 0 RG 2 0 R /1 0 R true tru <</A nul>>]',
      '[1 0  null  102 0 R /1 0  null  true  null  <</A  null >>]',
    ],
    ['a word in place of a value', '<< /A word /B 2 0 R >>', '<</A  null /B 102 0 R>>'],
    [
      'a keyword that was written over a dictionary',
      '<< /A endobj /B trailer[1 0 R]/C startxref/D 2 >>',
      '<</A  null /B  null /C  null /D 2>>',
    ],
    ['a key without a value', '<< /A >>', '<</A null>>'],
    ['values without a key', '<< 7 /A 1 (x) /B 2 >>', '<</A 1/B 2>>'],
    [
      'a string that swallows the end',
      '<< /A (x /B 1 >>\nendobj\n2 0 obj',
      '<</A(x /B 1 >>\n)>>',
      'endobj\n2 0 obj',
    ],
    ['a string that swallows the last end', '[(x]\nendobj\nxref', '[(x]\n)]', 'endobj\nxref'],
  ];
  for (const [title, input, output, rest = ''] of broken)
    it(`mends ${title}`, () => {
      const copied = copy(input);
      assert.equal(copied.text, output);
      assert.equal(copied.rest, rest);
      // A key without a value is not worth a warning.
      assert.equal(copied.repaired, title !== 'a key without a value');
    });

  const cut: readonly [input: string, output: string][] = [
    ['[1 2', '[1 2]'],
    ['<< /A [1', '<</A[1]>>'],
    ['<< /A (text', '<</A(text)>>'],
    ['<< /A <41', '<</A<41>>>'],
    ['(text', '(text)'],
    ['<< /A', '<</A null>>'],
    ['<<', '<<>>'],
    ['', 'null'],
  ];
  for (const [input, output] of cut)
    it(`closes what ends with the file: ${JSON.stringify(input)}`, () => {
      const copied = copy(input);
      assert.equal(copied.text, output);
      assert.ok(copied.ranOut);
    });

  it('knows text about PDF from the end of an object', () => {
    const text = '[(write endobj after it) 1 0 R]';
    assert.equal(copy(text).text, '[(write endobj after it) 101 0 R]');
  });

  it('gives strings to be decrypted only where it is asked to', () => {
    assert.equal(copy('[(ab\\)) <6364> /ab]', { strings: true }).text, '[(AB\\)) (CD) /ab]');
    assert.equal(copy('(ab)').text, '(ab)');
  });

  it('replaces what is nested too deeply by null', () => {
    assert.equal(copy('[[[1 0 R] 2] 3]', { nestingMax: 2 }).text, '[[ null  2] 3]');
    assert.equal(copy('[[[1 0 R] 2] 3]', { nestingMax: 3 }).text, '[[[101 0 R] 2] 3]');
    assert.ok(copy('[[[1 0 R] 2] 3]', { nestingMax: 2 }).repaired);
  });

  it('takes a million brackets in its stride', () => {
    const deep = `<< /A ${'['.repeat(1e6)}${']'.repeat(1e6)} /B 1 0 R >>`;
    assert.equal(copy(deep).text, '<</A[[[[[[[[ null ]]]]]]]]/B 101 0 R>>');
    assert.equal(copy(`<< /A ${'<</A'.repeat(1e5)}${'>>'.repeat(1e5)} /B 1 >>`).rest, '');
  });

  it('grows for many references and many entries', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `/K${index} ${index + 1} 0 R`).join('');
    const expected = Array.from({ length: 5000 }, (_, index) => `/K${index} ${index + 101} 0 R`).join('');
    assert.equal(copy(`<<${many}>>`).text, `<<${expected}>>`);
  });
});

describe('finding entries', () => {
  const scan = (text: string): ObjectScan => {
    const found = new ObjectScan(8);
    found.read(bytes(text), 0, text.length, false);
    return found;
  };

  it('compares whole names, escapes undone', () => {
    const found = scan('<< /Typ /a /Type1 /b /T#79pe /Page >>');
    assert.ok(found.isName('Type', 'Page'));
    assert.ok(!found.isName('Type', 'Pages'));
    assert.equal(found.find('Ty'), -1);
  });

  it('takes the last of equal keys', () => {
    assert.ok(scan('<< /Type /Pages /Type /Page >>').isName('Type', 'Page'));
  });

  it('takes a value of null for none', () => {
    const found = scan('<< /A null /B /null /C false /D >>');
    assert.deepEqual(
      ['A', 'B', 'C', 'D', 'E'].map((key) => found.has(key)),
      [false, true, true, false, false],
    );
  });
});
