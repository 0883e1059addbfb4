import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { inflateSoundPart } from '../../src/filters/inflate.ts';
import { assertBytes, hex, latin1, plain, randomBytes, randomNumbers } from './helpers.ts';

const bytesMax = 1 << 20;
/** Text with structure, so that it has literals, matches near and far, and a code of its own. */
const text = latin1(
  Array.from({ length: 4000 }, (_, index) => `${index % 97} ${index * 7919} 0 R\n`).join(''),
);

describe('inflating the sound part', () => {
  it('agrees with zlib on sound data of every kind of block', () => {
    for (const level of [0, 1, 9]) {
      const raw = plain(deflateRawSync(text, { level }));
      assertWhole(raw, text);
    }
    const fixed = plain(deflateRawSync(text, { strategy: constants.Z_FIXED }));
    assertWhole(fixed, text);
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
      assertBytes(part.bytes, text.subarray(0, part.bytes.length));
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
      assertBytes(part.bytes, expected);
      complete++;
    }
    assert.ok(complete > 200 && complete < 3800, `${complete} were sound`);
  });
});

describe('the codes of a dynamic block', () => {
  const sound = { literals: { 65: 1, 256: 1 }, distances: [1] };
  const blocks: [what: string, block: Block, isSound: boolean][] = [
    ['a code of two symbols', sound, true],
    ['no distance at all', { ...sound, distances: [0] }, true],
    ['two distances', { ...sound, distances: [1, 1] }, true],
    ['a single distance of two bits', { ...sound, distances: [2] }, false],
    ['more distances than there is room for', { ...sound, distances: [1, 1, 1] }, false],
    ['literals that leave room', { ...sound, literals: { 65: 2, 256: 1 } }, false],
    ['no code for the end', { ...sound, literals: { 65: 1, 66: 1 } }, false],
    ['286 literals', { ...sound, literalCount: 286 }, true],
    ['287 literals', { ...sound, literalCount: 287 }, false],
    ['30 distances', { ...sound, distances: [1, ...Array.from<number>({ length: 29 }).fill(0)] }, true],
    ['31 distances', { ...sound, distances: [1, ...Array.from<number>({ length: 30 }).fill(0)] }, false],
    ['a repetition of nothing', { ...sound, prefix: '111100' }, false],
  ];
  for (const [what, block, isSound] of blocks) {
    it(`${isSound ? 'may' : 'may not'} have ${what}`, () => {
      const raw = dynamicBlock(block);
      assert.equal(inflateOrNothing(raw) !== undefined, isSound, 'zlib');
      const bytes = isSound ? latin1('A') : hex('');
      assert.deepEqual(inflateSoundPart(raw, 0, bytesMax), { bytes, complete: isSound });
    });
  }
});

interface Block {
  /** Code lengths by symbol. */
  readonly literals: Readonly<Record<number, number>>;
  readonly literalCount?: number;
  readonly distances: readonly number[];
  /** Bits before the first code length. */
  readonly prefix?: string;
}

/** A last block of dynamic codes (RFC 1951, 3.2.7) whose data are the symbols with the codes 0 and 1. */
function dynamicBlock({ literals, literalCount = 257, distances, prefix = '' }: Block): Uint8Array {
  const lowFirst = (value: number, count: number): string =>
    [...value.toString(2).padStart(count, '0')].toReversed().join('');
  const lengths = [
    ...Array.from({ length: literalCount }, (_, symbol) => literals[symbol] ?? 0),
    ...distances,
  ];
  const bits =
    lowFirst(0b101, 3) +
    lowFirst(literalCount - 257, 5) +
    lowFirst(distances.length - 1, 5) +
    lowFirst(15, 4) +
    // The code of the code lengths: 0 to 14 and 16 with 4 bits each; 17, 18 and 15 are not used.
    [4, 0, 0, ...Array.from<number>({ length: 15 }).fill(4), 0]
      .map((length) => lowFirst(length, 3))
      .join('') +
    prefix +
    lengths.map((length) => length.toString(2).padStart(4, '0')).join('') +
    '01';
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => parseInt([...byte].toReversed().join(''), 2));
}

function assertWhole(raw: Uint8Array, bytes: Uint8Array): void {
  const part = inflateSoundPart(raw, 0, bytesMax);
  assert.equal(part.complete, true);
  assertBytes(part.bytes, bytes);
}

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
