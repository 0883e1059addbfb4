import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { frameOf, pixelsMax } from '../../src/engines/pdfium/pixels/frame.ts';
import { otsuThreshold, toBits, toBlackAndWhite } from '../../src/engines/pdfium/pixels/one-bit.ts';
import { invert, isGray, mirror, type Pixels, toGrays } from '../../src/engines/pdfium/pixels/pixels.ts';
import { pngOfBits } from '../../src/engines/pdfium/pixels/png-bits.ts';

const letter = { width: 612, height: 792 };
const asked = { as: 'png', resolution: 144, area: undefined, rotate: 0 } as const;

describe('the frame of a picture', () => {
  it('has the pixels of the whole page', () => {
    const { width, height, page, resolution, shown } = frameOf(letter, asked);
    assert.deepEqual(
      { width, height, page },
      {
        width: 1224,
        height: 1584,
        page: { width: 1224, height: 1584, left: 0, top: 0 },
      },
    );
    assert.equal(resolution, 144);
    assert.deepEqual(shown, letter);
  });

  const area = { left: 100, top: 50, width: 200, height: 20 };
  const turns = [
    [0, { width: 400, height: 40, left: -200, top: -100 }],
    [90, { width: 40, height: 400, left: -1444, top: -200 }],
    [180, { width: 400, height: 40, left: -624, top: -1444 }],
    [270, { width: 40, height: 400, left: -100, top: -624 }],
  ] as const;
  for (const [rotate, expected] of turns)
    it(`shows the same area of a page that is turned by ${rotate} degrees`, () => {
      const { width, height, page } = frameOf(letter, { ...asked, area, rotate });
      assert.deepEqual({ width, height, left: page.left, top: page.top }, expected);
      const isUpright = rotate % 180 === 0;
      assert.deepEqual([page.width, page.height], isUpright ? [1224, 1584] : [1584, 1224]);
    });

  it('ends where the page ends', () => {
    const { width, height } = frameOf(letter, {
      ...asked,
      area: { left: 512, top: -10, width: 1_000, height: 82 },
    });
    assert.deepEqual([width, height], [200, 144]);
  });

  it('has at least one pixel of an area outside of the page', () => {
    const { width, height } = frameOf(letter, {
      ...asked,
      area: { left: 5_000, top: 5_000, width: 10, height: 10 },
    });
    assert.deepEqual([width, height], [1, 1]);
  });

  for (const page of [
    { width: 14_400, height: 14_400 },
    { width: 1e30, height: 3 },
    { width: 2, height: 14_400_000 },
  ])
    it(`keeps to the limits for a page of ${page.width} x ${page.height} points`, () => {
      for (const as of ['png', 'webp'] as const) {
        const frame = frameOf(page, { ...asked, as, resolution: 2_400 });
        assert.ok(frame.width * frame.height <= pixelsMax);
        assert.ok(Math.max(frame.width, frame.height) <= (as === 'webp' ? 16_383 : 32_767));
        assert.ok(frame.isScaledDown && frame.resolution < 2_400);
        assert.ok(frame.width >= 1 && frame.height >= 1);
      }
    });

  it('takes a size that is none for a point', () => {
    const { width, height } = frameOf({ width: NaN, height: -3 }, { ...asked, resolution: 72 });
    assert.deepEqual([width, height], [1, 1]);
  });
});

/** Pixels `0xBBGGRR`, the last byte of which means nothing. */
function pixels(width: number, ...values: number[]): Pixels {
  return { width, height: values.length / width, data: Uint32Array.from(values) };
}

describe('pixels', () => {
  it('are greys where the three colours are alike, whatever the fourth byte is', () => {
    assert.ok(isGray(pixels(2, 0xff7f7f7f, 0x00ffffff)));
    assert.ok(!isGray(pixels(2, 0xff7f7f7f, 0xff7f7f80)));
    assert.ok(!isGray(pixels(1, 0xff807f7f)));
  });

  it('become greys of their brightness', () => {
    const { data } = toGrays(pixels(5, 0xff000000, 0xffffffff, 0xff424242, 0xff0000ff, 0xffff0000));
    assert.deepEqual([...data], [0, 255, 0x42, 76, 28]);
  });

  it('become their opposite', () => {
    const one = pixels(2, 0xff0000ff, 0xff123456);
    invert(one);
    assert.deepEqual([...one.data], [0xffffff00, 0xffedcba9]);
  });

  for (const [flip, expected] of [
    ['none', [1, 2, 3, 4, 5, 6]],
    ['x', [2, 1, 4, 3, 6, 5]],
    ['y', [5, 6, 3, 4, 1, 2]],
    ['xy', [6, 5, 4, 3, 2, 1]],
  ] as const)
    it(`are mirrored by ${flip}`, () => {
      const one = pixels(2, 1, 2, 3, 4, 5, 6);
      mirror(one, flip);
      assert.deepEqual([...one.data], expected);
    });
});

describe('pixels of one bit', () => {
  it('are parted where dark and bright are furthest from each other', () => {
    const two = Uint8Array.of(10, 20, 30, 20, 200, 210, 220);
    const threshold = otsuThreshold(two);
    assert.ok(threshold >= 30 && threshold < 200);
  });

  it('stay white or black where all are alike', () => {
    for (const [gray, expected] of [
      [255, 255],
      [0, 0],
    ] as const) {
      const one = { width: 3, height: 1, data: new Uint8Array(3).fill(gray) };
      toBlackAndWhite(one, 'otsu');
      assert.deepEqual([...one.data], [expected, expected, expected]);
    }
  });

  it('imitate greys by dots, and leave black and white alone', () => {
    for (const [gray, share] of [
      [0, 0],
      [64, 0.25],
      [128, 0.5],
      [255, 1],
    ] as const) {
      const one = { width: 64, height: 64, data: new Uint8Array(64 * 64).fill(gray) };
      toBlackAndWhite(one, 'bayer');
      const white = one.data.filter((value) => value === 255).length;
      assert.ok(Math.abs(white / one.data.length - share) <= 0.02, `${gray}: ${white}`);
      assert.ok(one.data.every((value) => value === 0 || value === 255));
    }
  });

  it('make a PNG that another reader reads', async () => {
    const data = Uint8Array.from({ length: 11 * 3 }, (_, at) => (at % 3 === 0 ? 255 : 0));
    const png = pngOfBits(toBits({ width: 11, height: 3, data }), 11, 3, 150);
    const { width, height, density, bitsPerSample } = await sharp(png).metadata();
    assert.deepEqual([width, height, density, bitsPerSample], [11, 3, 150, 1]);
    const read = await sharp(png).toColourspace('b-w').raw().toBuffer();
    assert.deepEqual([...read], [...data]);
  });
});
