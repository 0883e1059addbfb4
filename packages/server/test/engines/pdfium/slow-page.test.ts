import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { ReadingOutput } from '../../../src/engines/capabilities.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import { Failure } from '../../../src/errors.ts';
import { openWorkshop } from '../workshop.ts';
import { documentOf, type Extra, line } from './documents.ts';
import { everything } from './open-page.ts';

/** Forms that each show the next one so often, and the last of them nothing. */
const forms = 12;
const shown = 30;

describe('a page that takes very long to read', { timeout: 120_000 }, () => {
  let engine: Engine;
  const { file, context, test } = openWorkshop(undefined, (sandbox, directory) => {
    const pools = {
      plain: sandbox.pool(pdfiumProgram({ size: 2 })),
      pictures: sandbox.pool(pdfiumPicturesProgram({ size: 1 })),
    };
    engine = createPdfiumEngine(pools, { directory, boxes: 2, aloneMsMax: 0, pageMsMax: 1_000 });
  });

  const ways: Readonly<Record<string, ReadingOutput>> = {
    'by one box': { as: 'html', isSimple: false },
    'by several boxes': { as: 'text' },
  };
  for (const [way, output] of Object.entries(ways))
    test(`ends with a refusal, though it is not the first, ${way}`, async () => {
      const document = file(slowDocument());
      const asked = { document, pages: '', settings: everything, output };
      await assert.rejects(
        async () => engine.abilities['pdf.read']?.(asked, context()),
        (error) => {
          assert.ok(error instanceof Failure, String(error));
          assert.match(error.message, /a page takes longer than 1 s/);
          return true;
        },
      );
    });
});

/** The last of its pages shows form upon form. */
function slowDocument(): Buffer {
  const extra: Record<number, Extra[number]> = {};
  for (let index = 0; index < forms; index++) {
    const next = index === forms - 1 ? '' : `/Resources<</XObject<</X ${101 + index} 0 R>>>>`;
    const content = '/X Do '.repeat(shown);
    extra[100 + index] = [`/Type/XObject/Subtype/Form/BBox[0 0 9 9]${next}`, content];
  }
  const pages = Array.from({ length: 20 }, (_, index) => line(`page ${index}`, 50, 700));
  return documentOf([...pages, '/X Do'], { extra, resources: '/XObject<</X 100 0 R>>' });
}
