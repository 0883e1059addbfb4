/** Documents with one picture of each kind go through the engine; PDFium says what a viewer shows of them before and after. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { bytesSource, encodeCcitt, encrypt, memorySink, pictures } from '@octavo/pdf';
import sharp from 'sharp';
import { buildPdf, type StreamText } from '../../../pdf/test/builder.ts';
import { distance, drawPages } from '../../../pdf/test/readers/pdfium-pixels.ts';
import type { PictureSettings } from '../../src/engines/capabilities.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { createPicturesEngine, picturesProgram } from '../../src/engines/pictures/engine.ts';
import { openWorkshop } from './workshop.ts';

const size = 600;
/** 4 inches: so that pictures of `size` have 150 pixels per inch. */
const points = 288;

const photograph = (channels: number, side = size, bytes = 1): Buffer => {
  const data = Buffer.alloc(side * side * channels * bytes);
  let seed = 1;
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [x, y] = [((pixel % side) / side) * size, (Math.floor(pixel / side) / side) * size];
    seed = (seed * 48_271) % 0x7fffffff;
    for (let channel = 0; channel < channels; channel++) {
      const wave = Math.sin((x + channel * 40) / 37) * 60 + Math.cos((y - channel * 25) / 29) * 50;
      data[(pixel * channels + channel) * bytes] = 128 + wave + (seed % 7) - 3;
    }
  }
  return data;
};
const drawing = (channels: number): Buffer => {
  const data = Buffer.alloc(size * size * channels, 255);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const [x, y] = [pixel % size, Math.floor(pixel / size)];
    const isLine = (x >> 3) % 9 === 0 || (y >> 2) % 13 === 0 || (x - 300) ** 2 + (y - 300) ** 2 < 9_000;
    if (isLine) data.fill(channels === 3 ? 30 : 0, pixel * channels, pixel * channels + 2);
  }
  return data;
};
/** Curves: their edges move by few pixels from row to row, which is what CCITT packs well. */
const bits = (): Buffer => {
  const rows = Buffer.alloc((size / 8) * size);
  for (let at = 0; at < size * size; at++) {
    const [x, y] = [at % size, Math.floor(at / size)];
    if (Math.sin(x / 17 + Math.sin(y / 23) * 3) + Math.cos(y / 31 + x / 97) > 0.4)
      rows[at >> 3] = (rows[at >> 3] as number) | (128 >> (at & 7));
  }
  return rows;
};
const flate = (data: Buffer, space: string, more = '', bitsPerComponent = 8): StreamText => ({
  dictionary: `/Type /XObject /Subtype /Image /Width ${size} /Height ${size} /ColorSpace ${space} /BitsPerComponent ${bitsPerComponent} /Filter /FlateDecode ${more}`,
  data: deflateSync(data, { level: 1 }),
});
const dct = async (channels: 1 | 3, quality: number, space: string, more = ''): Promise<StreamText> => ({
  dictionary: `/Subtype /Image /Width ${size} /Height ${size} /ColorSpace ${space} /BitsPerComponent 8 /Filter /DCTDecode ${more}`,
  data: await sharp(photograph(channels), { raw: { width: size, height: size, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer(),
});
const stencil = (data: Uint8Array, more = ''): StreamText => ({
  dictionary: `/Subtype /Image /ImageMask true /Width ${size} /Height ${size} /BitsPerComponent 1 ${more}`,
  data,
});
const palette = Buffer.from(
  Array.from({ length: 768 }, (_, at) => (at % 3 === 0 ? at / 3 : 255 - Math.floor(at / 3))),
).toString('hex');

/** A page that shows the picture (object 10) twice as wide as needed, on a coloured ground. */
function document(picture: StreamText, others: Readonly<Record<number, string | StreamText>> = {}): Buffer {
  return buildPdf({
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${points} ${points}] /Contents 4 0 R /Resources << /XObject << /P 10 0 R >> >> >>`,
    4: {
      dictionary: '',
      data: `.9 .8 .2 rg 0 0 ${points} ${points} re f 0 .2 .7 rg q ${points} 0 0 ${points} 0 0 cm /P Do Q`,
    },
    10: picture,
    ...others,
  });
}

const settings = (resampleTo: number, quality = 85, own: Partial<PictureSettings> = {}): PictureSettings => {
  const resample = { to: resampleTo, above: resampleTo * 1.2 };
  return {
    color: { resample, format: 'jpeg', quality },
    grayscale: { resample, format: 'jpeg', quality },
    monochrome: { resample: undefined, format: 'ccitt', quality },
    toGrayscale: false,
    ...own,
  };
};
/** Nothing is scaled; and to two thirds. */
const [still, scaled] = [settings(150), settings(100)];

describe('pictures of each kind', { timeout: 120_000 }, () => {
  let engine: Engine;
  const shop = openWorkshop(undefined, (sandbox, directory) => {
    engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory });
  });

  async function optimise(bytes: Uint8Array, own: PictureSettings, password = '') {
    assert.ok(engine.abilities['pdf.optimise']);
    const made = await engine.abilities['pdf.optimise'](
      { document: shop.file(bytes), pictures: own },
      shop.context({ password }),
    );
    assert.ok(made.bytesAfter <= made.bytesBefore);
    return { ...made, bytes: readFileSync(made.file.path) };
  }

  /** The picture of the result, and how far the page is from what it was. */
  async function through(bytes: Buffer, own: PictureSettings) {
    const made = await optimise(bytes, own);
    const [was, is] = [drawPages(bytes, 100)[0], drawPages(made.bytes, 100)[0]];
    assert.ok(was !== undefined && is !== undefined);
    const { list } = pictures(bytesSource(made.bytes));
    const main = list.find((one) => one.shown !== undefined && !one.isSoftMask && !one.isMask);
    assert.ok(main !== undefined);
    return { ...distance(was, is), main, list, ratio: made.bytesAfter / made.bytesBefore };
  }

  type Kind = readonly [what: string, make: () => Promise<Buffer> | Buffer, filter: string | undefined];
  const profile = { dictionary: '/N 3 /Alternate /DeviceRGB', data: 'no profile that a reader could use' };
  const jpegs: readonly Kind[] = [
    ['RGB', () => document(flate(photograph(3), '/DeviceRGB')), 'DCTDecode'],
    ['grey', () => document(flate(photograph(1), '/DeviceGray')), 'DCTDecode'],
    ['inverted grey', () => document(flate(photograph(1), '/DeviceGray', '/Decode [1 0]')), 'DCTDecode'],
    ['ICC', () => document(flate(photograph(3), '[/ICCBased 11 0 R]'), { 11: profile }), 'DCTDecode'],
    ['CalRGB', () => document(flate(photograph(3), '[/CalRGB << /WhitePoint [.95 1 1.09] >>]')), 'DCTDecode'],
    ['16 bit RGB', () => document(flate(photograph(3, size, 2), '/DeviceRGB', '', 16)), 'DCTDecode'],
    [
      'one ink',
      () =>
        document(flate(photograph(1), '[/Separation /Spot /DeviceRGB 11 0 R]'), {
          11: '<< /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [.8 0 .3] /N 1 >>',
        }),
      'DCTDecode',
    ],
    [
      'RGB with a soft mask',
      () =>
        document(flate(photograph(3), '/DeviceRGB', '/SMask 11 0 R'), {
          11: flate(photograph(1), '/DeviceGray'),
        }),
      'DCTDecode',
    ],
    [
      'RGB with a stencil',
      () => document(flate(photograph(3), '/DeviceRGB', '/Mask 11 0 R'), { 11: stencil(bits()) }),
      'DCTDecode',
    ],
    ['a JPEG of high quality', async () => document(await dct(3, 98, '/DeviceRGB')), 'DCTDecode'],
    ['a grey JPEG', async () => document(await dct(1, 98, '/DeviceGray')), 'DCTDecode'],
  ];
  for (const [what, make, filter] of jpegs) {
    it(`packs a photograph, ${what}, by JPEG`, async () => {
      const { mean, largest, main, ratio } = await through(await make(), still);
      assert.equal(main.filter, filter);
      assert.ok(mean < 2 && largest < 30, `mean ${mean}, largest ${largest}`);
      assert.ok(ratio < 0.8, String(ratio));
    });
    it(`scales a photograph, ${what}, down to what is asked for`, async () => {
      const { mean, main } = await through(await make(), scaled);
      assert.equal(main.width, 400);
      assert.ok(mean < 3, `mean ${mean}`);
    });
  }

  const lossless: readonly Kind[] = [
    ['a drawing', () => document(flate(drawing(3), '/DeviceRGB')), undefined],
    ['a grey drawing', () => document(flate(drawing(1), '/DeviceGray')), undefined],
    ['a palette', () => document(flate(photograph(1), `[/Indexed /DeviceRGB 255 <${palette}>]`)), undefined],
    [
      'colour keys',
      () => document(flate(photograph(3), '/DeviceRGB', '/Mask [0 90 0 255 0 255]')),
      undefined,
    ],
    ['CMYK', () => document(flate(photograph(4), '/DeviceCMYK')), undefined],
    ['Lab', () => document(flate(photograph(3), '[/Lab << /WhitePoint [.96 1 .82] >>]')), undefined],
    ['1 bit', () => document(flate(bits(), '/DeviceGray', '', 1)), 'CCITTFaxDecode'],
    ['1 bit, inverted', () => document(flate(bits(), '/DeviceGray', '/Decode [1 0]', 1)), 'CCITTFaxDecode'],
    [
      '1 bit of two colours',
      () => document(flate(bits(), '[/Indexed /DeviceRGB 1 <ff000000c020>]', '', 1)),
      'CCITTFaxDecode',
    ],
    ['a stencil', () => document(stencil(bits())), 'CCITTFaxDecode'],
    ['an inverted stencil', () => document(stencil(bits(), '/Decode [1 0]')), 'CCITTFaxDecode'],
    [
      'colours mixed with a matte',
      () =>
        document(flate(photograph(3), '/DeviceRGB', '/SMask 11 0 R'), {
          11: flate(photograph(1), '/DeviceGray', '/Matte [.2 .2 .2]'),
        }),
      undefined,
    ],
  ];
  for (const [what, make, filter] of lossless)
    it(`changes no pixel of ${what}`, async () => {
      const { largest, main } = await through(await make(), still);
      assert.equal(largest, 0);
      assert.equal(main.filter, filter);
      assert.equal(main.width, size);
    });

  it('leaves alone what it does not understand, also where all is to be scaled', async () => {
    const kinds = ['CMYK', 'Lab', 'colour keys', 'colours mixed with a matte'];
    for (const [what, make] of lossless.filter(([name]) => kinds.includes(name))) {
      const { largest, main } = await through(await make(), scaled);
      assert.equal(largest, 0, what);
      assert.equal(main.width, size, what);
    }
  });

  it('scales palettes in their colours, and 1 bit and CCITT in their shape', async () => {
    const one = await through(
      document(flate(photograph(1), `[/Indexed /DeviceRGB 255 <${palette}>]`)),
      scaled,
    );
    assert.equal(one.main.width, 400);
    assert.equal(one.main.colorSpace?.kind, 'DeviceRGB');
    assert.ok(one.mean < 3);
    const monochrome = { resample: { to: 100, above: 120 }, format: 'ccitt', quality: 1 } as const;
    for (const isBlackOne of [false, true]) {
      const rows = isBlackOne ? bits().map((byte) => 255 - byte) : bits();
      const { data, parms } = encodeCcitt(rows, size, size);
      const more = `/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns ${size} /Rows ${size} /BlackIs1 ${parms.BlackIs1} >>`;
      const { main, mean } = await through(document(stencil(data, more)), settings(100, 85, { monochrome }));
      assert.equal(main.width, 400);
      assert.ok(mean < 12, String(mean));
    }
  });

  it('turns colours into grey where that is asked for, palettes too', async () => {
    const grays = { ...still, toGrayscale: true };
    for (const make of [
      () => document(flate(photograph(3), '/DeviceRGB')),
      () => document(flate(drawing(3), '/DeviceRGB')),
      () => document(flate(photograph(1), `[/Indexed /DeviceRGB 255 <${palette}>]`)),
    ]) {
      const { main } = await through(make(), grays);
      assert.equal(main.colorSpace?.base?.kind ?? main.colorSpace?.kind, 'DeviceGray');
    }
  });

  it('keeps a JPEG that would lose more than it gains, byte by byte', async () => {
    const picture = await dct(3, 80, '/DeviceRGB');
    const { bytes } = await optimise(document(picture), still);
    assert.ok(bytes.includes(Buffer.from(picture.data as Buffer)));
  });

  it('opens with the password, and says that the result is not encrypted', async () => {
    const sink = memorySink();
    encrypt(bytesSource(document(flate(photograph(3), '/DeviceRGB'))), sink, { userPassword: 'open' });
    const { bytes, warnings } = await optimise(sink.bytes(), still, 'open');
    assert.ok(warnings.some((warning) => warning.includes('encrypted')));
    assert.equal(pictures(bytesSource(bytes)).list[0]?.filter, 'DCTDecode');
  });

  it('is not led astray by pictures that lie', async () => {
    const jpeg = await dct(3, 98, '/DeviceRGB');
    const data = Buffer.from(jpeg.data as Buffer);
    const huge = Buffer.from(data);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(65_000, frame + 5);
    huge.writeUInt16BE(65_000, frame + 7);
    const long = `/Subtype /Image /Width 70000 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceGray`;
    const said = (width: number, more: string) =>
      `/Subtype /Image /Width ${width} /Height ${width} /BitsPerComponent 8 ${more}`;
    for (const picture of [
      { ...jpeg, data: huge },
      { ...jpeg, data: data.subarray(0, data.length / 2) },
      { ...jpeg, dictionary: jpeg.dictionary.replaceAll(String(size), '60000') },
      { ...jpeg, dictionary: jpeg.dictionary.replace('RGB', 'CMYK') },
      {
        dictionary: said(999_999, '/ColorSpace /DeviceRGB /Filter /FlateDecode'),
        data: deflateSync(Buffer.alloc(9_000)),
      },
      {
        dictionary: said(30_000, '/ColorSpace /DeviceGray /Filter /FlateDecode'),
        data: deflateSync(Buffer.alloc(300_000_000)),
      },
      { dictionary: said(0, '/ColorSpace /DeviceGray'), data: Buffer.alloc(900) },
      // More than a JPEG can be wide.
      { dictionary: long, data: photograph(1).subarray(0, 280_000) },
      {
        dictionary: said(
          60_000,
          '/ImageMask true /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 >>',
        ),
        data: photograph(1, 60),
      },
    ] satisfies StreamText[]) {
      const file = document(picture as StreamText);
      const { pageCount } = await optimise(file, scaled);
      assert.equal(pageCount, 1);
    }
  });
});
