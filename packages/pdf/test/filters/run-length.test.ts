import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeRunLength } from '../../src/filters/run-length.ts';
import { hex, pdfError } from './helpers.ts';

describe('RunLengthDecode', () => {
  const cases: [what: string, data: string, bytes: string][] = [
    ['literal bytes', '02 414243 80', '414243'],
    ['a repeated byte', 'ff 41 fd 42 80', '4141 42424242'],
    ['the longest repetition', '81 00', '00'.repeat(128)],
    ['both', '00 41 fe 42 01 4344 80', '41 424242 4344'],
    ['nothing after the end marker', '00 41 80 00 42', '41'],
    ['a missing end marker', '00 41', '41'],
    ['literal bytes that are cut short', '05 4142', '4142'],
    ['a repetition without its byte', '00 41 ff', '41'],
    ['no data', '80', ''],
  ];
  for (const [what, data, bytes] of cases) {
    it(`reads ${what}`, () => assert.deepEqual(decodeRunLength(hex(data), 1000), hex(bytes)));
  }

  it('reads the longest literal', () => {
    const literal = new Uint8Array(128).fill(7);
    assert.deepEqual(decodeRunLength(Uint8Array.of(127, ...literal, 128), 1000), literal);
  });

  it('stops at the limit in a repetition and in literal bytes', () => {
    assert.equal(decodeRunLength(hex('fd 41 fd 42'), 8).length, 8);
    assert.throws(() => decodeRunLength(hex('fd 41 fd 42'), 7), pdfError('limit'));
    assert.throws(() => decodeRunLength(hex('fd 41 01 4243'), 5), pdfError('limit'));
  });
});
