import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import type { RenderSettings } from '../../../src/engines/capabilities.ts';
import type { Engine, EngineContext } from '../../../src/engines/engine.ts';
import {
  createPdfiumEngine,
  type PdfiumPools,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import { Failure } from '../../../src/errors.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { openSandbox, tiers } from '../../../src/sandbox/open.ts';
import { BoxDied, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { documentOf, line, protectedDocument } from './documents.ts';

const never = new AbortController().signal;
/** One pixel for each point. */
const plain: RenderSettings = {
  as: 'png',
  resolution: 72,
  area: undefined,
  quality: 90,
  tiffCompression: 'lzw',
  bitsPerPixel: undefined,
  oneBit: 'otsu',
  rotate: 0,
  flip: 'none',
  smoothText: true,
  smoothLines: true,
  smoothPictures: true,
  text: true,
  lines: true,
  curves: true,
  pictures: true,
  inverted: false,
};
const [white, black, red, blue] = ['ffffff', '000000', 'ff0000', '0000ff'];
/** 100 x 50 points of red, 100 from the left and 100 from the top of a page of 600 x 800. */
const redBox = '1 0 0 rg 100 650 100 50 re f\n';

const folder = mkdtempSync(join(tmpdir(), 'octavo-render-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let jobs = 0;

interface Asked {
  readonly pages?: string;
  readonly settings?: Partial<RenderSettings>;
  readonly context?: Partial<EngineContext>;
}

async function renderWith(engine: Engine, bytes: Uint8Array | string, asked: Asked = {}) {
  const path = join(folder, `source-${(jobs += 1)}`);
  writeFileSync(path, bytes, { mode: 0o600 });
  const directory = join(folder, `job-${jobs}`);
  mkdirSync(directory, { mode: 0o700 });
  const document = { path, name: 'a.pdf', sizeBytes: statSync(path).size };
  const { pages = '', settings, context } = asked;
  const made = await engine.abilities['pdf.render']?.(
    { document, pages, stem: 'a', settings: { ...plain, ...settings } },
    { password: '', directory, wallMsMax: 60_000, signal: never, ...context },
  );
  assert.ok(made);
  return made;
}

/** Pixels of a picture, or of a page of one. */
async function read(path: string, page = 0) {
  const { data, info } = await sharp(path, { page })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at = (x: number, y: number) =>
    data.toString('hex').slice((y * width + x) * 6, (y * width + x) * 6 + 6);
  const share = (color: string) => {
    let count = 0;
    for (let pixel = 0; pixel < width * height; pixel++)
      if (data.toString('hex', pixel * 3, pixel * 3 + 3) === color) count++;
    return count / (width * height);
  };
  return { width, height, at, share };
}

for (const tier of tiers) {
  describe(`pictures of pages in ${tier}`, { timeout: 120_000 }, () => {
    let sandbox: Sandbox | undefined;
    let missing = '';
    let engine: Engine;
    before(async () => {
      const opening = openSandbox({ directory: join(folder, tier), log: silentLog, allow: [tier] });
      if (process.env['OCTAVO_REQUIRE_ENGINES'] === '1') sandbox = await opening;
      else sandbox = await opening.catch((error: Error) => void (missing = error.message));
      if (sandbox !== undefined) engine = engineOver(poolsIn(sandbox));
    });
    after(() => sandbox?.close());
    const test = (name: string, run: () => Promise<void>) =>
      it(name, async (t) => (sandbox === undefined ? t.skip(missing) : run()));

    for (const as of ['png', 'jpg', 'webp', 'tiff'] as const)
      test(`are made as ${as}`, async () => {
        const { files, pages, pageCount, warnings } = await renderWith(engine, documentOf([redBox, '']), {
          settings: { as },
        });
        assert.deepEqual([pageCount, warnings], [2, []]);
        assert.deepEqual(pages, [
          { index: 0, width: 600, height: 800 },
          { index: 1, width: 600, height: 800 },
        ]);
        const names = as === 'tiff' ? ['a.tif'] : [`a-0.${as}`, `a-1.${as}`];
        assert.deepEqual(
          files.map(({ name }) => name),
          names,
        );
        const [first, second] = files;
        assert.ok(first);
        const one = await read(first.path);
        assert.deepEqual([one.width, one.height], [600, 800]);
        assert.ok(Math.abs(one.share(white) - 0.99) < 0.02);
        const two = as === 'tiff' ? await read(first.path, 1) : await read(second?.path ?? '');
        assert.equal(two.share(white), 1);
      });
  });
}

describe('what a picture of a page shows', { timeout: 120_000 }, () => {
  let sandbox: Sandbox;
  let pools: PdfiumPools;
  let engine: Engine;
  before(async () => {
    sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog, allow: tiers });
    pools = poolsIn(sandbox);
    engine = engineOver(pools);
  });
  after(() => sandbox.close());

  async function pictureOf(bytes: Uint8Array, settings: Partial<RenderSettings> = {}) {
    const { files, warnings } = await renderWith(engine, bytes, { settings });
    const [file] = files;
    assert.ok(file);
    return { ...(await read(file.path)), path: file.path, warnings };
  }

  it('is the page as it is shown: colours at their places', async () => {
    const { at } = await pictureOf(documentOf([redBox]));
    assert.deepEqual([at(99, 125), at(100, 125), at(199, 125), at(200, 125)], [white, red, red, white]);
    assert.deepEqual([at(150, 99), at(150, 100), at(150, 149), at(150, 150)], [white, red, red, white]);
  });

  it('has more pixels where more are asked for, and says how many in the file', async () => {
    for (const as of ['png', 'jpg', 'tiff'] as const) {
      const { width, height, path } = await pictureOf(documentOf([redBox]), { as, resolution: 144 });
      assert.deepEqual([width, height], [1_200, 1_600]);
      assert.equal((await sharp(path).metadata()).density, 144);
    }
    const { path } = await pictureOf(documentOf([redBox]), { bitsPerPixel: 1, resolution: 144 });
    assert.equal((await sharp(path).metadata()).density, 144);
  });

  it('is cropped and turned as the document says', async () => {
    const entries = '/CropBox[50 600 250 750]/Rotate 90';
    const { width, height, at } = await pictureOf(documentOf([{ content: redBox, entries }]));
    assert.deepEqual([width, height], [150, 200]);
    // The lower left corner of the crop box is the upper left one of what is shown.
    assert.deepEqual([at(49, 100), at(50, 100), at(99, 100), at(100, 100)], [white, red, red, white]);
    assert.deepEqual([at(75, 49), at(75, 50), at(75, 149), at(75, 150)], [white, red, red, white]);
  });

  it('is an area of it', async () => {
    const area = { left: 150, top: 50, width: 100, height: 75 };
    const { width, height, at } = await pictureOf(documentOf([redBox]), { area, resolution: 144 });
    assert.deepEqual([width, height], [200, 150]);
    assert.deepEqual([at(0, 99), at(0, 100), at(99, 149), at(100, 149)], [white, red, red, white]);
  });

  for (const [rotate, flip, x, y] of [
    [90, 'none', 675, 150],
    [180, 'none', 450, 675],
    [270, 'none', 125, 450],
    [0, 'x', 450, 125],
    [0, 'y', 150, 675],
    [90, 'x', 125, 150],
    [270, 'xy', 675, 150],
  ] as const)
    it(`is turned by ${rotate} degrees and mirrored by ${flip}`, async () => {
      const { width, height, at, share } = await pictureOf(documentOf([redBox]), { rotate, flip });
      assert.deepEqual([width, height], rotate % 180 === 0 ? [600, 800] : [800, 600]);
      assert.equal(at(x, y), red);
      assert.ok(Math.abs(share(red) - 5_000 / 480_000) < 1e-3);
    });

  const objects = {
    resources: '/XObject<</I 100 0 R/X 101 0 R>>',
    extra: {
      100: [
        '/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB',
        '\0\0\xff',
      ],
      101: [
        '/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>',
        `0 g ${line('MMMM', 300, 100, 40)}`,
      ],
    },
  } as const;
  const everything = `${redBox} q 50 0 0 50 300 400 cm /I Do Q 0 1 0 rg 500 700 m 500 750 550 750 550 700 c f /X Do`;
  const places = { lines: [150, 125], pictures: [325, 375], curves: [525, 75] } as const;

  for (const left of ['text', 'lines', 'pictures', 'curves'] as const)
    it(`leaves out ${left} alone`, async () => {
      const { at, share } = await pictureOf(documentOf([everything], objects), { [left]: false });
      const isWhite = (name: keyof typeof places) => at(places[name][0], places[name][1]) === white;
      assert.equal(isWhite('lines'), left === 'lines');
      assert.equal(isWhite('pictures'), left === 'pictures');
      assert.equal(isWhite('curves'), left === 'lines' || left === 'curves');
      assert.equal(share(black) > 0, left !== 'text');
    });

  it('has smooth edges, unless they are not asked for', async () => {
    const bytes = documentOf([line('Smooth', 50, 400, 90)]);
    const { share } = await pictureOf(bytes);
    assert.ok(share(white) + share(black) < 0.999);
    const sharpOne = await pictureOf(bytes, { smoothText: false });
    assert.equal(sharpOne.share(white) + sharpOne.share(black), 1);
  });

  it('has its opposite colours at night', async () => {
    const { at } = await pictureOf(documentOf([redBox]), { inverted: true });
    assert.deepEqual([at(0, 0), at(150, 125)], [black, '00ffff']);
  });

  it('shows annotations and the values of fields', async () => {
    const square = '<</Type/Annot/Subtype/Square/Rect[100 650 200 700]/F 4/AP<</N 101 0 R>>>>';
    const field =
      '<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(MMMM)/Rect[300 300 500 360]/F 4/DA(/F1 40 Tf 0 0 1 rg)/AP<</N 102 0 R>>>>';
    const extra = {
      100: square,
      101: ['/Type/XObject/Subtype/Form/BBox[0 0 100 50]', '1 0 0 rg 0 0 100 50 re f'],
      102: ['/Type/XObject/Subtype/Form/BBox[0 0 200 60]', '/Tx BMC 0 0 1 rg 0 0 200 60 re f EMC'],
      103: field,
    } as const;
    const page = { content: '', entries: '/Annots[100 0 R 103 0 R]' };
    const catalog = '/AcroForm<</Fields[103 0 R]/DR<</Font<</F1 3 0 R>>>>>>';
    const { at } = await pictureOf(documentOf([page], { extra, catalog }));
    assert.deepEqual([at(150, 125), at(400, 470)], [red, blue]);
  });

  it('has as many bits as are asked for, and else no colours where there are none', async () => {
    const facts = async (bytes: Uint8Array, settings: Partial<RenderSettings>) => {
      const { path } = await pictureOf(bytes, settings);
      const { channels, bitsPerSample } = await sharp(path).metadata();
      return [channels, bitsPerSample];
    };
    const [colored, gray] = [documentOf([redBox]), documentOf([line('text', 50, 700)])];
    for (const as of ['png', 'tiff'] as const) {
      assert.deepEqual(await facts(colored, { as }), [3, 8]);
      assert.deepEqual(await facts(gray, { as }), [1, 8]);
      assert.deepEqual(await facts(gray, { as, bitsPerPixel: 24 }), [3, 8]);
      assert.deepEqual(await facts(colored, { as, bitsPerPixel: 8 }), [1, 8]);
      assert.deepEqual(await facts(colored, { as, bitsPerPixel: 32 }), [4, 8]);
      assert.deepEqual(await facts(colored, { as, bitsPerPixel: 1 }), [1, 1]);
    }
    assert.equal((await facts(colored, { as: 'jpg', bitsPerPixel: 32 }))[0], 3);
  });

  it('is black and white by a threshold or by dots', async () => {
    const grays = documentOf(['0.5 g 0 0 600 400 re f 0 g 0 0 600 200 re f']);
    const one = await pictureOf(grays, { bitsPerPixel: 1 });
    assert.deepEqual([one.at(300, 100), one.at(300, 700)], [white, black]);
    assert.ok(one.share(white) === 0.5 || one.share(white) === 0.75);
    const dots = await pictureOf(grays, { bitsPerPixel: 1, oneBit: 'bayer' });
    assert.ok(Math.abs(dots.share(white) - 0.625) < 0.01);
    assert.equal(dots.share(white) + dots.share(black), 1);
  });

  for (const tiffCompression of ['none', 'lzw', 'rle', 'jpeg', 'ccitt3', 'ccitt4'] as const)
    it(`is in a TIFF of many pages, packed by ${tiffCompression}`, async () => {
      const pages = [redBox, line('two', 50, 700), '', { content: redBox, entries: '/Rotate 90' }];
      const { files } = await renderWith(engine, documentOf(pages), {
        settings: { as: 'tiff', tiffCompression },
      });
      const [file, ...others] = files;
      assert.ok(file !== undefined && others.length === 0);
      assert.equal((await sharp(file.path).metadata()).pages, 4);
      const [first, second, third, turned] = await Promise.all(
        [0, 1, 2, 3].map((page) => read(file.path, page)),
      );
      assert.ok(first && second && third && turned);
      assert.notEqual(first.at(150, 125), white);
      assert.ok(second.share(white) > 0.9 && second.share(white) < 1);
      assert.equal(third.share(white), 1);
      assert.deepEqual([turned.width, turned.height], [800, 600]);
    });

  it('is a JPEG of a photograph, and else a PNG, where either is right', async () => {
    let seed = 1;
    const noise = Buffer.from(
      Uint8Array.from({ length: 600 * 800 * 3 }, () => (seed = (seed * 48_271) % 2_147_483_647) >> 8),
    );
    const picture = {
      resources: '/XObject<</I 100 0 R>>',
      extra: {
        100: [
          '/Type/XObject/Subtype/Image/Width 600/Height 800/BitsPerComponent 8/ColorSpace/DeviceRGB',
          noise,
        ],
      },
    } as const;
    const bytes = documentOf(['q 600 0 0 800 0 0 cm /I Do Q', line('text', 50, 700)], picture);
    const { files } = await renderWith(engine, bytes, { settings: { as: 'png-or-jpg' } });
    const formats = await Promise.all(files.map(async ({ path }) => (await sharp(path).metadata()).format));
    assert.deepEqual(formats, ['jpeg', 'png']);
  });

  it('is of the pages that are asked for, in their order, however many boxes draw them', async () => {
    const pages = Array.from({ length: 40 }, (_, index) => `1 0 0 rg 0 0 600 ${index * 20} re f`);
    const made = await renderWith(engine, documentOf(pages), {
      pages: '39,0-38',
      settings: { resolution: 18 },
    });
    const { files, pageCount } = made;
    assert.equal(pageCount, 40);
    const order = [39, ...Array.from({ length: 39 }, (_, index) => index)];
    assert.deepEqual(
      files.map(({ name }) => name),
      order.map((index) => `a-${index}.png`),
    );
    assert.deepEqual(
      made.pages.map(({ index }) => index),
      order,
    );
    for (const [position, index] of order.entries()) {
      const { share } = await read(files[position]?.path ?? '');
      assert.ok(Math.abs(share(red) - index / 40) < 0.01, `page ${index}`);
    }
  });

  it('says which pages there are', async () => {
    await assert.rejects(
      renderWith(engine, documentOf(['']), { pages: '1' }),
      (error) => error instanceof Failure && error.row === 'pageUnknown',
    );
  });

  it('is not made of more pages than a result may have files', async () => {
    const bytes = documentOf(Array.from({ length: 10_001 }, () => ''));
    await assert.rejects(
      renderWith(engine, bytes),
      (error) =>
        error instanceof Failure && error.row === 'documentTooComplex' && /10000/.test(error.message),
    );
    assert.equal((await renderWith(engine, bytes, { pages: '10000' })).pageCount, 1);
  });

  it('is white where the page is damaged, and the answer says so', async () => {
    const kids = documentOf([redBox, redBox]).toString('latin1').replace('1002 0 R]', '9999 0 R]');
    const { files, warnings, pageCount } = await renderWith(engine, Buffer.from(kids, 'latin1'));
    assert.equal(pageCount, 2);
    assert.deepEqual(warnings, ['Page 1 (from 0) cannot be read, and counts as empty.']);
    assert.equal((await read(files[0]?.path ?? '')).at(150, 125), red);
    assert.equal((await read(files[1]?.path ?? '')).share(white), 1);
  });

  it('is there of a document that opens with its password, whatever else it forbids', async () => {
    const bytes = protectedDocument(documentOf([redBox]), 'secret', false);
    const { files } = await renderWith(engine, bytes, { context: { password: 'secret' } });
    assert.equal((await read(files[0]?.path ?? '')).at(150, 125), red);
    await assert.rejects(
      renderWith(engine, bytes),
      (error) => error instanceof Failure && error.row === 'passwordWrong',
    );
  });

  for (const as of ['png', 'jpg'] as const)
    it(`is smaller than was asked for where it would be too large as ${as}, and the answer says so`, async () => {
      const bytes = documentOf([{ content: redBox, entries: '/MediaBox[0 0 14400 14400]' }]);
      const { width, height, warnings, path } = await pictureOf(bytes, { as, resolution: 600 });
      assert.ok(width === height && width * height <= 70_000_000 && width * height > 60_000_000);
      assert.match(warnings.join(), /^Page 0 \(from 0\) is drawn with fewer pixels.*70 million/);
      if (as === 'png')
        assert.equal((await sharp(path).metadata()).density, Math.round((width / 14_400) * 72));
    });

  it('is of a tiny page too', async () => {
    const bytes = documentOf([{ content: redBox, entries: '/MediaBox[0 0 1 1]' }]);
    const { width, height } = await pictureOf(bytes, { resolution: 10 });
    assert.deepEqual([width, height], [1, 1]);
  });

  it('is one of 10,000 at most', async () => {
    const bytes = documentOf(Array.from({ length: 10_001 }, () => ''));
    for (const as of ['png', 'tiff'] as const)
      await assert.rejects(renderWith(engine, bytes, { settings: { as } }), (error) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.row, 'documentTooComplex');
        return true;
      });
  });

  it('ends with the time of its job, however long a page draws', async () => {
    const pattern = {
      resources: '/Pattern<</P 100 0 R>>',
      extra: {
        100: [
          '/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001/Resources<<>>',
          '1 0 0 rg 0 0 1 1 re f '.repeat(2_000),
        ],
      },
    } as const;
    const fill = '/Pattern cs /P scn 0 0 600 800 re f '.repeat(5_000);
    const drawing = renderWith(engine, documentOf([fill], pattern), {
      context: { wallMsMax: 3_000 },
      settings: { resolution: 600 },
    });
    await assert.rejects(drawing, (error) => error instanceof BoxDied && error.why === 'wall-clock');
    assert.equal((await pictureOf(documentOf([redBox]))).at(150, 125), red);
    const hurried = engineOver(pools, { pageMsMax: 1_000 });
    for (const as of ['png', 'tiff'] as const) {
      const document = documentOf([redBox, fill], pattern);
      const refused = renderWith(hurried, document, { settings: { resolution: 600, as } });
      await assert.rejects(
        refused,
        (error) => error instanceof Failure && error.row === 'documentTooComplex',
      );
    }
  });
});

function poolsIn(sandbox: Sandbox): PdfiumPools {
  return {
    plain: sandbox.pool(pdfiumProgram({ size: 1 })),
    pictures: sandbox.pool(pdfiumPicturesProgram({ size: 2 })),
  };
}

function engineOver(pools: PdfiumPools, own: { readonly pageMsMax?: number } = {}): Engine {
  return createPdfiumEngine(pools, { directory: folder, boxes: 2, aloneMsMax: 0, ...own });
}
