/** Pictures of each kind become pages; PDFium says what a viewer shows of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesSource, encodeCcitt, info, pictures } from '@octavo/pdf';
import sharp from 'sharp';
import { distance, drawPages } from '../../../pdf/test/readers/pdfium-pixels.ts';
import type { Abilities } from '../../src/engines/capabilities.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { createPicturesEngine, picturesProgram } from '../../src/engines/pictures/engine.ts';
import { Failure } from '../../src/errors.ts';
import { startReceiver } from '../net/receiver.ts';
import { pngOf } from '../program/png.ts';
import { filesIn, openWorkshop } from './workshop.ts';

const [width, height] = [120, 80];

/** Soft waves, and a dark corner by which one sees how a picture lies. */
function samples(channels: 1 | 3 | 4): Buffer {
  const data = Buffer.alloc(width * height * channels, 255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const isDark = x < 40 && y < 30;
    for (let channel = 0; channel < Math.min(3, channels); channel++)
      data[pixel * channels + channel] = isDark
        ? 20
        : 150 + Math.sin(x / 15 + channel) * 50 + (y / height) * 40;
    if (channels === 4) data[pixel * 4 + 3] = x * 2;
  }
  return data;
}
const raw = (channels: 1 | 3 | 4) => sharp(samples(channels), { raw: { width, height, channels } });
/** What is darker than 100 black, all else white, as a bitmap; rows from the top where `bits` is negative. */
function bmp(bits: number, keep = 1): Buffer {
  const depth = Math.abs(bits);
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  const head = Buffer.alloc(54 + 8);
  head.write('BM');
  for (const [at, value] of [
    [10, head.length],
    [14, 40],
    [18, width],
    [22, bits < 0 ? -height : height],
    [28, depth],
    [54, 0],
    [58, 0xffffff],
  ] as const)
    head.writeInt32LE(value, at);
  const rows = Buffer.alloc(rowBytes * height);
  const values = samples(1);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if ((values[pixel] as number) < 100) continue;
    const row = (bits < 0 ? y : height - 1 - y) * rowBytes;
    if (depth >= 24) rows.fill(255, row + (x * depth) / 8, row + ((x + 1) * depth) / 8);
    else {
      const at = row + Math.floor((x * depth) / 8);
      rows[at] = (rows[at] as number) | (1 << (8 - depth - ((x * depth) % 8)));
    }
  }
  return Buffer.concat([head, rows.subarray(0, rows.length * keep)]);
}
/** A JPEG with its components called R, G and B: some take that for their colours. */
function named(jpeg: Buffer): Buffer {
  const copy = Buffer.from(jpeg);
  for (const [marker, first, step] of [
    [0xc0, 10, 3],
    [0xda, 5, 2],
  ] as const) {
    const at = copy.indexOf(Buffer.from([0xff, marker]));
    for (const [index, name] of ['R', 'G', 'B'].entries())
      copy.write(name, at + first + index * step, 'latin1');
  }
  return copy;
}
function svg(attributes: string, content = ''): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`);
}
/** Entities that come to a billion letters. */
function laughs(): Buffer {
  const entities = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  );
  const doctype = `<!DOCTYPE svg [<!ENTITY e0 "ha">${entities.join('')}]>`;
  return Buffer.concat([Buffer.from(doctype), svg('width="9" height="9"', '<text>&e9;</text>')]);
}
interface FaxOptions {
  readonly meaning?: 0 | 1;
  readonly order?: 1 | 2;
  readonly orientation?: number;
  /** What is left of its data. */
  readonly keep?: number;
}
/** A TIFF of one page of 204 by 98 dots to the inch, one strip by CCITT G4, and its data. */
function fax({ meaning = 0, order = 1, orientation = 1, keep = 1 }: FaxOptions): {
  tiff: Buffer;
  data: Buffer;
} {
  const bits = Buffer.alloc((width / 8) * height);
  for (const [pixel, value] of samples(1).entries())
    if (value < 100) bits[pixel >> 3] = (bits[pixel >> 3] as number) | (0x80 >> (pixel & 7));
  const whole = Buffer.from(encodeCcitt(bits, width, height).data);
  const data = whole.subarray(0, whole.length * keep);
  const turned = data.map((byte) =>
    parseInt(byte.toString(2).padStart(8, '0').split('').toReversed().join(''), 2),
  );
  const fields = [
    [256, 3, width],
    [257, 3, height],
    [258, 3, 1],
    [259, 3, 4],
    [262, 3, meaning],
    [266, 3, order],
    [273, 4, 8],
    [274, 3, orientation],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, data.length],
    [282, 5, data.length + 8],
    [283, 5, data.length + 16],
  ] as const;
  const table = Buffer.alloc(2 + fields.length * 12 + 4);
  table.writeUInt16LE(fields.length);
  for (const [index, [tag, type, value]] of fields.entries()) {
    const at = 2 + index * 12;
    table.writeUInt16LE(tag, at);
    table.writeUInt16LE(type, at + 2);
    table.writeUInt32LE(1, at + 4);
    table.writeUInt32LE(value, at + 8);
  }
  const [head, fractions] = [Buffer.alloc(8), Buffer.alloc(16)];
  head.write('II*');
  head.writeUInt32LE(data.length + 24, 4);
  for (const [index, value] of [204, 1, 98, 1].entries()) fractions.writeUInt32LE(value, index * 4);
  return { tiff: Buffer.concat([head, order === 1 ? data : turned, fractions, table]), data };
}
const gray = () => raw(1).toColourspace('b-w');

describe('pictures as pages', { timeout: 120_000 }, () => {
  let engine: Engine;
  /** Of the last call. */
  let directory = '';
  const shop = openWorkshop(undefined, (sandbox, at) => {
    engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory: at });
  });

  async function toPdf(
    files: readonly Buffer[],
    more: Partial<Abilities['pictures.to-pdf']['takes']> = {},
    numbers: readonly number[] = [],
  ) {
    const handles = files.map((bytes, index) => shop.file(bytes, `${index}.bin`, numbers[index]));
    const context = shop.context();
    ({ directory } = context);
    assert.ok(engine.abilities['pictures.to-pdf']);
    const made = await engine.abilities['pictures.to-pdf']({ pictures: handles, ...more }, context);
    assert.deepEqual(filesIn(directory), [made.file.path]);
    return { ...made, bytes: readFileSync(made.file.path) };
  }

  /** How far the page is from the picture as sharp reads it, on white; at a pixel for a pixel, 72 to the inch. */
  async function seenAs(file: Buffer, picture: Buffer): Promise<number> {
    const { data, info: size } = await sharp(picture)
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    for (let at = 0; at < data.length; at += 4) {
      const red = data[at] as number;
      data[at] = data[at + 2] as number;
      data[at + 2] = red;
    }
    const { pages } = info(bytesSource(file));
    const page = pages[0];
    assert.ok(page !== undefined);
    const [drawn] = drawPages(file, (size.width * 72) / page.width);
    assert.ok(drawn !== undefined);
    return distance(drawn, { width: size.width, height: size.height, data }).mean;
  }

  type Kind = readonly [what: string, make: () => Promise<Buffer>, filter: string | undefined, mean: number];
  const kinds: readonly Kind[] = [
    ['a JPEG', () => raw(3).jpeg().toBuffer(), 'DCTDecode', 3],
    ['a progressive JPEG', () => raw(3).jpeg({ progressive: true }).toBuffer(), 'DCTDecode', 3],
    ['a grey JPEG', () => gray().jpeg().toBuffer(), 'DCTDecode', 3],
    ['a JPEG in CMYK', () => raw(3).toColourspace('cmyk').jpeg().toBuffer(), 'DCTDecode', 40],
    [
      'a JPEG that readers may take for other colours',
      async () => named(await raw(3).jpeg().toBuffer()),
      undefined,
      3,
    ],
    ['a PNG', () => raw(3).png().toBuffer(), undefined, 0.1],
    ['a grey PNG', () => gray().png().toBuffer(), undefined, 0.1],
    ['a PNG of 16 bits', () => raw(3).toColourspace('rgb16').png().toBuffer(), undefined, 1],
    ['a PNG with a palette', () => raw(3).png({ palette: true, colours: 14 }).toBuffer(), undefined, 0.1],
    ['an interlaced PNG', () => raw(3).png({ progressive: true }).toBuffer(), undefined, 0.1],
    ['a PNG with alpha', () => raw(4).png().toBuffer(), undefined, 1],
    ['a grey PNG with alpha', () => raw(4).toColourspace('b-w').png().toBuffer(), undefined, 1],
    ['a PNG of 16 bits with alpha', () => raw(4).toColourspace('rgb16').png().toBuffer(), undefined, 1],
    ['a TIFF of 16 bits', () => raw(3).toColourspace('rgb16').tiff().toBuffer(), undefined, 1],
    ['a TIFF in CMYK', () => raw(3).toColourspace('cmyk').tiff().toBuffer(), undefined, 2],
    ['a TIFF', () => raw(3).tiff({ compression: 'lzw' }).toBuffer(), undefined, 0.1],
    ['a TIFF with alpha', () => raw(4).tiff({ compression: 'deflate' }).toBuffer(), undefined, 1],
    ['a GIF', () => raw(3).gif().toBuffer(), undefined, 0.1],
    ['a WebP', () => raw(3).webp({ lossless: true }).toBuffer(), undefined, 0.1],
    ['an AVIF', () => raw(3).avif({ lossless: true }).toBuffer(), undefined, 0.1],
    ['an AVIF with alpha', () => raw(4).avif({ lossless: true }).toBuffer(), undefined, 1],
    ['a WebP with alpha', () => raw(4).webp({ lossless: true }).toBuffer(), undefined, 1],
  ];
  for (const [what, make, filter, mean] of kinds)
    it(`shows ${what} as it is`, async () => {
      const picture = await make();
      const { bytes, pageCount, warnings } = await toPdf([picture]);
      assert.deepEqual([pageCount, warnings], [1, []]);
      const far = await seenAs(bytes, picture);
      assert.ok(far <= mean, `${far}`);
      const first = pictures(bytesSource(bytes)).list.find(({ isSoftMask }) => !isSoftMask);
      assert.equal(first?.filter, filter);
    });

  for (const bits of [1, 4, 8, 24, 32, -32])
    it(`shows a bitmap of ${Math.abs(bits)} bits${bits < 0 ? ' from the top' : ''} as it is`, async () => {
      const { bytes } = await toPdf([bmp(bits)]);
      const bilevel = await gray().threshold(100).png().toBuffer();
      assert.ok((await seenAs(bytes, bilevel)) < 0.1);
    });

  it('keeps the bytes of a JPEG, and the data of a PNG', async () => {
    const [jpeg, png] = [await raw(3).jpeg().toBuffer(), await raw(3).png().toBuffer()];
    const { bytes } = await toPdf([jpeg, png]);
    assert.ok(bytes.includes(jpeg));
    const at = png.indexOf('IDAT');
    assert.ok(bytes.includes(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))));
  });

  it('has no soft mask where all is seen', async () => {
    const masks = async (picture: Buffer) =>
      pictures(bytesSource((await toPdf([picture])).bytes)).list.filter(({ isSoftMask }) => isSoftMask)
        .length;
    assert.equal(await masks(await raw(4).png().toBuffer()), 1);
    assert.equal(await masks(await raw(3).ensureAlpha().png().toBuffer()), 0);
  });

  it('keeps the profile that a picture has', async () => {
    const colored = () => raw(3).withIccProfile('p3');
    for (const make of [() => colored().jpeg(), () => colored().png()]) {
      const { bytes } = await toPdf([await make().toBuffer(), await make().toBuffer()]);
      const [first] = pictures(bytesSource(bytes)).list;
      assert.deepEqual([first?.colorSpace?.kind, first?.colorSpace?.components], ['ICCBased', 3]);
    }
  });

  it('packs what has 1 bit by CCITT G4, and makes a page of each of a TIFF', async () => {
    const bilevel = await gray().threshold(128).tiff({ bitdepth: 1, compression: 'ccittfax4' }).toBuffer();
    const one = await toPdf([bilevel]);
    assert.deepEqual(
      pictures(bytesSource(one.bytes)).list.map((each) => [each.filter, each.bitsPerComponent]),
      [['CCITTFaxDecode', 1]],
    );
    assert.ok((await seenAs(one.bytes, bilevel)) < 0.1);
    const several = await sharp(Buffer.concat([samples(3), samples(3), samples(3)]), {
      raw: { width, height: height * 3, channels: 3, pageHeight: height },
    })
      .tiff({ compression: 'deflate' })
      .toBuffer();
    const { pageCount } = await toPdf([several, bilevel]);
    assert.equal(pageCount, 4);
  });

  it('keeps the data of a fax that is one strip', async () => {
    const cases: readonly FaxOptions[] = [{}, { meaning: 1 }, { order: 2 }, { orientation: 6 }];
    for (const options of cases) {
      const { tiff, data } = fax(options);
      const { bytes } = await toPdf([tiff]);
      assert.ok(bytes.includes(data));
      const [page] = info(bytesSource(bytes)).pages;
      const sides = [(width * 72) / 204, (height * 72) / 98];
      if (options.orientation === 6) sides.reverse();
      assert.deepEqual(
        [page?.width.toFixed(1), page?.height.toFixed(1)],
        sides.map((side) => side.toFixed(1)),
      );
      const shown = await toPdf([tiff], {
        sizes: [options.orientation === 6 ? { width: height, height: width } : { width, height }],
      });
      assert.ok((await seenAs(shown.bytes, tiff)) < 0.5, JSON.stringify(options));
    }
    // Of what is cut off, as many lines are shown as the library reads.
    const cut = fax({ keep: 0.6 });
    const [shown] = pictures(bytesSource((await toPdf([cut.tiff])).bytes)).list;
    assert.ok((shown?.bytes ?? 0) > cut.data.length);
  });

  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8])
    it(`turns a picture of orientation ${orientation}`, async () => {
      const jpeg = await raw(3).withMetadata({ orientation, density: 144 }).jpeg().toBuffer();
      const { bytes } = await toPdf([jpeg]);
      const [page] = info(bytesSource(bytes)).pages;
      const size = [page?.width, page?.height];
      assert.deepEqual(size, orientation >= 5 ? [height / 2, width / 2] : [width / 2, height / 2]);
      assert.ok((await seenAs(bytes, jpeg)) < 4);
      const webp = await raw(3).withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
      assert.ok((await seenAs((await toPdf([webp])).bytes, webp)) < 0.1);
    });

  it('makes pages as large as the picture says, else of 96 pixels per inch, or as it is asked to', async () => {
    const sizeOf = async (picture: Buffer, sizes?: Abilities['pictures.to-pdf']['takes']['sizes']) => {
      const { bytes } = await toPdf([picture], sizes && { sizes });
      return info(bytesSource(bytes)).pages.map((page) => [
        Math.round(page.width),
        Math.round(page.height),
      ])[0];
    };
    assert.deepEqual(await sizeOf(await raw(3).png().toBuffer()), [90, 60]);
    assert.deepEqual(await sizeOf(await raw(3).withMetadata({ density: 300 }).png().toBuffer()), [29, 19]);
    assert.deepEqual(await sizeOf(await raw(3).tiff({ xres: 12, yres: 12 }).toBuffer()), [28, 19]);
    assert.deepEqual(await sizeOf(await raw(3).withMetadata({ density: 1 }).jpeg().toBuffer()), [90, 60]);
    assert.deepEqual(await sizeOf(await raw(3).png().toBuffer(), [{ width: 595, height: 842 }]), [595, 842]);
    const lines = raw(1).toColourspace('b-w').threshold(99).tiff({ bitdepth: 1, xres: 8, yres: 4 });
    assert.deepEqual(await sizeOf(await lines.toBuffer()), [43, 57]);
    const line = sharp({ create: { width: 30_000, height: 1, channels: 3, background: 'red' } });
    assert.deepEqual(await sizeOf(await line.png().toBuffer()), [14_400, 3]);
  });

  it('takes the first picture of a moving one, and says of which input', async () => {
    const frames = sharp(Buffer.concat([samples(3), samples(3)]), {
      raw: { width, height: height * 2, channels: 3, pageHeight: height },
    });
    const gif = await frames.gif({ delay: [50, 50], keepDuplicateFrames: true }).toBuffer();
    const { pageCount, warnings } = await toPdf([await raw(3).png().toBuffer(), gif], {}, [4, 7]);
    assert.equal(pageCount, 2);
    assert.deepEqual(warnings, ['Document 7: It is moving; only its first picture is taken.']);
  });

  it('draws an SVG on a page of its own size, at 300 pixels per inch', async () => {
    const cases: readonly (readonly [attributes: string, width: number, height: number])[] = [
      ['width="96" height="48"', 72, 36],
      ['width="50mm" height=\'1in\'', 142, 72],
      ['viewBox="0 0 200 100"', 150, 75],
      ['width="144pt" viewBox="0 0 200 100"', 144, 72],
      ['width="100%" height="100%" viewBox="0,0,40,40"', 30, 30],
      ['width="1" height="1"', 3, 3],
    ];
    const half = '<rect width="50%" height="100%" fill="#0000ff"/>';
    for (const [attributes, across, down] of cases) {
      const { bytes, warnings } = await toPdf([svg(attributes, half)]);
      const [page] = info(bytesSource(bytes)).pages;
      const [drawn] = pictures(bytesSource(bytes)).list;
      assert.deepEqual(
        [Math.round(page?.width ?? 0), Math.round(page?.height ?? 0)],
        [across, down],
        attributes,
      );
      assert.ok(Math.abs((drawn?.width ?? 0) - (across * 300) / 72) < 3, `${drawn?.width}`);
      assert.deepEqual(warnings, []);
      const [seen] = drawPages(bytes, 288);
      assert.ok(seen !== undefined);
      const at = (share: number) => {
        const from = (Math.floor(seen.height / 2) * seen.width + Math.floor(seen.width * share)) * 4;
        return [...seen.data.subarray(from, from + 3)];
      };
      // Blue comes first.
      assert.deepEqual(
        [at(0.25), at(0.75)],
        [
          [255, 0, 0],
          [255, 255, 255],
        ],
        attributes,
      );
    }
    const large = await toPdf([svg('width="3000mm" height="2000mm"')]);
    assert.match(large.warnings.join(), /It is large, and drawn with \d\d pixels per inch/);
  });

  it('opens nothing that an SVG refers to, and runs nothing of it', async () => {
    await using receiver = await startReceiver((response) => response.writeHead(200).end());
    const secret = shop.file(await raw(3).png().toBuffer());
    const link = receiver.at('/a.png');
    const content = [
      ...[link, `file://${secret.path}`, secret.path, 'source-1'].flatMap((one) => [
        `<image width="96" height="96" href="${one}"/>`,
        `<image width="96" height="96" x:href="${one}" xmlns:x="http://www.w3.org/1999/xlink"/>`,
        `<use href="${one}#a"/>`,
        `<style>@import url("${one}"); rect { fill: url("${one}#a") }</style>`,
        `<foreignObject width="96" height="96"><img xmlns="http://www.w3.org/1999/xhtml" src="${one}"/></foreignObject>`,
      ]),
      `<script>fetch("${link}")</script>`,
    ];
    const doctype = `<!DOCTYPE svg [<!ENTITY e SYSTEM "file://${secret.path}">]>`;
    const { bytes } = await toPdf([svg('width="96" height="96"', content.join(''))]);
    const [seen] = drawPages(bytes, 72);
    assert.ok(
      seen?.data.every((value) => value === 255),
      'a white page',
    );
    const entity = Buffer.concat([Buffer.from(doctype), svg('width="96" height="96"', '<text>&e;</text>')]);
    await assert.rejects(toPdf([entity]), { row: 'pictureDamaged' });
    assert.equal(receiver.received.length, 0);
  });

  const rgb = [8, 2, 0, 0, 0] as const;

  const hugeBmp = () => {
    const bytes = bmp(1);
    bytes.writeInt32LE(30_000, 18);
    bytes.writeInt32LE(30_000, 22);
    return bytes;
  };

  type Hostile = readonly [what: string, make: () => Promise<Buffer> | Buffer, row: string];
  const hostile: readonly Hostile[] = [
    ['text', () => Buffer.from('this is no picture'), 'kindRefused'],
    ['an empty file', () => Buffer.alloc(0), 'kindRefused'],
    ['an SVG of no size', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'pictureDamaged'],
    ['an SVG that is cut off', () => svg('width="9" height="9"').subarray(0, -4), 'pictureDamaged'],
    ['an SVG that is too large', () => svg('width="1e9" height="1e9"'), 'pictureDamaged'],
    ['an SVG with entities of entities', () => laughs(), 'pictureDamaged'],
    ['an SVG of too many levels', () => svg('width="9" height="9"', '<g>'.repeat(5_000)), 'pictureDamaged'],
    ['a HEIC', () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), 'kindRefused'],
    ['half an AVIF', async () => (await raw(3).avif().toBuffer()).subarray(0, 300), 'pictureDamaged'],
    ['half a JPEG', async () => (await raw(3).jpeg().toBuffer()).subarray(0, 900), 'pictureDamaged'],
    ['a JPEG that ends at once', () => Buffer.from('ffd8ff', 'hex'), 'pictureDamaged'],
    ['half a PNG', async () => (await raw(3).png().toBuffer()).subarray(0, 500), 'pictureDamaged'],
    ['a PNG with too little data', () => pngOf([100, 100], rgb, Buffer.alloc(30_000)), 'pictureDamaged'],
    ['a PNG with too much data', () => pngOf([100, 100], rgb, Buffer.alloc(50_000_000)), 'pictureDamaged'],
    ['a PNG without rows', () => pngOf([100, 0], rgb, Buffer.alloc(1)), 'pictureDamaged'],
    [
      'a PNG of 2.5 gigapixels',
      () => pngOf([50_000, 50_000], rgb, Buffer.alloc(1_000)),
      'documentTooComplex',
    ],
    [
      'the same with alpha',
      () => pngOf([50_000, 50_000], [8, 6, 0, 0, 1], Buffer.alloc(1_000)),
      'documentTooComplex',
    ],
    ['half a bitmap', () => bmp(24, 0.5), 'pictureDamaged'],
    ['a bitmap of 1 gigapixel', () => hugeBmp(), 'documentTooComplex'],
    ['half a GIF', async () => (await raw(3).gif().toBuffer()).subarray(0, 40), 'pictureDamaged'],
    ['half a WebP', async () => (await raw(3).webp().toBuffer()).subarray(0, 100), 'pictureDamaged'],
    [
      'half a TIFF',
      async () => (await raw(3).tiff({ compression: 'none' }).toBuffer()).subarray(0, 5_000),
      'pictureDamaged',
    ],
    [
      'a GIF that says it is larger than can be',
      () => Buffer.from('474946383961ffffffff800000000000ffffff2c00000000ffffffff0002024401003b', 'hex'),
      'documentTooComplex',
    ],
  ];
  for (const [what, make, row] of hostile)
    it(`refuses ${what}, and says which input it is`, async () => {
      const good = await raw(3).png().toBuffer();
      await assert.rejects(toPdf([good, await make()], {}, [2, 5]), (error) => {
        assert.ok(error instanceof Failure, String(error));
        assert.deepEqual([error.row, error.status], [row, 442], error.message);
        assert.match(error.message, / 5 \("1\.bin"\) /);
        return true;
      });
      assert.deepEqual(filesIn(directory), []);
    });
});
