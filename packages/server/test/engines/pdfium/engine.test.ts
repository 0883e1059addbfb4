import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe } from 'node:test';
import type { ReadingOutput, ReadingSettings } from '../../../src/engines/capabilities.ts';
import type { Engine, EngineContext } from '../../../src/engines/engine.ts';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import { Failure, type FailureName } from '../../../src/errors.ts';
import { tiers } from '../../../src/sandbox/open.ts';
import { documentOf, line, protectedDocument } from './documents.ts';
import { filesIn, openWorkshop } from '../workshop.ts';
import { everything } from './open-page.ts';

for (const tier of tiers) {
  describe(`the engine pdfium in ${tier}`, { timeout: 120_000 }, () => {
    let engine: Engine;
    /** The same, which divides documents at once. */
    let divided: Engine;
    const { file, context, test, folder } = openWorkshop(tier, (sandbox, directory) => {
      const pools = {
        plain: sandbox.pool(pdfiumProgram({ size: 2 })),
        pictures: sandbox.pool(pdfiumPicturesProgram({ size: 1 })),
      };
      engine = createPdfiumEngine(pools, { directory, boxes: 1 });
      divided = createPdfiumEngine(pools, { directory, boxes: 2, aloneMsMax: 0 });
    });

    async function read(
      bytes: Uint8Array | string,
      asked: {
        readonly pages?: string;
        readonly settings?: Partial<ReadingSettings>;
        readonly output?: ReadingOutput;
        readonly context?: Partial<EngineContext>;
        readonly by?: Engine;
      } = {},
    ) {
      const own = context(asked.context);
      const made = await (asked.by ?? engine).abilities['pdf.read']?.(
        {
          document: file(bytes),
          pages: asked.pages ?? '',
          settings: { ...everything, ...asked.settings },
          output: asked.output ?? { as: 'text' },
        },
        own,
      );
      assert.ok(made);
      assert.deepEqual(filesIn(own.directory), [made.file.path]);
      return { ...made, text: readFileSync(made.file.path, 'utf8') };
    }
    function fails(row: FailureName) {
      return (error: unknown) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.row, row);
        return true;
      };
    }
    const pages = ['one', 'two', 'three'].map((text) => line(text, 50, 700));

    test('writes the pages that are asked for, in their order', async () => {
      const all = await read(documentOf(pages));
      assert.deepEqual([all.pageCount, all.warnings], [3, []]);
      assert.equal(all.text, 'one\r\n\ftwo\r\n\fthree\r\n');
      const some = await read(documentOf(pages), { pages: '!0,0' });
      assert.deepEqual([some.pageCount, some.text], [2, 'three\r\n\fone\r\n']);
    });

    test('says which pages there are, and what is no range', async () => {
      await assert.rejects(read(documentOf(pages), { pages: '3' }), fails('pageUnknown'));
      await assert.rejects(read(documentOf(pages), { pages: 'x' }), fails('pagesInvalid'));
    });

    test('opens with the password of the document alone', async () => {
      const bytes = protectedDocument(documentOf(pages), 'secret', true);
      assert.equal((await read(bytes, { context: { password: 'secret' } })).pageCount, 3);
      await assert.rejects(read(bytes), fails('passwordWrong'));
      await assert.rejects(read(bytes, { context: { password: 'x' } }), fails('passwordWrong'));
      const open = protectedDocument(documentOf(pages), '', true);
      const { pageCount, warnings } = await read(open, { context: { password: 'x' } });
      assert.deepEqual([pageCount, warnings], [3, []]);
    });

    test('leaves a document alone that forbids it, but for its owner', async () => {
      const bytes = protectedDocument(documentOf(pages), '', false);
      await assert.rejects(read(bytes), fails('extractionForbidden'));
      assert.equal((await read(bytes, { settings: { heedsPermissions: false } })).pageCount, 3);
      assert.equal((await read(bytes, { context: { password: 'owner' } })).pageCount, 3);
      const damaged = Buffer.from(bytes).subarray(0, bytes.length - 200);
      await assert.rejects(read(damaged), (error) => error instanceof Failure);
    });

    test('reads what is damaged, and says what is none', async () => {
      const bytes = documentOf(pages);
      const cut = Buffer.from(bytes.toString('latin1').replace(/xref[\s\S]*$/, ''), 'latin1');
      assert.equal((await read(cut)).pageCount, 3);
      await assert.rejects(read('this is a text file'), fails('documentDamaged'));
      await assert.rejects(read(''), fails('documentDamaged'));
    });

    test('warns of pages that hold no text but pictures', async () => {
      const picture = {
        resources: '/XObject<</I 100 0 R>>',
        extra: {
          100: ['/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray', 'a'],
        },
      } as const;
      const scan = 'q 600 0 0 800 0 0 cm /I Do Q';
      const { warnings } = await read(documentOf([line('a', 50, 700), scan, scan, ''], picture));
      assert.deepEqual(warnings, [
        'Pages 1-2 (from 0) hold no text, only pictures: text recognition is not done.',
      ]);
    });

    test('writes the same when boxes share the pages, and warns once', async () => {
      const many = Array.from({ length: 60 }, (_, index) => line(`page ${index}`, 50, 700));
      const bytes = documentOf([...many, 'BT /F3 12 Tf 50 700 Td (\\001) Tj ET', '', many[0] as string]);
      const outputs: ReadingOutput[] = [
        { as: 'text' },
        { as: 'text-simple', lineEnding: '\n' },
        { as: 'csv', separator: ',', quotation: '"' },
        { as: 'json', form: 'text', pictures: undefined, rulings: false, onlyLinks: false, path: [] },
        { as: 'xml', form: 'plain', pictures: undefined, rulings: false, onlyLinks: false, path: [] },
      ];
      for (const output of outputs) {
        const whole = await read(bytes, { output });
        const parts = await read(bytes, { output, by: divided });
        assert.equal(parts.text, whole.text, output.as);
        assert.deepEqual([parts.pageCount, parts.warnings], [whole.pageCount, whole.warnings]);
      }
    });

    test('is ready, and leaves nothing of its probe', async () => {
      const left = readdirSync(folder);
      assert.deepEqual(await engine.probe(), { ready: true, says: 'Reads PDFs.' });
      assert.deepEqual(readdirSync(folder), left);
    });
  });
}
