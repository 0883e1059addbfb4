import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import type { Engine } from '../../../src/engines/engine.ts';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import type { PictureFormat } from '../../../src/engines/pdfium/writers/writer.ts';
import { documentOf, type PageText } from './documents.ts';
import { openWorkshop } from '../workshop.ts';
import { everything } from './open-page.ts';

const [red, green, blue, yellow] = ['ff0000', '00ff00', '0000ff', 'ffff00'];
const kind = '/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8';
const four = Buffer.from([red, green, blue, yellow].join(''), 'hex');

describe('pictures of a page, packed', { timeout: 120_000 }, () => {
  let engine: Engine;
  const shop = openWorkshop(undefined, (sandbox, directory) => {
    const pictures = sandbox.pool(pdfiumPicturesProgram({ size: 1 }));
    engine = createPdfiumEngine({ plain: sandbox.pool(pdfiumProgram({ size: 1 })), pictures }, { directory });
  });

  /** The pictures in the JSON of a document of one page. */
  async function picturesOf(page: PageText | string, format: PictureFormat = 'png'): Promise<Buffer[]> {
    const extra = {
      100: [`${kind}/ColorSpace/DeviceRGB`, four],
      101: [`${kind}/ColorSpace/DeviceRGB/SMask 102 0 R`, four],
      102: [`${kind}/ColorSpace/DeviceGray`, Buffer.from('ff8000ff', 'hex')],
      103: ['/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</I 100 0 R>>>>', '/I Do'],
      104: [`${kind}/ColorSpace/DeviceGray`, Buffer.from('00ff8040', 'hex')],
    } as const;
    const resources = '/XObject<</I 100 0 R/M 101 0 R/X 103 0 R/G 104 0 R>>';
    const document = shop.file(documentOf([page], { extra, resources }));
    const output = {
      as: 'json',
      form: 'plain',
      pictures: format,
      rulings: false,
      onlyLinks: false,
      path: [],
    } as const;
    const made = await engine.abilities['pdf.read']?.(
      { document, pages: '', settings: everything, output },
      shop.context(),
    );
    assert.ok(made);
    const found = readFileSync(made.file.path, 'utf8').matchAll(/"([A-Za-z0-9+/]{60,}={0,2})"/g);
    return [...found].map(([, text = '']) => Buffer.from(text, 'base64'));
  }

  /** Colours of a picture, row by row; with alpha where it has one. */
  async function colorsOf(picture: Buffer | undefined): Promise<{ width: number; colors: string[] }> {
    assert.ok(picture);
    const { data, info } = await sharp(picture)
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const colors = Array.from({ length: info.width * info.height }, (_, at) =>
      data.toString('hex', at * info.channels, (at + 1) * info.channels),
    );
    return { width: info.width, colors };
  }

  for (const [title, content, expected] of [
    ['as they are', 'q 100 0 0 50 0 0 cm /I Do Q', [red, green, blue, yellow]],
    ['turned to the left', 'q 0 100 -50 0 300 300 cm /I Do Q', [green, yellow, red, blue]],
    ['turned to the right', 'q 0 -100 50 0 300 300 cm /I Do Q', [blue, red, yellow, green]],
    ['upside down', 'q -100 0 0 -50 300 300 cm /I Do Q', [yellow, blue, green, red]],
    ['mirrored', 'q -100 0 0 50 300 300 cm /I Do Q', [green, red, yellow, blue]],
    ['inside of a form', 'q 100 0 0 50 0 0 cm /X Do Q', [red, green, blue, yellow]],
  ] as const)
    it(`are ${title}, as the page shows them`, async () => {
      const [picture, ...others] = await picturesOf(content);
      assert.equal(others.length, 0);
      assert.deepEqual(await colorsOf(picture), { width: 2, colors: expected });
    });

  it('are turned with their page', async () => {
    const [picture] = await picturesOf({ content: 'q 100 0 0 50 0 0 cm /I Do Q', entries: '/Rotate 90' });
    assert.deepEqual((await colorsOf(picture)).colors, [blue, red, yellow, green]);
  });

  it('are cut to what is seen of them', async () => {
    const [picture] = await picturesOf('q 0 0 50 800 re W n 100 0 0 50 0 0 cm /I Do Q');
    assert.deepEqual(await colorsOf(picture), { width: 1, colors: [red, blue] });
  });

  it('have the alpha of their mask, or white below where there is none', async () => {
    const content = 'q 100 0 0 50 0 0 cm /M Do Q';
    const [png] = await picturesOf(content);
    assert.deepEqual((await colorsOf(png)).colors, [`${red}ff`, `${green}80`, `${blue}00`, `${yellow}ff`]);
    const [bmp] = await picturesOf(content, 'bmp');
    assert.ok(bmp);
    assert.equal(bmp.toString('latin1', 0, 2), 'BM');
    assert.equal(bmp.length, bmp.readUInt32LE(2));
    // Rows from the last to the first, blue first, filled up to 4 bytes.
    assert.equal(bmp.toString('hex', 54), 'ffffff00ffff00000000ff7fff7f0000');
  });

  it('are greys where they have no colour', async () => {
    const [picture] = await picturesOf('q 100 0 0 50 0 0 cm /G Do Q');
    const { channels } = await sharp(picture).metadata();
    assert.equal(channels, 1);
    assert.deepEqual((await colorsOf(picture)).colors, ['000000', 'ffffff', '808080', '404040']);
  });

  for (const [format, expected] of [
    ['jpeg', 'jpeg'],
    ['gif', 'gif'],
    ['png', 'png'],
  ] as const)
    it(`are packed as ${format}`, async () => {
      const [picture] = await picturesOf('q 100 0 0 50 0 0 cm /I Do Q', format);
      assert.equal((await sharp(picture).metadata()).format, expected);
    });
});
