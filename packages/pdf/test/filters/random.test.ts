import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { PdfError } from '../../src/errors.ts';
import { decode, type FilterParms } from '../../src/filters/decode.ts';
import { randomBytes, randomNumbers } from './helpers.ts';
import { encodeLzw } from './lzw-encoder.ts';

const bytesMax = 4096;
const seed = Number(process.env['OCTAVO_TEST_SEED'] ?? 20_26);

/** What came of it: the number of bytes, or the code of the error; anything else fails the test. */
function outcome(name: string, bytes: Uint8Array, parms: FilterParms | undefined): number | string {
  try {
    const { length } = decode(bytes, [{ name, parms }], bytesMax);
    assert.ok(length <= bytesMax);
    return length;
  } catch (error) {
    assert.ok(error instanceof PdfError, `seed ${seed}: ${error}`);
    return error.code;
  }
}

type Next = () => number;

/** Sound data with some bytes changed reaches further into a filter than noise does. */
function mutated(next: Next, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice(0, 1 + (next() % bytes.length));
  for (let count = next() % 4; count > 0; count--) copy[next() % copy.length] = next();
  return copy;
}

function randomParms(next: Next): FilterParms | undefined {
  const pick = (...values: readonly number[]): number => values[next() % values.length]!;
  if (next() % 2 === 0) return undefined;
  return {
    predictor: pick(1, 2, 10, 12, 15, 99),
    colors: pick(1, 3, 4, 0, 2 ** 31),
    bitsPerComponent: pick(1, 2, 4, 8, 16, 7),
    columns: pick(1, 5, 100, 2 ** 31, -1),
    earlyChange: pick(0, 1, 2),
  };
}

const inputs: [name: string, make: (next: Next) => Uint8Array][] = [
  ['FlateDecode', (next) => mutated(next, deflateSync(randomBytes(next, next() % 6000, 20)))],
  ['FlateDecode', (next) => randomBytes(next, next() % 60)],
  ['LZWDecode', (next) => mutated(next, encodeLzw(randomBytes(next, 1 + (next() % 2000), 3), 1))],
  ['LZWDecode', (next) => randomBytes(next, next() % 600)],
  ['ASCII85Decode', (next) => randomBytes(next, next() % 6000, 128)],
  ['ASCIIHexDecode', (next) => randomBytes(next, next() % 20_000, 128)],
  ['RunLengthDecode', (next) => randomBytes(next, next() % 200)],
];

describe(`any bytes (seed ${seed})`, () => {
  for (const [index, [name, make]] of inputs.entries()) {
    it(`end in a result or a PdfError within the limit: ${name} ${index}`, () => {
      const next = randomNumbers(seed + index);
      const seen = new Set<string>();
      for (let round = 0; round < 500; round++) seen.add(typeof outcome(name, make(next), randomParms(next)));
      assert.ok(seen.has('number'), 'the inputs are not all refused');
    });
  }
});
