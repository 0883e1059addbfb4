import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { decodeFlate } from '../../src/filters/flate.ts';
import { assertBytes, hex, latin1, pdfError, plain } from './helpers.ts';

const bytesMax = 1 << 20;
/** Text with structure, so that it has literals, matches near and far, and a code of its own. */
const text = latin1(
  Array.from({ length: 4000 }, (_, index) => `${index % 97} ${index * 7919} 0 R\n`).join(''),
);
const sound = plain(deflateSync(text));

/** The first `length` bytes of the text at the least, and nothing that is not of the text. */
function assertPartOfText(bytes: Uint8Array, length: number): void {
  assert.ok(
    bytes.length >= length && bytes.length < text.length,
    `${bytes.length} of ${length} bytes or more`,
  );
  assertBytes(bytes, text.subarray(0, bytes.length));
}

describe('FlateDecode', () => {
  it('reads sound data of every level and strategy', () => {
    for (const level of [0, 1, 6, 9]) assertBytes(decodeFlate(deflateSync(text, { level }), bytesMax), text);
    const fixed = deflateSync(text, { strategy: constants.Z_FIXED });
    assertBytes(decodeFlate(fixed, bytesMax), text);
  });

  it('reads empty data, and no data as empty', () => {
    assert.equal(decodeFlate(deflateSync(''), bytesMax).length, 0);
    assert.equal(decodeFlate(hex(''), bytesMax).length, 0);
  });

  it('returns a plain Uint8Array', () => {
    assert.equal(Object.getPrototypeOf(decodeFlate(sound, bytesMax)), Uint8Array.prototype);
  });

  it('passes over a wrong checksum', () => {
    const damaged = sound.slice();
    damaged[damaged.length - 1]! ^= 1;
    assertBytes(decodeFlate(damaged, bytesMax), text);
  });

  it('reads data without its checksum, and with bytes after the end', () => {
    assertBytes(decodeFlate(sound.subarray(0, -4), bytesMax), text);
    assertBytes(decodeFlate(Buffer.concat([sound, latin1('\r\ngarbage')]), bytesMax), text);
  });

  it('gives what comes before the end of data that is cut short', () => {
    assertPartOfText(decodeFlate(sound.subarray(0, sound.length >> 1), bytesMax), text.length / 4);
  });

  it('gives what comes before an error inside', () => {
    // A fresh block follows the flush; its type, 3, does not exist.
    const half = deflateSync(text.subarray(0, 20_000), { finishFlush: constants.Z_FULL_FLUSH });
    const damaged = Buffer.concat([half, Uint8Array.of(0xff), sound]);
    assertBytes(decodeFlate(damaged, bytesMax), text.subarray(0, 20_000));
  });

  it('reads data whose header is wrong, missing, or after a line end', () => {
    assertBytes(decodeFlate(Buffer.concat([hex('0000'), sound.subarray(2)]), bytesMax), text);
    assertBytes(decodeFlate(deflateRawSync(text), bytesMax), text);
    assertBytes(decodeFlate(Buffer.concat([hex('0d0a'), sound]), bytesMax), text);
  });

  it('is damaged if nothing can be had', () => {
    for (const data of ['ff', 'ffffffffff', '789c', '789cff', '789c07']) {
      assert.throws(() => decodeFlate(hex(data), bytesMax), pdfError('damaged'), data);
    }
  });

  it('stops at the limit, whether the data is sound or not', () => {
    const damaged = sound.slice();
    damaged[damaged.length - 1]! ^= 1;
    for (const data of [sound, damaged, plain(deflateRawSync(text))]) {
      assert.equal(decodeFlate(data, text.length).length, text.length);
      assert.throws(() => decodeFlate(data, text.length - 1), pdfError('limit'));
      assert.throws(() => decodeFlate(data, 0), pdfError('limit'));
    }
  });

  it('reads output of every length around the size of a piece', () => {
    for (const length of [16_383, 16_384, 16_385, 32_767, 32_768, 32_769]) {
      const bytes = new Uint8Array(length).fill(1);
      assertBytes(decodeFlate(deflateSync(bytes), bytesMax), bytes);
    }
  });
});
