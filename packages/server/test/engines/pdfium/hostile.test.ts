import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { generateChanged } from '../../../../pdf/test/generator/document.ts';
import { spoil } from '../../../../pdf/test/generator/spoil.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
} from '../../../src/engines/pdfium/engine.ts';
import { Failure } from '../../../src/errors.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { openSandbox } from '../../../src/sandbox/open.ts';
import { BoxDied, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { documentOf, line } from './documents.ts';
import { everything } from './open-page.ts';

const mebibyte = 1024 * 1024;
const form = (name: string) =>
  `/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<<${name}>>>>` as const;

/** Documents that ask for more than they should get, each with the text that must come of it, if any. */
const hostile: readonly (readonly [what: string, bytes: () => Uint8Array, text?: RegExp])[] = [
  [
    'a form that draws itself',
    () =>
      documentOf([`${line('seen', 50, 700)} /X Do`], {
        resources: '/XObject<</X 100 0 R>>',
        extra: { 100: [form('/X 100 0 R'), '/X Do'] },
      }),
    /seen/,
  ],
  [
    'forms that draw each other ten times, ten deep',
    () =>
      documentOf(['/X Do'], {
        resources: '/XObject<</X 100 0 R>>',
        extra: Object.fromEntries(
          Array.from({ length: 10 }, (_, level) => [
            100 + level,
            [form(`/X ${101 + level} 0 R`), '/X Do '.repeat(10)],
          ]),
        ),
      }),
  ],
  [
    'a content of 150 MB',
    () =>
      documentOf([{ content: '', entries: '/Contents 100 0 R' }], {
        extra: { 100: ['/Filter/FlateDecode', deflateSync(Buffer.alloc(150 * mebibyte, ' '))] },
      }),
  ],
  [
    'a form whose fields are their own kids',
    () =>
      documentOf([{ content: line('seen', 50, 700), entries: '/Annots[100 0 R]' }], {
        catalog: '/AcroForm<</Fields[100 0 R]>>',
        extra: { 100: '<</FT/Tx/T(a)/Kids[100 0 R]/Parent 100 0 R/Subtype/Widget/Rect[0 0 9 9]>>' },
      }),
    /seen/,
  ],
  [
    'pages that are their own parents',
    () => Buffer.from(documentOf(['']).toString('latin1').replace('/Kids[1000 0 R]', '/Kids[2 0 R]   ')),
  ],
  [
    'a page of ten million points on each side',
    () => documentOf([{ content: line('seen', 50, 700), entries: '/MediaBox[0 0 10000000 10000000]' }]),
    /seen/,
  ],
  [
    'sizes and places that are no numbers to reckon with',
    () => documentOf([`BT /F1 1e38 Tf 1e38 0 0 1e38 1e38 1e38 Tm (a) Tj ET ${line('seen', 50, 700)}`]),
    /seen/,
  ],
];

describe('hostile documents', { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-hostile-'));
  let sandbox: Sandbox;
  let engine: Engine;
  let jobs = 0;
  before(async () => {
    sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog });
    const own = { size: 1, memoryBytesMax: 256 * mebibyte };
    const pools = {
      plain: sandbox.pool(pdfiumProgram(own)),
      pictures: sandbox.pool(pdfiumPicturesProgram(own)),
    };
    engine = createPdfiumEngine(pools, { directory: folder });
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function read(bytes: Uint8Array, password = ''): Promise<string> {
    const path = join(folder, `source-${(jobs += 1)}`);
    writeFileSync(path, bytes, { mode: 0o600 });
    const directory = join(folder, `job-${jobs}`);
    mkdirSync(directory, { mode: 0o700 });
    const document = { path, name: 'a.pdf', sizeBytes: statSync(path).size };
    const settings = { ...everything, heedsPermissions: false };
    const found = await engine.abilities['pdf.find']?.(
      {
        document,
        pages: '',
        settings,
        searches: [{ text: '.+', isExpression: true, caseSensitive: true, words: 'none' }],
      },
      { password, directory, wallMsMax: 60_000, signal: new AbortController().signal },
    );
    return (found?.hits ?? []).map(({ text }) => text).join('\n');
  }

  for (const [what, bytes, text] of hostile)
    it(`are read, or refused, and the engine goes on: ${what}`, async () => {
      const outcome = await read(bytes()).catch((error: unknown) => error);
      if (text !== undefined) assert.match(String(outcome), text);
      else assert.ok(typeof outcome === 'string' || outcome instanceof Failure, String(outcome));
      assert.equal(await read(documentOf([line('fine', 50, 700)])), 'fine');
    });

  it('that are spoiled at random end no box', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const { bytes, password } = generateChanged(seed, spoil);
      const outcome = await read(bytes, password).catch((error: unknown) => error);
      assert.ok(!(outcome instanceof BoxDied), `${seed}: ${String(outcome)}`);
    }
  });
});
