import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import type { RenderSettings } from '../../src/engines/capabilities.ts';
import { resultName } from '../../src/operations/operation.ts';
import { readProfileKeys } from '../../src/operations/profile-keys.ts';
import { readKeys } from '../../src/operations/profiles.ts';
import { renderingProfiles, renderSettings } from '../../src/operations/rendering.ts';

function read(profiles: object): RenderSettings {
  return renderSettings(
    'png',
    undefined,
    readKeys(renderingProfiles, readProfileKeys([profiles]) ?? new Map()),
  );
}

describe('the settings of pictures of pages', () => {
  it('are those of the original where nothing is said', () => {
    assert.deepEqual(read({}), {
      as: 'png',
      area: undefined,
      resolution: 150,
      quality: 85,
      tiffCompression: 'lzw',
      bitsPerPixel: undefined,
      oneBit: 'otsu',
      rotate: 0,
      flip: 'none',
      inverted: false,
      smoothText: true,
      smoothLines: true,
      smoothPictures: true,
      text: true,
      lines: true,
      curves: true,
      pictures: true,
    });
  });

  const cases: readonly (readonly [profiles: object, expected: Partial<RenderSettings>])[] = [
    [{ RenderingResolution: '300' }, { resolution: 300 }],
    [{ dpi: 72.5 }, { resolution: 72.5 }],
    [{ Resolution: 96 }, { resolution: 96 }],
    [{ JPEGQuality: '25' }, { quality: 25 }],
    [{ TIFFCompression: 'ccitt4' }, { tiffCompression: 'ccitt4' }],
    [
      { ImageBitsPerPixel: 'BPP1', OneBitConversionAlgorithm: 'BayerOrderedDithering' },
      { bitsPerPixel: 1, oneBit: 'bayer' },
    ],
    [{ ImageBitsPerPixel: 'bpp24' }, { bitsPerPixel: 24 }],
    [{ RotateFlipType: 'Rotate270FlipXY' }, { rotate: 270, flip: 'xy' }],
    [{ RotateFlipType: 'RotateNoneFlipY' }, { rotate: 0, flip: 'y' }],
    [{ NightMode: 'True' }, { inverted: true }],
    [
      {
        TextSmoothingMode: 'HighSpeed',
        VectorSmoothingMode: 'HighSpeed',
        ImageInterpolationMode: 'HighSpeed',
      },
      { smoothText: false, smoothLines: false, smoothPictures: false },
    ],
    [
      {
        RenderTextObjects: false,
        RenderVectorObjects: 'False',
        RenderCurveVectorObjects: 0,
        RenderImageObjects: false,
      },
      { text: false, lines: false, curves: false, pictures: false },
    ],
  ];
  for (const [profiles, expected] of cases)
    it(JSON.stringify(profiles), () => assert.deepEqual(read(profiles), { ...read({}), ...expected }));

  for (const profiles of [
    { RotateFlipType: 'Rotate45FlipNone' },
    { ImageBitsPerPixel: 'BPP2' },
    { RenderingResolution: 0 },
    { RenderingResolution: 9_999 },
    { JPEGQuality: 101 },
  ])
    it(`refuses ${JSON.stringify(profiles)}`, () => {
      assert.throws(
        () => read(profiles),
        (error) => error instanceof Failure && error.row === 'profilesInvalid',
      );
    });
});

describe('the name of a picture', () => {
  const tiff = { makes: 'tif', answers: 'url' } as const;
  for (const [asked, expected] of [
    ['', 'result.tif'],
    ['a.tif', 'a.tif'],
    ['a.tiff', 'a.tiff'],
    ['A.TIFF', 'A.TIFF'],
    ['a', 'a.tif'],
    ['a.pdf', 'a.pdf.tif'],
  ] as const)
    it(`${asked || 'nothing'} of a TIFF becomes ${expected}`, () =>
      assert.equal(resultName(tiff, asked), expected));

  it('has neither extension in the names of several', () => {
    const jpg = { makes: 'jpg', answers: 'urls' } as const;
    for (const asked of ['a.jpg', 'a.jpeg', 'a']) assert.equal(resultName(jpg, asked), 'a.json');
  });
});
