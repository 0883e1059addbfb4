import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undoPredictor, type FilterParms } from '../../src/filters/predictor.ts';
import { hex, pdfError, randomBytes, randomNumbers } from './helpers.ts';

describe('PNG predictors', () => {
  const rows: [what: string, parms: FilterParms, data: string, bytes: string][] = [
    ['None', { columns: 3 }, '00 010203', '010203'],
    ['Sub', { columns: 4 }, '01 01010101 01 ff02ff02', '01020304 ff010002'],
    ['Sub with three colours', { columns: 2, colors: 3 }, '01 0a141e 010203', '0a141e 0b1621'],
    ['Up', { columns: 3 }, '02 010203 02 0101ff', '010203 020302'],
    ['Average', { columns: 3 }, '03 0a0a0a 03 020202', '0a0f11 070d11'],
    ['Paeth', { columns: 3 }, '04 0a0505 04 010101', '0a0f14 0b1015'],
    // left 20, above 10, above left 10: the estimate is 20, nearest to left.
    ['Paeth towards the left', { columns: 2 }, '00 0a0a 04 0a01', '0a0a 1415'],
    // left 10, above 20, above left 10: the estimate is 20, nearest to above.
    ['Paeth towards above', { columns: 2 }, '00 0a14 04 0001', '0a14 0a15'],
    // left 30, above 10, above left 20: the estimate is 20, the one above left.
    ['Paeth towards above left', { columns: 2 }, '00 140a 04 0a01', '140a 1e15'],
    // left 11, above 8, above left 10: the estimate is 9, as near to above as to above left.
    ['Paeth in a tie', { columns: 2 }, '00 0a08 04 0101', '0a08 0b09'],
    ['a filter that does not exist as None', { columns: 2 }, '00 0102 09 0304', '0102 0304'],
    ['a row of its own filter each', { columns: 2 }, '01 0101 02 0101 00 0505', '0102 0203 0505'],
    ['a last row that is cut short', { columns: 3 }, '02 010203 02 01', '010203 02'],
    ['a last row of its filter alone', { columns: 3 }, '02 010203 02', '010203'],
    ['pixels of less than a byte', { columns: 12, bitsPerComponent: 1 }, '01 8001', '8081'],
    ['pixels of 16 bits', { columns: 2, bitsPerComponent: 16 }, '01 0102 0101', '0102 0203'],
    ['one column of 8 bits if nothing is said', {}, '00 01 02 01', '01 02'],
    ['no data', { columns: 4 }, '', ''],
  ];
  for (const [what, parms, data, bytes] of rows) {
    it(`reads ${what}`, () => {
      for (const predictor of [10, 15])
        assert.deepEqual(undoPredictor(hex(data), { predictor, ...parms }), hex(bytes));
    });
  }

  it('reads the rows of a large cross-reference stream', () => {
    const data = new Uint8Array(100_000 * 6).map((_, index) =>
      index % 6 === 0 ? 2 : index % 6 === 5 ? 1 : 0,
    );
    const bytes = undoPredictor(data, { predictor: 12, columns: 5 });
    assert.equal(bytes.length, 500_000);
    assert.deepEqual(bytes.subarray(-5), Uint8Array.of(0, 0, 0, 0, 100_000 & 0xff));
  });

  it('allocates by the data and not by the columns', () => {
    const parms = { predictor: 15, columns: 2 ** 30, colors: 32, bitsPerComponent: 16 };
    for (const filter of [0, 1, 2, 3, 4]) {
      assert.deepEqual(undoPredictor(Uint8Array.of(filter, 7, 8), parms), Uint8Array.of(7, 8));
    }
    assert.deepEqual(undoPredictor(hex('0708'), { ...parms, predictor: 2 }), hex('0708'));
  });
});

describe('the TIFF predictor', () => {
  const rows: [what: string, parms: FilterParms, data: string, bytes: string][] = [
    ['8 bits', { columns: 4 }, '01010101 ff020000', '01020304 ff010101'],
    ['8 bits of three colours', { columns: 2, colors: 3 }, '0a141e 010203', '0a141e 0b1621'],
    ['16 bits with a carry', { columns: 3, bitsPerComponent: 16 }, '00ff 0001 ff00', '00ff 0100 0000'],
    [
      '16 bits of two colours',
      { columns: 2, colors: 2, bitsPerComponent: 16 },
      '0001 0010 0001 0001',
      '0001 0010 0002 0011',
    ],
    ['4 bits', { columns: 4, bitsPerComponent: 4 }, '1111 f200', '1234 f111'],
    ['4 bits of three colours', { columns: 2, colors: 3, bitsPerComponent: 4 }, '123 111', '123 234'],
    ['2 bits', { columns: 4, bitsPerComponent: 2 }, '55 c4', '6c f0'],
    ['1 bit', { columns: 8, bitsPerComponent: 1 }, 'ff 80', 'aa ff'],
    ['1 bit of two colours', { columns: 4, colors: 2, bitsPerComponent: 1 }, 'ff', 'cc'],
    ['a last row that is cut short', { columns: 4 }, '01010101 0101', '01020304 0102'],
    ['a last sample that is cut short', { columns: 2, bitsPerComponent: 16 }, '0001 05', '0001 05'],
  ];
  for (const [what, parms, data, bytes] of rows) {
    it(`reads ${what}`, () =>
      assert.deepEqual(undoPredictor(hex(data), { predictor: 2, ...parms }), hex(bytes)));
  }

  it('leaves the bytes it was given as they were', () => {
    const data = hex('0101');
    undoPredictor(data, { predictor: 2, columns: 2 });
    assert.deepEqual(data, hex('0101'));
  });
});

describe('predictor parameters', () => {
  it('passes bytes through where no predictor is named', () => {
    const data = randomBytes(randomNumbers(1), 50);
    for (const predictor of [1, 0, -1, 3, 9])
      assert.equal(undoPredictor(data, { predictor, columns: 5 }), data);
    assert.equal(undoPredictor(data, undefined), data);
  });

  it('is damaged if no row can have them', () => {
    const impossible: FilterParms[] = [
      { colors: 0 },
      { colors: -1 },
      { columns: 0 },
      { columns: 1.5 },
      { columns: Number.NaN },
      { bitsPerComponent: 3 },
      { bitsPerComponent: 0 },
    ];
    for (const parms of impossible) {
      for (const predictor of [2, 12]) {
        assert.throws(() => undoPredictor(hex('00'), { predictor, ...parms }), pdfError('damaged'));
      }
    }
  });
});
