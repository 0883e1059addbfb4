import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { bytesSource, info } from '@octavo/pdf';
import type { FileHandle } from '../../src/engines/capabilities.ts';
import type { Engine, EngineContext } from '../../src/engines/engine.ts';
import { createOctavoEngine, octavoProgram } from '../../src/engines/octavo/engine.ts';
import { samplePdf } from '../../src/engines/octavo/sample.ts';
import type { FailureName } from '../../src/errors.ts';
import { Failure } from '../../src/errors.ts';
import { tiers } from '../../src/sandbox/open.ts';
import type { BoxPool } from '../../src/sandbox/sandbox.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { openWorkshop } from './workshop.ts';

const never = new AbortController().signal;

for (const tier of tiers) {
  describe(`the octavo engine in ${tier}`, { timeout: 60_000 }, () => {
    let pool: BoxPool;
    let engine: Engine;
    const {
      folder,
      file: document,
      context,
      test,
    } = openWorkshop(tier, (sandbox, directory) => {
      pool = sandbox.pool(octavoProgram({ size: 1 }));
      engine = createOctavoEngine(pool, { directory });
    });

    function merge(
      documents: readonly FileHandle[],
      own: Partial<EngineContext> = {},
      outlines: 'join' | 'by-document' = 'join',
    ) {
      assert.ok(engine.abilities['pdf.merge']);
      return engine.abilities['pdf.merge']({ documents, outlines }, context(own));
    }
    function fails(row: FailureName, says: RegExp) {
      return (error: unknown) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.row, row);
        assert.match(error.message, says);
        return true;
      };
    }

    test('is ready, and leaves nothing of its probe', async () => {
      assert.deepEqual(await engine.probe(), { ready: true, says: 'Merges PDFs.' });
      assert.deepEqual(readdirSync(folder), ['boxes']);
    });

    test('merges into result.pdf', async () => {
      const { file, pageCount, warnings } = await merge([document(samplePdf()), document(samplePdf())]);
      assert.equal(pageCount, 2);
      assert.deepEqual(warnings, []);
      assert.equal(file.name, 'result.pdf');
      const bytes = readFileSync(file.path);
      assert.equal(bytes.length, file.sizeBytes);
      assert.equal(info(bytesSource(bytes)).pageCount, 2);
    });

    test('puts outlines under the names of the documents, whatever these are', async () => {
      const names = ['Angebot (1).PDF', '\u{1F4C4} \u0000\u202e"x".pdf', ''];
      const documents = names.map((name) => document(samplePdf(), name));
      const { file } = await merge(documents, {}, 'by-document');
      const text = readFileSync(file.path, 'latin1');
      assert.match(text, /\/Title\s*\(Angebot \\\(1\\\)\)/);
      assert.match(text, /\/Title\s*\(Document 3\)/);
      assert.equal(text.match(/\/Title/g)?.length, 3);
    });

    test('merges one document with itself, and 100', async () => {
      const one = document(samplePdf());
      assert.equal((await merge(Array.from({ length: 100 }, () => one))).pageCount, 100);
    });

    test('tells which document is none', async () => {
      const text = document('this is a text file', 'notes "1"\u202e\n.txt');
      await assert.rejects(
        merge([document(samplePdf()), text]),
        fails('documentDamaged', /^The document 2 \("notes 1 \.txt"\) is not a PDF/),
      );
      await assert.rejects(
        merge([document('')]),
        fails('documentDamaged', /The document 1 \("a.pdf"\) is not/),
      );
    });

    test('attaches files under their names, which lead nowhere, and says when there are too many', async () => {
      assert.ok(engine.abilities['pdf.attach']);
      const attach = engine.abilities['pdf.attach'];
      const attachments = [
        { ...document('a,b', '../x/table.csv'), mediaType: 'text/csv', modified: '2026-01-02T03:04:05Z' },
        document('', 'table.csv'),
        document(samplePdf(), `${'ü'.repeat(500)}.pdf`),
      ];
      const made = await attach({ document: document(samplePdf()), attachments }, context());
      assert.deepEqual([made.pageCount, made.warnings, made.file.name], [1, [], 'result.pdf']);
      const { attachments: found } = info(bytesSource(readFileSync(made.file.path)), { attachments: true });
      assert.deepEqual(
        found?.map(({ name, size, mediaType, modified }) => [name, size, mediaType, modified?.iso]),
        [
          ['table (2).csv', 0, undefined, undefined],
          ['table.csv', 3, 'text/csv', '2026-01-02T03:04:05+00:00'],
          [`${'ü'.repeat(96)}.pdf`, samplePdf().length, undefined, undefined],
        ],
      );
      const many = Array.from({ length: 1_001 }, () => attachments[1]!);
      const one = document(samplePdf());
      await assert.rejects(
        async () => attach({ document: one, attachments: many }, context()),
        fails('documentTooComplex', /more than 1000 attachments/),
      );
      assert.equal((await attach({ document: one, attachments: many.slice(1) }, context())).pageCount, 1);
      await assert.rejects(
        async () => attach({ document: document('a text'), attachments: [] }, context()),
        fails('documentDamaged', /^The document is not a PDF/),
      );
    });

    test('ends when it is aborted', async () => {
      const signal = AbortSignal.abort();
      await assert.rejects(
        merge([document(samplePdf())], { signal }),
        (error) => error instanceof BoxDied && error.why === 'aborted',
      );
    });

    test('goes on after its box was killed', async () => {
      await merge([document(samplePdf())]);
      const [pid = 0] = pool.pids();
      process.kill(pid, 'SIGKILL');
      await merge([document(samplePdf())]).catch((error: unknown) => assert.ok(error instanceof BoxDied));
      assert.equal((await merge([document(samplePdf())])).pageCount, 1);
    });
  });
}

