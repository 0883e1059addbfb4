import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteBuffer } from '../../src/syntax/byte-buffer.ts';

const text = (fill: (out: ByteBuffer) => void): string => {
  const out = new ByteBuffer(1);
  fill(out);
  return Buffer.from(out.view()).toString('latin1');
};

describe('byte buffer', () => {
  it('writes whole numbers of any size', () => {
    for (const number of [0, 7, 9, 10, 99, 100, 65_535, 2_147_483_647, 2_147_483_648, 99_999_999_999])
      assert.equal(
        text((out) => out.integer(number)),
        String(number),
      );
  });

  it('grows by pieces short and long', () => {
    const source = Buffer.from(Array.from({ length: 300 }, (_, index) => index & 255));
    for (const length of [0, 1, 63, 64, 65, 300])
      assert.equal(
        text((out) => {
          out.ascii('x');
          out.range(source, 0, length);
          out.byte(0x79);
        }),
        `x${source.toString('latin1', 0, length)}y`,
      );
  });

  it('begins anew when cleared', () => {
    assert.equal(
      text((out) => (out.ascii('abc'), out.clear(), out.ascii('d'))),
      'd',
    );
  });
});
