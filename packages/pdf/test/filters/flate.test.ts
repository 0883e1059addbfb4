import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constants, deflateRawSync, deflateSync, inflateRawSync } from 'node:zlib';
import { decodeFlate } from '../../src/filters/flate.ts';
import { inflateSoundPart } from '../../src/filters/inflate.ts';
import { hex, latin1, pdfError, plain, randomBytes, randomNumbers } from './helpers.ts';

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
  assert.deepEqual(bytes, text.subarray(0, bytes.length));
}

describe('FlateDecode', () => {
  it('reads sound data of every level and strategy', () => {
    for (const level of [0, 1, 6, 9])
      assert.deepEqual(decodeFlate(deflateSync(text, { level }), bytesMax), text);
    const fixed = deflateSync(text, { strategy: constants.Z_FIXED });
    assert.deepEqual(decodeFlate(fixed, bytesMax), text);
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
    assert.deepEqual(decodeFlate(damaged, bytesMax), text);
  });

  it('reads data without its checksum, and with bytes after the end', () => {
    assert.deepEqual(decodeFlate(sound.subarray(0, -4), bytesMax), text);
    assert.deepEqual(decodeFlate(Buffer.concat([sound, latin1('\r\ngarbage')]), bytesMax), text);
  });

  it('gives what comes before the end of data that is cut short', () => {
    assertPartOfText(decodeFlate(sound.subarray(0, sound.length >> 1), bytesMax), text.length / 4);
  });

  it('gives what comes before an error inside', () => {
    // A fresh block follows the flush; its type, 3, does not exist.
    const half = deflateSync(text.subarray(0, 20_000), { finishFlush: constants.Z_FULL_FLUSH });
    const damaged = Buffer.concat([half, Uint8Array.of(0xff), sound]);
    assert.deepEqual(decodeFlate(damaged, bytesMax), text.slice(0, 20_000));
  });

  it('reads data whose header is wrong, missing, or after a line end', () => {
    assert.deepEqual(decodeFlate(Buffer.concat([hex('0000'), sound.subarray(2)]), bytesMax), text);
    assert.deepEqual(decodeFlate(deflateRawSync(text), bytesMax), text);
    assert.deepEqual(decodeFlate(Buffer.concat([hex('0d0a'), sound]), bytesMax), text);
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
      assert.deepEqual(decodeFlate(deflateSync(bytes), bytesMax), bytes);
    }
  });
});

describe('inflating the sound part', () => {
  it('agrees with zlib on sound data of every kind of block', () => {
    for (const level of [0, 1, 9]) {
      const raw = plain(deflateRawSync(text, { level }));
      assert.deepEqual(inflateSoundPart(raw, 0, bytesMax), { bytes: text, complete: true });
    }
    const fixed = plain(deflateRawSync(text, { strategy: constants.Z_FIXED }));
    assert.deepEqual(inflateSoundPart(fixed, 0, bytesMax), { bytes: text, complete: true });
    const noise = randomBytes(randomNumbers(5), 70_000);
    assert.deepEqual(inflateSoundPart(plain(deflateRawSync(noise)), 0, bytesMax), {
      bytes: noise,
      complete: true,
    });
  });

  it('gives a part that grows with what is left of the data', () => {
    const raw = plain(deflateRawSync(text.subarray(0, 3000)));
    let length = 0;
    for (let end = 0; end < raw.length; end++) {
      const part = inflateSoundPart(raw.subarray(0, end), 0, bytesMax);
      assert.equal(part.complete, false);
      assert.ok(part.bytes.length >= length);
      assert.deepEqual(part.bytes, text.slice(0, part.bytes.length));
      length = part.bytes.length;
    }
    assert.ok(length > 2900);
  });

  it('ends at a match that begins before the data', () => {
    // A fixed block with a match of 3 bytes at distance 1 and nothing before it.
    assert.deepEqual(inflateSoundPart(hex('0302'), 0, bytesMax), { bytes: hex(''), complete: false });
  });

  it('sees an end or an error where zlib does, whatever the bytes', () => {
    const seed = Number(process.env['OCTAVO_TEST_SEED'] ?? 20_26);
    const next = randomNumbers(seed);
    let complete = 0;
    for (let round = 0; round < 4000; round++) {
      const raw = randomDeflate(next);
      const expected = inflateOrNothing(raw);
      const part = inflateSoundPart(raw, 0, bytesMax);
      assert.equal(part.complete, expected !== undefined, `seed ${seed}, round ${round}`);
      if (expected === undefined) continue;
      assert.deepEqual(part.bytes, expected);
      complete++;
    }
    assert.ok(complete > 200 && complete < 3800, `${complete} were sound`);
  });
});

/** Deflate data of any kind with up to two bits changed, most often in the first bytes, where the codes are. */
function randomDeflate(next: () => number): Uint8Array {
  const bytes = randomBytes(next, next() % 400, 1 + (next() % 60));
  const raw = plain(deflateRawSync(bytes, { level: next() % 10 === 0 ? 0 : 9 }));
  for (let count = next() % 3; count > 0; count--) {
    raw[(next() % 3 === 0 ? next() : next() % 20) % raw.length]! ^= 1 << (next() % 8);
  }
  return raw;
}

function inflateOrNothing(raw: Uint8Array): Uint8Array | undefined {
  try {
    return plain(inflateRawSync(raw));
  } catch {
    return undefined;
  }
}
