import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { compressConfig } from '../../src/operations/compress-config.ts';
import { pictureProfile } from '../../src/operations/picture-settings.ts';
import pdfCompress from '../../src/operations/v2/pdf/compress.ts';
import { startEdge } from '../http/edge.ts';

describe('profiles of /pdf/optimize', () => {
  it('are careful where nothing is said', () => {
    const { pictures, warnings } = pictureProfile({});
    const photograph = { resample: { to: 200, above: 300 }, format: 'jpeg', quality: 85 };
    assert.deepEqual(pictures.color, photograph);
    assert.deepEqual(pictures.grayscale, photograph);
    assert.deepEqual(pictures.monochrome, { resample: undefined, format: 'ccitt', quality: 100 });
    assert.equal(pictures.toGrayscale, false);
    assert.deepEqual(warnings, []);
  });

  it('are read as clients write them', () => {
    const spellings = [
      {
        ImageOptimizationFormat: 'JPEG',
        JPEGQuality: 25,
        ResampleImages: true,
        ResamplingResolution: 120,
        GrayscaleImages: false,
      },
      {
        imageoptimizationformat: 'jpeg',
        JpegQuality: '25',
        ResampleImages: 'True',
        ResamplingResolution: ' 120 ',
        GrayscaleImages: 'False',
      },
    ];
    for (const profiles of spellings) {
      const { pictures, warnings } = pictureProfile(profiles);
      assert.deepEqual(pictures.color, { resample: { to: 120, above: 150 }, format: 'jpeg', quality: 25 });
      assert.deepEqual(pictures.monochrome.resample, { to: 240, above: 300 });
      assert.equal(pictures.toGrayscale, false);
      assert.deepEqual(warnings, []);
    }
    assert.equal(
      pictureProfile({ ResampleImages: '0', ResamplingResolution: 72 }).pictures.color.resample,
      undefined,
    );
    assert.equal(pictureProfile({ GrayscaleImages: '1' }).pictures.toGrayscale, true);
    assert.equal(pictureProfile({ ImageOptimizationFormat: 'None' }).pictures.monochrome.format, 'keep');
    assert.equal(pictureProfile({ ImageOptimizationFormat: 'PNG' }).pictures.color.format, 'lossless');
  });

  it('say what could not be heeded, and go on', () => {
    const { pictures, warnings } = pictureProfile({
      JPEGQuality: 'best',
      ImageOptimizationFormat: 'JBIG2',
      Colour: 1,
    });
    assert.equal(pictures.color.quality, 85);
    assert.equal(warnings.length, 3);
    assert.match(warnings.join(' '), /JPEGQuality.*1 to 100.*Colour is not known.*JBIG2/);
  });
});

describe('config of /pdf/compress', () => {
  it('has the defaults of the contract', () => {
    const { pictures, unknown } = compressConfig({});
    assert.deepEqual(pictures.color, { resample: { to: 150, above: 225 }, format: 'jpeg', quality: 60 });
    assert.deepEqual(pictures.grayscale, pictures.color);
    assert.deepEqual(pictures.monochrome.resample, { to: 300, above: 450 });
    assert.equal(pictures.monochrome.format, 'ccitt');
    assert.deepEqual(unknown, []);
  });

  it('skips what it is told to skip', () => {
    const { pictures } = compressConfig({
      images: {
        color: { skip: true },
        grayscale: { downsample: { skip: true }, compression: { compression_params: { quality: 30 } } },
        monochrome: { compression: { skip: true } },
      },
      save: { garbage: 4 },
    });
    assert.deepEqual([pictures.color.resample, pictures.color.format], [undefined, 'keep']);
    assert.deepEqual(pictures.grayscale, { resample: undefined, format: 'jpeg', quality: 30 });
    assert.deepEqual(pictures.monochrome.format, 'keep');
  });

  it('names what it does not know, and refuses by its path what does not fit', () => {
    assert.deepEqual(compressConfig({ images: { color: { shape: 1 } }, fonts: {} }).unknown, [
      'config.images.color.shape',
      'config.fonts',
    ]);
    for (const [config, says] of [
      [{ images: 5 }, /config\.images.*an object/],
      [
        { images: { color: { downsample: { downsample_ppi: 'many' } } } },
        /config\.images\.color\.downsample\.downsample_ppi.*9 to 2400/,
      ],
      [
        { images: { grayscale: { compression: { compression_params: { quality: 101 } } } } },
        /quality.*1 to 100/,
      ],
      [{ images: { monochrome: { compression: { compression_format: 'jpeg' } } } }, /ccitt_g4/],
      [{ images: { color: { skip: 'perhaps' } } }, /config\.images\.color\.skip.*true or false/],
    ] as const)
      assert.throws(
        () => compressConfig(config),
        (error) => error instanceof Failure && error.row === 'fieldInvalid' && says.test(error.message),
      );
  });

  it('is answered at all its paths', async () => {
    await using edge = await startEdge({}, { operations: new Map([[pdfCompress.path, pdfCompress]]) });
    for (const path of ['/v2/pdf/compress', '/pdf/compress', '/v1/pdf/compress']) {
      const answer = await fetch(`${edge.base}${path}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      // It is known, and has no document.
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /\\"url\\"/);
    }
  });
});
