import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import sharp from 'sharp';
import type { PictureSettings } from '../../src/engines/capabilities.ts';
import type { Engine, EngineContext } from '../../src/engines/engine.ts';
import { samplePdf } from '../../src/engines/octavo/sample.ts';
import { createPicturesEngine, picturesProgram } from '../../src/engines/pictures/engine.ts';
import { Failure } from '../../src/errors.ts';
import { tiers } from '../../src/sandbox/open.ts';
import { grayPng } from '../program/png.ts';
import { openWorkshop } from './workshop.ts';

const keep = { resample: undefined, format: 'keep', quality: 75 } as const;
const untouched: PictureSettings = { color: keep, grayscale: keep, monochrome: keep, toGrayscale: false };

for (const tier of tiers) {
  describe(`the engine of pictures in ${tier}`, { timeout: 60_000 }, () => {
    let engine: Engine;
    const {
      folder,
      file: document,
      context,
      test,
    } = openWorkshop(tier, (sandbox, directory) => {
      engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory });
    });

    function optimise(bytes: Uint8Array | string, pictures = untouched, own: Partial<EngineContext> = {}) {
      assert.ok(engine.abilities['pdf.optimise']);
      return engine.abilities['pdf.optimise']({ document: document(bytes), pictures }, context(own));
    }

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
      const tiff = await sharp(grayPng(30, 20)).tiff().toBuffer();
      assert.ok(engine.abilities['pictures.to-pdf']);
      const { file, pageCount } = await engine.abilities['pictures.to-pdf'](
        { pictures: [document(grayPng(40, 40), 'a.png'), document(tiff, 'b.tif')] },
        context(),
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
