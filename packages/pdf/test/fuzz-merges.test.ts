import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PdfFile } from '../src/file/file.ts';
import { bytesSource, info, memorySink, merge, PdfError } from '../src/index.ts';
import { defaultLimits } from '../src/limits.ts';
import type { PdfObject } from '../src/objects/object.ts';
import { PdfReference } from '../src/objects/reference.ts';
import { PdfStream } from '../src/objects/stream.ts';
import { Warnings } from '../src/warnings.ts';
import { generate, generateChanged } from './generator/document.ts';
import { Random } from './generator/random.ts';
import { spoil } from './generator/spoil.ts';

// Merges of generated documents, with all that a merge carries, of which some objects are spoilt. `OCTAVO_FUZZ_CASES` (a tenth
// of it) and `OCTAVO_FUZZ_SEED` choose how many and which.
const CASES = Math.ceil(Number(process.env['OCTAVO_FUZZ_CASES'] ?? 3000) / 10);
const SEED = Number(process.env['OCTAVO_FUZZ_SEED'] ?? 1);

/** What went wrong with a carrier in a way that nobody thought of; limits are named otherwise. */
const UNEXPECTED = /cannot be understood/;

function assertSound(bytes: Uint8Array, pageCount: number): void {
  const again = info(bytesSource(bytes));
  assert.equal(again.pageCount, pageCount);
  assert.equal(again.repaired, false);
  const file = new PdfFile(bytesSource(bytes), {
    password: '',
    limits: defaultLimits,
    warnings: new Warnings(),
  });
  const check = (object: PdfObject | undefined): void => {
    if (object instanceof PdfReference)
      assert.ok(file.has(object.number, object.generation), `object ${object.number} is there`);
    else if (object instanceof PdfStream) check(object.dictionary);
    else if (object instanceof Map || Array.isArray(object)) for (const each of object.values()) check(each);
  };
  check(file.trailer);
  for (let number = 1; number < file.table.length; number++) check(file.object(number));
  assert.equal(file.rebuilt, false);
}

describe('merges of spoilt documents', () => {
  it(`give a sound result or a typed error, ${CASES} times from seed ${SEED}`, () => {
    let written = 0;
    for (let seed = SEED; seed < SEED + CASES; seed++) {
      const random = new Random(seed);
      const documents = Array.from({ length: random.between(1, 3) }, () =>
        random.chance(80) ? generateChanged(random.below(1e6), spoil) : generate(random.below(1e6)),
      );
      try {
        const inputs = documents.map(({ bytes, password }) => ({ source: bytesSource(bytes), password }));
        const sink = memorySink();
        const { pageCount, warnings } = merge(inputs, sink, {
          outlines: random.chance(50) ? 'join' : 'by-document',
        });
        const counts = inputs.map(({ source, password }) => info(source, { password }).pageCount);
        assert.equal(
          pageCount,
          counts.reduce((sum, count) => sum + count, 0),
        );
        assert.doesNotMatch(warnings.join('\n'), UNEXPECTED);
        assertSound(sink.bytes(), pageCount);
        written++;
      } catch (error) {
        if (!(error instanceof PdfError)) throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
    assert.ok(written > CASES / 2, `${written} were written`);
  });
});
