import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import sharp from 'sharp';
import type { FileHandle, PictureSettings } from '../../src/engines/capabilities.ts';
import type { Engine, EngineContext } from '../../src/engines/engine.ts';
import { samplePdf } from '../../src/engines/octavo/sample.ts';
import { createPicturesEngine, picturesProgram } from '../../src/engines/pictures/engine.ts';
import { Failure } from '../../src/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { openSandbox, tiers } from '../../src/sandbox/open.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { grayPng } from '../program/png.ts';

const keep = { resample: undefined, format: 'keep', quality: 75 } as const;
const untouched: PictureSettings = { color: keep, grayscale: keep, monochrome: keep, toGrayscale: false };

for (const tier of tiers) {
  describe(`the engine of pictures in ${tier}`, { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'octavo-pictures-'));
    let sandbox: Sandbox | undefined;
    let missing = '';
    let engine: Engine;
    let jobs = 0;

    before(async () => {
      const opening = openSandbox({ directory: join(folder, 'boxes'), log: silentLog, allow: [tier] });
      if (process.env['OCTAVO_REQUIRE_ENGINES'] === '1') sandbox = await opening;
      else sandbox = await opening.catch((error: Error) => void (missing = error.message));
      if (sandbox === undefined) return;
      engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory: folder });
    });
    after(async () => {
      await sandbox?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    function document(bytes: Uint8Array | string, name = 'a.pdf'): FileHandle {
      const path = join(folder, `source-${(jobs += 1)}`);
      writeFileSync(path, bytes, { mode: 0o600 });
      return { path, name, sizeBytes: statSync(path).size };
    }
    function optimise(bytes: Uint8Array | string, pictures = untouched, own: Partial<EngineContext> = {}) {
      const directory = join(folder, `job-${(jobs += 1)}`);
      mkdirSync(directory, { mode: 0o700 });
      const signal = new AbortController().signal;
      const context = { password: '', directory, wallMsMax: 30_000, signal, ...own };
      assert.ok(engine.abilities['pdf.optimise']);
      return engine.abilities['pdf.optimise']({ document: document(bytes), pictures }, context);
    }
    const test = (name: string, run: () => Promise<void>) =>
      it(name, async (t) => (sandbox === undefined ? t.skip(missing) : run()));

    test('is ready, and leaves nothing of its probe', async () => {
      assert.deepEqual(await engine.probe(), { ready: true, says: 'Packs pictures.' });
      assert.deepEqual(readdirSync(folder), ['boxes']);
    });

    test('makes a document smaller, and says by how much', async () => {
      const large = Buffer.concat([samplePdf(), Buffer.alloc(4_000, ' ')]);
      const { file, pageCount, bytesBefore, bytesAfter } = await optimise(large);
      assert.equal(pageCount, 1);
      assert.equal(file.name, 'result.pdf');
      assert.equal(bytesBefore, large.length);
      assert.equal(bytesAfter, readFileSync(file.path).length);
      assert.ok(bytesAfter < bytesBefore);
      assert.equal(info(bytesSource(readFileSync(file.path))).pageCount, 1);
    });

    test('makes pages of pictures, of those too that the library reads', async () => {
      const directory = join(folder, `job-${(jobs += 1)}`);
      mkdirSync(directory, { mode: 0o700 });
      const tiff = await sharp(grayPng(30, 20)).tiff().toBuffer();
      const context = { password: '', directory, wallMsMax: 30_000, signal: new AbortController().signal };
      assert.ok(engine.abilities['pictures.to-pdf']);
      const { file, pageCount } = await engine.abilities['pictures.to-pdf'](
        { pictures: [document(grayPng(40, 40), 'a.png'), document(tiff, 'b.tif')] },
        context,
      );
      assert.equal(pageCount, 2);
      assert.equal(info(bytesSource(readFileSync(file.path))).pageCount, 2);
    });

    test('says what is no document', async () => {
      await assert.rejects(
        optimise('this is a text file'),
        (error) => error instanceof Failure && error.row === 'documentDamaged',
      );
    });
  });
}
