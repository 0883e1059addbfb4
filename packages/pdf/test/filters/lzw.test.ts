import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeLzw } from '../../src/filters/lzw.ts';
import { assertBytes, hex, pdfError, randomBytes, randomNumbers } from './helpers.ts';
import { encodeLzw } from './lzw-encoder.ts';

const bytesMax = 1 << 20;

describe('LZWDecode', () => {
  it('reads the example of ISO 32000-2, 7.4.4.2', () => {
    const bytes = hex('2d 2d 2d 2d 2d 41 2d 2d 2d 42');
    assert.deepEqual(decodeLzw(hex('80 0b 60 50 22 0c 0c 85 01'), 1, bytesMax), bytes);
    assert.deepEqual(decodeLzw(hex('80 0b 60 50 22 0c 0c 85 01'), 0, bytesMax), bytes);
  });

  for (const earlyChange of [0, 1] as const) {
    // 254, 255 and 256 bytes end around the change to 10 bits, 3,836 to 3,839 around a full table.
    for (const length of [0, 1, 2, 254, 255, 256, 257, 767, 1791, 3836, 3837, 3838, 3839, 10_000]) {
      it(`reads ${length} bytes with early change ${earlyChange}`, () => {
        const bytes = randomBytes(randomNumbers(length + 1), length);
        assertBytes(decodeLzw(encodeLzw(bytes, earlyChange), earlyChange, bytesMax), bytes);
      });
    }

    it(`reads on with a full table with early change ${earlyChange}`, () => {
      // With this seed the last entry of the table is used too.
      const bytes = randomBytes(randomNumbers(9), 60_000, 4);
      assertBytes(decodeLzw(encodeLzw(bytes, earlyChange, 'keep'), earlyChange, bytesMax), bytes);
    });

    it(`reads long repeated strings with early change ${earlyChange}`, () => {
      const bytes = new Uint8Array(100_000).fill(65);
      assertBytes(decodeLzw(encodeLzw(bytes, earlyChange), earlyChange, bytesMax), bytes);
    });
  }

  it('reads data that does not begin by clearing the table', () => {
    assert.deepEqual(decodeLzw(codes([65, 258, 257]), 1, bytesMax), hex('41 41 41'));
  });

  it('reads data without an end marker', () => {
    assert.deepEqual(decodeLzw(codes([256, 65, 66, 258]), 1, bytesMax), hex('41 42 41 42'));
  });

  it('gives what comes before a code that is not in the table', () => {
    assert.deepEqual(decodeLzw(codes([256, 65, 66, 300, 67]), 1, bytesMax), hex('41 42'));
    assert.deepEqual(decodeLzw(codes([256, 65, 256, 258, 67]), 1, bytesMax), hex('41'));
  });

  it('is damaged if the first code is not in the table', () => {
    assert.throws(() => decodeLzw(codes([256, 258, 65]), 1, bytesMax), pdfError('damaged'));
  });

  it('stops at the limit', () => {
    const encoded = encodeLzw(new Uint8Array(5000), 1);
    assert.equal(decodeLzw(encoded, 1, 5000).length, 5000);
    assert.throws(() => decodeLzw(encoded, 1, 4999), pdfError('limit'));
  });
});

/** Codes of 9 bits as bytes. */
function codes(values: readonly number[]): Uint8Array {
  const bits = values.map((value) => value.toString(2).padStart(9, '0')).join('');
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => parseInt(byte.padEnd(8, '0'), 2));
}
