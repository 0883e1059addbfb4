import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import {
  bytesSource,
  encodeCcitt,
  info,
  memorySink,
  type Orientation,
  PdfError,
  pictureDocument,
  type PicturePage,
  pictures,
  type StoredPicture,
} from '../../src/index.ts';
import { inspect } from '../inspect.ts';
import { readPdfium } from '../readers/pdfium.ts';
import { drawPages } from '../readers/pdfium-pixels.ts';

const [width, height] = [40, 60];
const [red, green, blue, black, white] = ['ff0000', '00ff00', '0000ff', '000000', 'ffffff'];

/** Red and green above, blue and black below. */
const corners = (channels: number, colors = [red, green, blue, black]): Buffer =>
  Buffer.concat(
    Array.from({ length: width * height }, (_, pixel) => {
      const corner = (pixel % width < width / 2 ? 0 : 1) + (pixel < (width * height) / 2 ? 0 : 2);
      return Buffer.from(colors[corner]!, 'hex').subarray(0, channels);
    }),
  );
const flate = (data: Uint8Array, more: Partial<StoredPicture> = {}): StoredPicture => ({
  width,
  height,
  bitsPerComponent: 8,
  colorSpace: { device: 'DeviceRGB' },
  filter: 'FlateDecode',
  data: deflateSync(data),
  ...more,
});

function write(...pages: readonly PicturePage[]): Uint8Array {
  const sink = memorySink();
  const document = pictureDocument(sink);
  for (const page of pages) document.add(page);
  assert.deepEqual(document.finish(), { pageCount: pages.length });
  return sink.bytes();
}
const page = (picture: StoredPicture, orientation?: Orientation): PicturePage => {
  const lies = orientation !== undefined && orientation >= 5;
  return { picture, width: lies ? height : width, height: lies ? width : height, orientation };
};
/** Colours of a page near its corners, from the upper left one to the lower right one, as PDFium draws it. */
function seen(file: Uint8Array): string[] {
  const [drawn] = drawPages(file, 72);
  assert.ok(drawn);
  const at = (x: number, y: number): string => {
    const [b, g, r] = drawn.data.subarray((y * drawn.width + x) * 4);
    return Buffer.from([r!, g!, b!]).toString('hex');
  };
  const [right, bottom] = [drawn.width - 6, drawn.height - 6];
  return [at(5, 5), at(right, 5), at(5, bottom), at(right, bottom)];
}

