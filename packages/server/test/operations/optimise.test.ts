import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure } from '../../src/errors.ts';
import { configField } from '../../src/operations/compress-config.ts';
import { type RawValue, readField } from '../../src/operations/fields.ts';
import pdfOptimize from '../../src/operations/pdf/optimize.ts';
import { pictureSettings } from '../../src/operations/picture-settings.ts';
import pdfCompress from '../../src/operations/v2/pdf/compress.ts';
import { startEdge } from '../http/edge.ts';

describe('profiles of /pdf/optimize', () => {
  const read = (profiles: object) => {
    const { own, warnings } = pdfOptimize.parse(
      new Map<string, RawValue[]>([
        ['url', ['http://a/1.pdf']],
        ['profiles', [profiles]],
      ]),
    );
    const settings = pictureSettings((own as { profiles: Parameters<typeof pictureSettings>[0] }).profiles);
    return { ...settings, warnings: [...(warnings ?? []), ...settings.warnings] };
  };

  it('are careful where nothing is said', () => {
    const { pictures, warnings } = read({ JPEGQuality: '', ResampleImages: null });
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
      const { pictures, warnings } = read(profiles);
      assert.deepEqual(pictures.color, { resample: { to: 120, above: 150 }, format: 'jpeg', quality: 25 });
      assert.deepEqual(pictures.monochrome.resample, { to: 240, above: 300 });
      assert.equal(pictures.toGrayscale, false);
      assert.deepEqual(warnings, []);
    }
    assert.equal(read({ ResampleImages: '0', ResamplingResolution: 72 }).pictures.color.resample, undefined);
    assert.equal(read({ GrayscaleImages: '1' }).pictures.toGrayscale, true);
    assert.equal(read({ JPEGQuality: 0 }).pictures.color.quality, 1);
    assert.equal(read({ ImageOptimizationFormat: 'None' }).pictures.monochrome.format, 'keep');
    assert.equal(read({ ImageOptimizationFormat: 'PNG' }).pictures.color.format, 'lossless');
  });

  it('say what could not be heeded, and go on', () => {
    const { pictures, warnings } = read({ ImageOptimizationFormat: 'JBIG2', Colour: 1 });
    assert.equal(pictures.color.format, 'lossless');
    assert.deepEqual(warnings.length, 2);
    assert.match(warnings.join(' '), /Colour is not known.*JBIG2/);
  });

  it('are refused where a value does not fit', () => {
    assert.throws(
      () => read({ jpegQuality: 'best' }),
      (error) =>
        error instanceof Failure &&
        error.status === 444 &&
        /profiles\.JPEGQuality must be a whole number from 0 to 100/.test(error.message),
    );
  });
});

describe('config of /pdf/compress', () => {
  const compressConfig = (config: RawValue) =>
    readField('config', configField, new Map([['config', [config]]]));

  it('has the defaults of the contract', () => {
    const { pictures, warnings } = compressConfig({});
    assert.deepEqual(pictures.color, { resample: { to: 150, above: 225 }, format: 'jpeg', quality: 60 });
    assert.deepEqual(pictures.grayscale, pictures.color);
    assert.deepEqual(pictures.monochrome.resample, { to: 300, above: 450 });
    assert.equal(pictures.monochrome.format, 'ccitt');
    assert.deepEqual(warnings, []);
    assert.deepEqual(readField('config', configField, new Map()), compressConfig({}));
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

  it('is read in the spellings of profiles', () => {
    for (const config of [
      { images: { color: { downsample: { downsample_ppi: '72' } } } },
      "{'Images': {'color': {'downsample': {'downsample_ppi': 72, }}}}",
      "'images.color.downsample.downsample_ppi': 72",
    ])
      assert.deepEqual(compressConfig(config).pictures.color.resample, { to: 72, above: 225 });
  });

  it('names what it does not know, and refuses by its path what does not fit', () => {
    assert.deepEqual(compressConfig({ images: { color: { shape: 1 } }, fonts: { a: 1 } }).warnings, [
      'config: images.color.shape is not known here.',
      'config: fonts.a is not known here.',
    ]);
    assert.deepEqual(compressConfig({ images: 5 }).warnings, ['config: images is not known here.']);
    for (const [config, says] of [
      ['{images: ', /config.*a JSON object/],
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
