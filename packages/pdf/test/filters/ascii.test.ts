import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeAscii85 } from '../../src/filters/ascii85.ts';
import { decodeAsciiHex } from '../../src/filters/ascii-hex.ts';
import { hex, latin1, pdfError } from './helpers.ts';

const bytesMax = 1000;

describe('ASCIIHexDecode', () => {
  const cases: [what: string, data: string, bytes: string][] = [
    ['pairs of digits in both cases', '00fFaB>', '00 ff ab'],
    ['an odd last digit as if 0 followed', 'ABC>', 'ab c0'],
    ['an odd last digit without the end marker', '7', '70'],
    ['white space of every kind', '4 1\t4\n2\r4\f3\u0000>', '41 42 43'],
    ['nothing after the end marker', '41>42', '41'],
    ['a missing end marker', '4142', '41 42'],
    ['foreign bytes as if they were not there', '4x1-42>', '41 42'],
    ['no data', '>', ''],
  ];
  for (const [what, data, bytes] of cases) {
    it(`reads ${what}`, () => assert.deepEqual(decodeAsciiHex(latin1(data), bytesMax), hex(bytes)));
  }

  it('stops at the limit', () => {
    assert.equal(decodeAsciiHex(latin1('41'.repeat(10)), 10).length, 10);
    assert.throws(() => decodeAsciiHex(latin1('41'.repeat(11)), 10), pdfError('limit'));
    assert.throws(() => decodeAsciiHex(latin1('41'.repeat(10) + '4'), 10), pdfError('limit'));
  });
});

describe('ASCII85Decode', () => {
  const cases: [what: string, data: string, bytes: Uint8Array][] = [
    ['whole groups', '87cURD]j7BEbo7~>', latin1('Hello world')],
    ['a partial group of each length', '5l~>', latin1('A')],
    ['three characters as two bytes', '5sb~>', latin1('AB')],
    ['four characters as three bytes', '5sdp~>', latin1('ABC')],
    ['a group of five', '5sdq,~>', latin1('ABCD')],
    ['z as four zeros', 'z5sdq,z~>', hex('00000000 41424344 00000000')],
    ['the highest value', 's8W-!~>', hex('ffffffff')],
    ['white space inside groups', ' 5\fs\nd\tq\r\u0000,~>', latin1('ABCD')],
    ['a lone tilde', '5sdq,~', latin1('ABCD')],
    ['a missing end marker', '5sdq,5l', latin1('ABCDA')],
    ['the start marker of other programs', '\n<~5sdq,~>', latin1('ABCD')],
    ['nothing after the end marker', '5sdq,~>5sdq,', latin1('ABCD')],
    ['a single last character as nothing', '5sdq,5~>', latin1('ABCD')],
    ['what comes before a foreign byte', '5sdq,5l}5sdq,~>', latin1('ABCDA')],
    ['what comes before a z inside a group', '5sdq,5lz~>', latin1('ABCDA')],
    ['no data', '~>', hex('')],
  ];
  for (const [what, data, bytes] of cases) {
    it(`reads ${what}`, () => assert.deepEqual(decodeAscii85(latin1(data), bytesMax), bytes));
  }

  it('keeps the low 32 bits of a group that is too high', () => {
    // uuuuu is 85^5 - 1, which is 0x1086a0e90 with one bit too many.
    assert.deepEqual(decodeAscii85(latin1('uuuuu~>'), bytesMax), u32(85 ** 5 - 1));
  });

  it('is damaged if it begins with a foreign byte', () => {
    assert.throws(() => decodeAscii85(latin1('\u00805sdq,~>'), bytesMax), pdfError('damaged'));
  });

  it('stops at the limit, also inside z', () => {
    assert.equal(decodeAscii85(latin1('zz'), 8).length, 8);
    assert.throws(() => decodeAscii85(latin1('zzz'), 8), pdfError('limit'));
    assert.throws(() => decodeAscii85(latin1('zz'), 7), pdfError('limit'));
    assert.throws(() => decodeAscii85(latin1('5sdq,5l'), 4), pdfError('limit'));
  });
});

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