describe('replies of the octavo engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-engine-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** A merge over a box that answers whatever it likes. */
  async function mergeWith(reply: unknown, files: readonly string[] = ['result.pdf'], died?: BoxDied) {
    const pool: BoxPool = {
      pids: () => [],
      run: async ({ outputDirectory }) => {
        if (died) throw died;
        writeFileSync(join(outputDirectory, 'result.pdf'), 'x');
        return { reply, files };
      },
    };
    const context = { password: '', directory: folder, wallMsMax: 1_000, signal: never };
    const documents = [{ path: '/nowhere', name: 'x'.repeat(1_000), sizeBytes: 1 }];
    return createOctavoEngine(pool, { directory: folder }).abilities['pdf.merge']?.(
      { documents, outlines: 'join' },
      context,
    );
  }

  for (const reply of [
    null,
    'text',
    [],
    {},
    { pageCount: -1, warnings: [] },
    { pageCount: 1.5, warnings: [] },
    { pageCount: '1', warnings: [] },
    { pageCount: 1e300, warnings: [] },
    { refused: { code: 'no-such-code' } },
    { refused: {} },
  ]) {
    it(`take no nonsense: ${JSON.stringify(reply)}`, async () => {
      await assert.rejects(mergeWith(reply), (error) => error instanceof BoxDied && error.why === 'crash');
    });
  }

  it('need a result', async () => {
    await assert.rejects(mergeWith({ pageCount: 1, warnings: [] }, []), BoxDied);
  });

  it('keep no more than a few short warnings', async () => {
    const warnings = [...Array.from({ length: 500 }, () => 'w\u0000'.repeat(10_000)), 7, null];
    const merged = await mergeWith({ pageCount: 1, warnings });
    assert.equal(merged?.warnings.length, 100);
    for (const warning of merged?.warnings ?? [])
      assert.ok(warning.length <= 300 && !warning.includes('\u0000'));
    assert.deepEqual((await mergeWith({ pageCount: 1, warnings: 'x' }))?.warnings, []);
  });

  for (const [code, row, status] of [
    ['not-pdf', 'documentDamaged', 442],
    ['damaged', 'documentDamaged', 442],
    ['password', 'passwordWrong', 441],
    ['unsupported-encryption', 'documentTooComplex', 442],
    ['limit', 'documentTooComplex', 442],
    ['page-range', 'pagesInvalid', 450],
    ['page-index', 'pageUnknown', 449],
    ['new-password', 'newPasswordInvalid', 400],
  ] as const) {
    it(`are rows of the table: ${code}`, async () => {
      const refused = { code, input: 0, message: 'too many objects.' };
      await assert.rejects(mergeWith({ refused }), (error) => {
        assert.ok(error instanceof Failure);
        assert.equal(error.row, row);
        assert.equal(error.status, status);
        assert.ok(error.message.length < 300, error.message);
        return true;
      });
    });
  }

  for (const input of [-1, 1, 0.5, '0', 'constructor', '__proto__', null, {}]) {
    it(`name no document that there is not: ${JSON.stringify(input)}`, async () => {
      const refused = { code: 'damaged', input, message: '' };
      await assert.rejects(mergeWith({ refused }), /^Failure: The document is not a PDF/);
    });
  }

  it('call too much memory the fault of the document, and every other death the box', async () => {
    await assert.rejects(mergeWith(null, [], new BoxDied('memory', 'x')), (error) => {
      assert.ok(error instanceof Failure);
      assert.equal(error.row, 'documentTooComplex');
      assert.equal(error.message, 'The document passes a limit of this server: it needs too much memory.');
      return true;
    });
    for (const why of ['crash', 'wall-clock', 'aborted'] as const) {
      await assert.rejects(mergeWith(null, [], new BoxDied(why, 'x')), BoxDied);
    }
  });

  it('say when the engine is not ready', async () => {
    const pool: BoxPool = { pids: () => [], run: () => Promise.reject(new BoxDied('crash', 'no box')) };
    const { ready, says } = await createOctavoEngine(pool, { directory: folder }).probe();
    assert.equal(ready, false);
    assert.match(says, /no box/);
    assert.ok(!existsSync(join(folder, 'a')));
  });
});
