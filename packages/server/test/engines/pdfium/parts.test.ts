import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineContext } from '../../../src/engines/engine.ts';
import type { PagesReply, Part } from '../../../src/engines/pdfium/messages.ts';
import { readInParts } from '../../../src/engines/pdfium/parts.ts';
import { Remarks, warningsOf } from '../../../src/engines/pdfium/remarks.ts';
import { readPagesReply } from '../../../src/engines/pdfium/replies.ts';
import { Failure } from '../../../src/errors.ts';
import { BoxDied } from '../../../src/sandbox/sandbox.ts';

const context: EngineContext = {
  password: '',
  directory: '/nowhere',
  wallMsMax: 10_000,
  signal: new AbortController().signal,
};
const division = { boxes: 2, aloneMsMax: 0 };
const nothing = { sentences: [], pages: {} };
const document = { path: '/nowhere', name: 'a.pdf', sizeBytes: 1 };

/** Reads `count` pages, of which the first call reads `alone`. */
function reader(count: number, alone: number) {
  const parts: Part[] = [];
  const read = async (part: Part): Promise<PagesReply> => {
    parts.push(part);
    return { pageCount: count, next: part.to ?? alone, noticed: nothing };
  };
  return { parts, read };
}

describe('pages in parts', () => {
  it('are all read, each once, in their order', async () => {
    for (const count of [0, 1, 8, 20, 100, 1_000]) {
      const { parts, read } = reader(count, Math.min(count, 8));
      const answers = await readInParts(read, division, context);
      assert.equal(answers.at(-1)?.next, count);
      let next = Math.min(count, 8);
      for (const { from, to } of parts.slice(1)) {
        assert.equal(from, next);
        next = to ?? 0;
      }
      assert.equal(next, count);
      assert.ok(parts.length <= 5);
    }
  });

  it('are one where one box has them all', async () => {
    const { parts, read } = reader(1_000, 1_000);
    await readInParts(read, { boxes: 1, aloneMsMax: 0 }, context);
    assert.deepEqual(parts, [{ from: 0, to: undefined, msMax: undefined }]);
  });

  it('are refused where a box hangs at a page, whichever it is', async () => {
    const given: unknown[] = [];
    for (const stuckFrom of [0, 8, 508]) {
      const read = async (part: Part, { stepMsMax }: EngineContext): Promise<PagesReply> => {
        given.push(stepMsMax);
        if (part.from >= stuckFrom) throw new BoxDied('stuck', 'It took too long.');
        return { pageCount: 1_000, next: part.to ?? 8, noticed: nothing };
      };
      const reading = readInParts(read, { ...division, pageMsMax: 2_000 }, context);
      await assert.rejects(reading, (error) => {
        assert.ok(error instanceof Failure, String(error));
        assert.equal(error.row, 'documentTooComplex');
        assert.match(error.message, /a page takes longer than 2 s/);
        return true;
      });
    }
    assert.deepEqual(new Set(given), new Set([2_000]));
  });

  it('end together with the first that fails, for its reason', async () => {
    const ended: unknown[] = [];
    const read = (part: Part, { signal }: EngineContext): Promise<PagesReply> => {
      if (part.from === 0) return Promise.resolve({ pageCount: 1_000, next: 8, noticed: nothing });
      if (part.from === 8) return Promise.reject(new Failure('documentDamaged'));
      return new Promise((_, reject) => {
        const end = () => {
          ended.push(part.from);
          reject(new BoxDied('aborted', 'aborted'));
        };
        if (signal.aborted) end();
        else signal.addEventListener('abort', end);
      });
    };
    await assert.rejects(readInParts(read, division, context), Failure);
    assert.ok(ended.length > 0);
  });

  it('have to be read to their ends', async () => {
    const read = async ({ from }: Part): Promise<PagesReply> => ({
      pageCount: 100,
      next: from + 1,
      noticed: nothing,
    });
    await assert.rejects(readInParts(read, division, context), BoxDied);
  });
});

describe('what is noticed of pages', () => {
  it('is said once for all parts, in ranges', () => {
    const [one, other] = [new Remarks(), new Remarks()];
    for (const page of [0, 1, 2, 7]) one.page('pictures', page);
    for (const page of [8, 9]) other.page('pictures', page);
    other.page('cut', 9);
    for (const remarks of [one, other]) remarks.sentence('It was repaired.');
    assert.deepEqual(warningsOf([one.noticed(), other.noticed()]), [
      'It was repaired.',
      'Pages 0-2, 7-9 (from 0) hold no text, only pictures: text recognition is not done.',
      'Page 9 (from 0) has more than this server reads of one page: the rest is left out.',
    ]);
  });

  it('is no longer than people read', () => {
    const remarks = new Remarks();
    for (let page = 0; page < 10_000; page += 2) remarks.page('unknown', page);
    const [warning = ''] = warningsOf([remarks.noticed()]);
    assert.match(warning, /and others/);
    assert.ok(warning.length < 300);
  });
});

describe('replies of boxes', () => {
  const good = { pageCount: 2, next: 2, noticed: nothing };
  for (const reply of [
    null,
    'text',
    {},
    { ...good, pageCount: -1 },
    { ...good, next: 1.5 },
    { ...good, noticed: undefined },
    { ...good, noticed: { sentences: [1], pages: {} } },
    { ...good, noticed: { sentences: [], pages: { cut: [['x', 1]] } } },
    { refused: { code: 'no-such-code' } },
  ])
    it(`take no nonsense: ${JSON.stringify(reply)}`, () => {
      assert.throws(
        () => readPagesReply(reply, document),
        (error) => error instanceof BoxDied && error.why === 'crash',
      );
    });

  it('keep no more than a few short sentences', () => {
    const sentences = Array.from({ length: 500 }, () => 'w\u0000'.repeat(10_000));
    const { noticed } = readPagesReply({ ...good, noticed: { sentences, pages: {} } }, document);
    assert.equal(noticed.sentences.length, 100);
    for (const text of noticed.sentences) assert.ok(text.length <= 300 && !text.includes('\u0000'));
  });

  for (const [code, row] of [
    ['forbidden', 'extractionForbidden'],
    ['search', 'fieldInvalid'],
    ['damaged', 'documentDamaged'],
    ['password', 'passwordWrong'],
  ] as const)
    it(`are rows of the table: ${code}`, () => {
      assert.throws(
        () => readPagesReply({ refused: { code, input: undefined, message: 'x.' } }, document),
        (error) => error instanceof Failure && error.row === row,
      );
    });
});