describe('a document of pictures', () => {
  it('has a page for each, of the size that is said', () => {
    const picture = flate(corners(3));
    const file = write({ picture, width: 100.5, height: 200 }, { picture, width: 3, height: 14_400 });
    const { pages, pageCount } = info(bytesSource(file));
    assert.equal(pageCount, 2);
    assert.deepEqual(
      pages.map((one) => [one.width, one.height]),
      [
        [100.5, 200],
        [3, 14_400],
      ],
    );
    assert.ok(readPdfium(file).isSound);
  });

  it('shows the picture as its orientation says', () => {
    const turned: Readonly<Record<Orientation, readonly string[]>> = {
      1: [red, green, blue, black],
      2: [green, red, black, blue],
      3: [black, blue, green, red],
      4: [blue, black, red, green],
      5: [red, blue, green, black],
      6: [blue, red, black, green],
      7: [black, green, blue, red],
      8: [green, black, red, blue],
    };
    for (const [orientation, expected] of Object.entries(turned))
      assert.deepEqual(
        seen(write(page(flate(corners(3)), Number(orientation) as Orientation))),
        expected,
        orientation,
      );
  });

  it('takes rows with the predictors of PNG, data of a source, palettes and inverted colours', () => {
    const rows = corners(3);
    const predicted = Buffer.concat(
      Array.from({ length: height }, (_, row) =>
        Buffer.concat([Buffer.from([0]), rows.subarray(row * width * 3, (row + 1) * width * 3)]),
      ),
    );
    const parms = { Predictor: 15, Colors: 3, BitsPerComponent: 8, Columns: width };
    assert.deepEqual(seen(write(page(flate(predicted, { parms })))), [red, green, blue, black]);

    const packed = deflateSync(rows);
    const source = bytesSource(Buffer.concat([Buffer.from('before'), packed, Buffer.from('after')]));
    const data = { source, offset: 6, length: packed.length };
    assert.deepEqual(seen(write(page(flate(rows, { data })))), [red, green, blue, black]);

    const indexes = corners(1, ['00', '01', '02', '01']);
    const palette = Buffer.from(red + white + blue, 'hex');
    assert.deepEqual(seen(write(page(flate(indexes, { colorSpace: { device: 'DeviceRGB', palette } })))), [
      red,
      white,
      blue,
      white,
    ]);

    const cmyk = corners(4, ['ff0000ff', '00ff00ff', '0000ffff', 'ffffffff']);
    const inverted = flate(cmyk, {
      colorSpace: { device: 'DeviceCMYK' },
      decode: [1, 0, 1, 0, 1, 0, 1, 0],
    });
    const plain = flate(Buffer.from(cmyk.map((value) => 255 - value)), {
      colorSpace: { device: 'DeviceCMYK' },
    });
    assert.deepEqual(seen(write(page(inverted))), seen(write(page(plain))));
  });

  it('takes bits by CCITT G4', () => {
    const rowBytes = width / 8;
    const bits = Buffer.alloc(rowBytes * height, 255);
    bits.fill(0, (rowBytes * height) / 2);
    const { data, parms } = encodeCcitt(bits, width, height);
    const picture: StoredPicture = {
      width,
      height,
      bitsPerComponent: 1,
      colorSpace: { device: 'DeviceGray' },
      filter: 'CCITTFaxDecode',
      parms,
      data,
    };
    assert.deepEqual(seen(write(page(picture))), [white, white, black, black]);
  });

  it('hides what a soft mask or a colour key says', () => {
    const softMask = flate(corners(1, ['ff', '00', 'ff', '00']), { colorSpace: { device: 'DeviceGray' } });
    assert.deepEqual(seen(write(page(flate(corners(3), { softMask })))), [red, white, blue, white]);
    const colorKey = [0, 0, 255, 255, 0, 0];
    assert.deepEqual(seen(write(page(flate(corners(3), { colorKey })))), [red, white, blue, black]);
  });

  it('stores equal profiles once, with their number of components', () => {
    const profile = Buffer.alloc(500, 'profile');
    const rgb = flate(corners(3), { colorSpace: { device: 'DeviceRGB', profile } });
    const gray = flate(corners(1), { colorSpace: { device: 'DeviceGray', profile } });
    const file = write(page(rgb), page(rgb), page(gray));
    const texts = [...inspect(Buffer.from(file)).objects.values()].map(({ text }) => text);
    assert.equal(texts.filter((text) => /^<<\s*\/N 3/.test(text)).length, 1);
    assert.equal(texts.filter((text) => /^<<\s*\/N 1/.test(text)).length, 1);
    assert.deepEqual(
      pictures(bytesSource(file)).list.map(({ colorSpace }) => [colorSpace?.kind, colorSpace?.components]),
      [
        ['ICCBased', 3],
        ['ICCBased', 1],
      ],
    );
  });

  it('is the same for the same pages, and another for others', () => {
    const [one, other] = [page(flate(corners(3))), page(flate(corners(3), { colorKey: [0, 0, 0, 0, 0, 0] }))];
    assert.deepEqual(write(one), write(one));
    assert.notDeepEqual(write(one), write(other));
  });

  it('refuses pages that readers do not take, and none at all', () => {
    const picture = flate(corners(3));
    const isLimit = (error: unknown) => error instanceof PdfError && error.code === 'limit';
    for (const side of [2.9, 14_401, Number.NaN, Infinity]) {
      assert.throws(() => write({ picture, width: side, height: 100 }), isLimit);
      assert.throws(() => write({ picture, width: 100, height: side }), isLimit);
    }
    assert.throws(
      () => pictureDocument(memorySink()).finish(),
      (error) => error instanceof PdfError && error.code === 'page-range',
    );
  });
});
