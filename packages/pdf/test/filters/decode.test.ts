import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decode, isDecodable, type FilterStep } from '../../src/filters/decode.ts';
import { latin1, pdfError, randomBytes, randomNumbers } from './helpers.ts';
import { encodeLzw } from './lzw-encoder.ts';

const bytesMax = 1 << 20;
const bytes = latin1('AB');

/** 512 MB of zeros, deflated three times. */
const bomb = Buffer.from(
  'eNqruPX2jq2eC6OE20Nrw1YNnlavZEkpzt4oR12xBddnunwxWxgW2XCO70/IZoZAjZCmGaYr3lXOU93zdLr+80df3yYaSbYl' +
    '1n2u/b5vlxkDAwODsnn9zqif1mw81vb+7e7qDAwMB27MPXtt+enFB66//NZoycDAkPBl3fcy82nyTPLTnwcXg1S8yK3V+zZ9' +
    'e8Px+b/PJleDRWy52YC0Q1cCyNAtHGBON5hzBJkzKjMqM8Jk7vxLN0iIONN2Uj+51bMeAJZuwhw=',
  'base64',
);

function steps(...names: readonly string[]): FilterStep[] {
  return names.map((name) => ({ name, parms: undefined }));
}

describe('decode', () => {
  const encoded: [names: string[], data: Uint8Array][] = [
    [['FlateDecode', 'Fl'], deflateSync(bytes)],
    [['LZWDecode', 'LZW'], encodeLzw(bytes, 1)],
    [['ASCII85Decode', 'A85'], latin1('5sb~>')],
    [['ASCIIHexDecode', 'AHx'], latin1('4142>')],
    [['RunLengthDecode', 'RL'], Uint8Array.of(1, 65, 66, 128)],
    [['Crypt'], bytes],
  ];
  for (const [names, data] of encoded) {
    it(`knows ${names.join(' and ')}`, () => {
      for (const name of names) {
        assert.ok(isDecodable(name));
        assert.deepEqual(decode(data, steps(name), bytesMax), bytes);
      }
    });
  }

  it('undoes the first step first', () => {
    const data = latin1(`${deflateSync(bytes).toString('hex')}>`);
    assert.deepEqual(decode(data, steps('ASCIIHexDecode', 'FlateDecode'), bytesMax), bytes);
  });

  it('gives each step its own parameters', () => {
    const rows = deflateSync(Uint8Array.of(2, 65, 2, 1));
    const twice = deflateSync(rows);
    const chain = [...steps('Fl'), { name: 'Fl', parms: { predictor: 12, columns: 1 } }];
    assert.deepEqual(decode(twice, chain, bytesMax), bytes);
  });

  it('reads LZW by its early change, 1 if nothing is said', () => {
    const long = randomBytes(randomNumbers(3), 600);
    for (const earlyChange of [0, 1] as const) {
      const data = encodeLzw(long, earlyChange);
      assert.deepEqual(decode(data, [{ name: 'LZWDecode', parms: { earlyChange } }], bytesMax), long);
    }
    assert.deepEqual(decode(encodeLzw(long, 1), [{ name: 'LZW', parms: {} }], bytesMax), long);
  });

  it('applies a predictor after LZW too', () => {
    const data = encodeLzw(Uint8Array.of(65, 1), 1);
    assert.deepEqual(decode(data, [{ name: 'LZW', parms: { predictor: 2, columns: 2 } }], bytesMax), bytes);
  });

  it('returns the bytes themselves without steps', () => {
    assert.equal(decode(bytes, [], bytesMax), bytes);
    assert.throws(() => decode(bytes, [], 1), pdfError('limit'));
  });

  it('refuses filters of pictures and unknown ones by name', () => {
    for (const name of ['DCTDecode', 'JPXDecode', 'CCITTFaxDecode', 'JBIG2Decode', '', 'constructor']) {
      assert.ok(!isDecodable(name));
      assert.throws(() => decode(bytes, steps(name), bytesMax), pdfError('damaged'));
    }
    assert.throws(() => decode(bytes, steps('DCTDecode'), bytesMax), /"DCTDecode"/);
  });

  it('stops a chain that grows from 200 bytes to 512 MB at the limit, with little memory', () => {
    const before = process.resourceUsage().maxRSS;
    assert.throws(() => decode(bomb, steps('Fl', 'Fl', 'Fl'), bytesMax), pdfError('limit'));
    assert.ok(process.resourceUsage().maxRSS - before < 64 * 1024, 'kilobytes');
  });

  it('stops when a step in the middle passes the limit', () => {
    const wide = deflateSync(latin1(`41${' '.repeat(2000)}>`));
    assert.throws(() => decode(wide, steps('Fl', 'AHx'), 1000), pdfError('limit'));
  });
});
