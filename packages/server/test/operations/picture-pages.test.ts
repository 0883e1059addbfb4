import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import sharp from 'sharp';
import type { Abilities, AbilityName, FileHandle, RenderSettings } from '../../src/engines/capabilities.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { createOctavoEngine, octavoProgram } from '../../src/engines/octavo/engine.ts';
import { createPdfiumEngine, pdfiumPicturesProgram, pdfiumProgram } from '../../src/engines/pdfium/engine.ts';
import { createPicturesEngine, picturesProgram } from '../../src/engines/pictures/engine.ts';
import { withPictures } from '../../src/operations/picture-pages.ts';
import { readKeys } from '../../src/operations/profiles.ts';
import { readingProfiles, readingSettings } from '../../src/operations/reading.ts';
import { renderingProfiles, renderSettings } from '../../src/operations/rendering.ts';
import { silentLog } from '../../src/platform/log.ts';
import { openSandbox, tiers } from '../../src/sandbox/open.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { documentOf, line, protectedDocument } from '../engines/pdfium/documents.ts';

describe('pages that become pictures', { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-picture-pages-'));
  let sandbox: Sandbox;
  let engines: Engine[];
  let jobs = 0;
  before(async () => {
    sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog, allow: tiers });
    const [directory, own] = [folder, { size: 1 }];
    const plain = sandbox.pool(pdfiumProgram(own));
    const pictures = sandbox.pool(pdfiumPicturesProgram(own));
    engines = [
      createOctavoEngine(sandbox.pool(octavoProgram(own)), { directory }),
      createPicturesEngine(sandbox.pool(picturesProgram(own)), { directory }),
      createPdfiumEngine({ plain, pictures }, { directory }),
    ];
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks as a job does that has a directory of its own. */
  function tools(password = '') {
    const directory = join(folder, `job-${(jobs += 1)}`);
    mkdirSync(directory, { mode: 0o700 });
    return async <A extends AbilityName>(ability: A, request: Abilities[A]['takes']) => {
      const run = engines.flatMap(({ abilities }) => abilities[ability] ?? [])[0];
      assert.ok(run, ability);
      const context = { password, directory, wallMsMax: 60_000, signal: new AbortController().signal };
      return run(request, context);
    };
  }
  function handleOf(bytes: Uint8Array): FileHandle {
    const path = join(folder, `source-${(jobs += 1)}`);
    writeFileSync(path, bytes, { mode: 0o600 });
    return { path, name: 'a.pdf', sizeBytes: statSync(path).size };
  }
  const settings = renderSettings('png-or-jpg', undefined, readKeys(renderingProfiles, new Map()));

  async function textOf(document: FileHandle, page: number): Promise<string> {
    const fields = { rect: undefined, lineGrouping: '0', unwrap: false, lang: '' } as const;
    const reading = readingSettings(fields, readKeys(readingProfiles, new Map()));
    const output = { as: 'text' } as const;
    const { file } = await tools()('pdf.read', { document, pages: `${page}`, settings: reading, output });
    return readFileSync(file.path, 'utf8').trim();
  }
  async function pixelsOf(document: FileHandle): Promise<Buffer[]> {
    const own: RenderSettings = { ...settings, as: 'png', resolution: 72, bitsPerPixel: 24 };
    const { files } = await tools()('pdf.render', { document, pages: '', stem: '', settings: own });
    return Promise.all(files.map(({ path }) => sharp(path).raw().toBuffer()));
  }

  const pages = [
    line('first', 50, 700, 40),
    { content: `1 0 0 rg 100 600 200 100 re f ${line('second', 50, 700, 40)}`, entries: '/Rotate 90' },
    { content: line('third', 80, 150, 40), entries: '/CropBox[50 100 350 300]' },
    line('last', 50, 700, 40),
  ];
  const sizes = [
    [600, 800],
    [800, 600],
    [300, 200],
    [600, 800],
  ];

  for (const [asked, chosen] of [
    ['', [0, 1, 2, 3]],
    ['1-2', [1, 2]],
    ['!0,0', [0, 3]],
    ['3,0-2,1', [0, 1, 2, 3]],
  ] as const)
    it(`has no text on the pages "${asked}" and is otherwise what it was`, async () => {
      const source = handleOf(documentOf(pages));
      const { file, pageCount, warnings } = await withPictures(source, asked, settings, tools());
      assert.deepEqual([pageCount, warnings], [4, []]);
      const facts = info(bytesSource(readFileSync(file.path)));
      const shown = facts.pages.map(({ width, height, rotate }) =>
        rotate % 180 === 0 ? [width, height] : [height, width],
      );
      assert.deepEqual(shown, sizes);
      for (const [index, text] of ['first', 'second', 'third', 'last'].entries())
        assert.equal(await textOf(file, index), chosen.some((one) => one === index) ? '' : text);
      const [was, is] = [await pixelsOf(source), await pixelsOf(file)];
      for (const [index, pixels] of was.entries()) {
        const other = is[index] ?? Buffer.alloc(0);
        assert.equal(other.length, pixels.length);
        let sum = 0;
        for (let at = 0; at < pixels.length; at++) sum += Math.abs((pixels[at] ?? 0) - (other[at] ?? 0));
        assert.ok(sum / pixels.length < 1.5, `page ${index}: ${sum / pixels.length}`);
      }
    });

  it('take the place of pages that only a password opens; the others stay', async () => {
    const source = handleOf(protectedDocument(documentOf(pages), 'secret', false));
    const { file, pageCount } = await withPictures(source, '0', settings, tools('secret'));
    assert.equal(pageCount, 4);
    const texts = await Promise.all([0, 3].map((page) => textOf(file, page)));
    assert.deepEqual(texts, ['', 'last']);
  });
});
