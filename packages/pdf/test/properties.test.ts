import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  allPages,
  attachments,
  bytesSource,
  decrypt,
  encrypt,
  type EncryptionMethod,
  info,
  memorySink,
  type MemorySink,
  merge,
  type MergeInput,
  optimise,
  pages,
  split,
} from '../src/index.ts';
import { generate } from './generator/document.ts';
import { Random } from './generator/random.ts';
import type { Generated } from './generator/write.ts';
import { inspect } from './inspect.ts';
import { assertMerged, assertSelected, withoutNames } from './readers/merged.ts';
import { readPdfium, type Bookmark, type Reading } from './readers/pdfium.ts';

// Promises that hold for all documents, tried on generated ones and judged by PDFium. `OCTAVO_PROPERTY_CASES` and
// `OCTAVO_PROPERTY_SEED` choose how many cases and which.
const CASES = Number(process.env['OCTAVO_PROPERTY_CASES'] ?? 20);
const SEED = Number(process.env['OCTAVO_PROPERTY_SEED'] ?? 1);

const methods: readonly EncryptionMethod[] = ['aes-256', 'aes-128', 'rc4-128', 'rc4-40'];
/** What PDFium calls it. */
const WRONG_PASSWORD = 4;

const cases = `${CASES} times from seed ${SEED}`;

/** Runs a property for each seed, with some generated documents; says which on failure. */
function forAll(counts: readonly number[], property: (documents: readonly Generated[]) => void): void {
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const random = new Random(seed);
    const documents = Array.from({ length: random.pick(counts) }, () => generate(random.below(1e6)));
    // The same document twice, as equal streams are stored once.
    if (documents.length > 1 && random.chance(20)) documents[documents.length - 1] = documents[0]!;
    try {
      property(documents);
    } catch (error) {
      const features = documents.map((each) => each.features.join(', ')).join('\n');
      throw new Error(`Seed ${seed}:\n${features}\n${String(error)}`, { cause: error });
    }
  }
}

function inputsOf(documents: readonly Pick<Generated, 'bytes' | 'password'>[]): MergeInput[] {
  return documents.map(({ bytes, password }) => ({ source: bytesSource(bytes), password }));
}

/** Merges documents without a warning. */
function merged(documents: readonly Pick<Generated, 'bytes' | 'password'>[]): Generated {
  const sink = memorySink();
  assert.deepEqual(merge(inputsOf(documents), sink).warnings, []);
  return { bytes: Buffer.from(sink.bytes()), password: '', features: [] };
}

/** Splits a document into parts of these pages, without a warning. */
function parts({ bytes, password }: Generated, lists: readonly (readonly number[])[]): Generated[] {
  const sinks: MemorySink[] = [];
  const sinkFor = (): MemorySink => sinks[sinks.push(memorySink()) - 1]!;
  assert.deepEqual(split(bytesSource(bytes), lists, sinkFor, { password }).warnings, []);
  return sinks.map((sink) => ({ bytes: Buffer.from(sink.bytes()), password: '', features: [] }));
}

const read = ({ bytes, password }: Generated): Reading => readPdfium(bytes, { password });

/** Title, level and page of each item, as a list. */
function flattened(items: readonly Bookmark[], level = 0): unknown[] {
  return items.flatMap(({ title, target, kids }) => {
    const page = target !== undefined && 'page' in target ? target.page : undefined;
    return [[title, level, page], ...flattened(kids, level + 1)];
  });
}

describe('properties', () => {
  it(`merge: pages, links, outlines, names, fields, labels, files and tags are as before, ${cases}`, () => {
    forAll([1, 2, 3], (documents) => {
      const result = merged(documents);
      inspect(result.bytes);
      assertMerged(documents.map(read), read(result));
      assert.ok(merged(documents).bytes.equals(result.bytes), 'the same inputs give the same bytes');
    });
  });

  it(`merge: the order in which documents are merged by two does not matter to pages, ${cases}`, () => {
    // Labels are not among them: what had none counts from 1 where another has some.
    const pagesOf = (result: Generated): unknown[] =>
      read(result).pages.map((page) => ({ ...withoutNames(page), label: '', structure: [] }));
    forAll([3], ([first, second, third]) => {
      const left = pagesOf(merged([merged([first!, second!]), third!]));
      assert.deepEqual(left, pagesOf(merged([first!, merged([second!, third!])])));
      assert.deepEqual(left, pagesOf(merged([first!, second!, third!])));
    });
  });

  it(`split: what was merged comes apart into the same pages, ${cases}`, () => {
    forAll([2, 3], (documents) => {
      const whole = merged(documents);
      const before = read(whole);
      let start = 0;
      const lists = documents.map((document) =>
        Array.from({ length: read(document).pages.length }, () => start++),
      );
      for (const [index, part] of parts(whole, lists).entries()) {
        inspect(part.bytes);
        assertSelected(before, lists[index]!, read(part));
      }
    });
  });

  it(`split: any pages are as before, their links and names lead to the same pages or nowhere, ${cases}`, () => {
    forAll([1], ([document]) => {
      const before = read(document!);
      const random = new Random(before.pages.length);
      const list = random.shuffled([...before.pages.keys()]).slice(0, random.between(1, before.pages.length));
      const [part] = parts(document!, [list]);
      inspect(part!.bytes);
      assertSelected(before, list, read(part!));
    });
  });

  it(`pages: all pages of some documents are their merge; in another order they are as they were, ${cases}`, () => {
    forAll([1, 2], (documents) => {
      const before = documents.map(read);
      const all = before.flatMap(({ pages: list }, input) =>
        allPages(list.length).map((place) => ({ ...place, input })),
      );
      const sink = memorySink();
      pages(inputsOf(documents), all, sink);
      assertMerged(before, readPdfium(sink.bytes()));
      const mixed = memorySink();
      const places = new Random(all.length).shuffled(all);
      pages(inputsOf(documents), places, mixed);
      const after = readPdfium(mixed.bytes());
      for (const [index, { input, page }] of places.entries()) {
        const old = before[input]!.pages[page]!;
        const { text, pixels, width, height } = after.pages[index]!;
        assert.deepEqual([text, pixels, width, height], [old.text, old.pixels, old.width, old.height]);
      }
    });
  });

  it(`decrypt: a document without its encryption says the same, ${cases}`, () => {
    forAll([1], ([document]) => {
      const sink = memorySink();
      decrypt(bytesSource(document!.bytes), sink, { password: document!.password });
      assertMerged([read(document!)], readPdfium(sink.bytes()));
    });
  });

  it(`encrypt: either password shows the same document, by every method, ${cases}`, () => {
    let turn = 0;
    forAll([1], ([document]) => {
      const method = methods[turn++ % methods.length]!;
      const sink = memorySink();
      const protection = {
        method,
        userPassword: 'user',
        ownerPassword: 'owner',
        permissions: { print: false },
      };
      encrypt(bytesSource(document!.bytes), sink, { password: document!.password, ...protection });
      for (const password of ['user', 'owner']) {
        const { isEncrypted, ...after } = readPdfium(sink.bytes(), { password });
        assert.equal(isEncrypted, true);
        assertMerged([read(document!)], { ...after, isEncrypted: false });
      }
      assert.throws(() => readPdfium(sink.bytes(), { password: 'other' }), { code: WRONG_PASSWORD });
    });
  });

  it(`optimise: without what no content uses it shows the same, ${cases}`, () => {
    forAll([1], ([document]) => {
      const { bytes, password } = document!;
      const sink = memorySink();
      optimise(bytesSource(bytes), sink, { password, dropUnused: true });
      assertMerged([read(document!)], readPdfium(sink.bytes(), { password }));
    });
  });

  it(`info, attachments: what they tell is what PDFium sees, ${cases}`, () => {
    forAll([1], ([document]) => {
      const { bytes, password } = document!;
      const before = read(document!);
      const found = info(bytesSource(bytes), { password, bookmarks: true, form: true });
      assert.deepEqual(found.warnings, []);
      assert.deepEqual(
        // PDFium knows nothing of larger units.
        found.pages.map(({ width, height, userUnit }) => [width / userUnit, height / userUnit]),
        before.pages.map(({ width, height, rotation }) =>
          rotation % 2 === 0 ? [width, height] : [height, width],
        ),
      );
      assert.deepEqual(
        found.pageLabels ?? before.pages.map(() => ''),
        before.pages.map(({ label }) => label),
      );
      assert.deepEqual(
        found.bookmarks!.map(({ title, level, pageIndex }) => [title, level, pageIndex]),
        flattened(before.bookmarks),
      );
      assert.deepEqual(
        [found.language ?? '', found.tagged, found.encrypted, found.hasForm],
        [before.language, before.isTagged, before.isEncrypted, before.formType !== 0],
      );
      const names = before.pages.flatMap(({ annotations }) =>
        annotations.flatMap((annotation) => annotation?.field?.name ?? []),
      );
      const shown = found.form?.fields.filter(({ widgets }) => widgets.length > 0) ?? [];
      assert.deepEqual(shown.map(({ name }) => name).sort(), [...new Set(names)].sort());
      const sinks: MemorySink[] = [];
      const sink = (): MemorySink => sinks[sinks.push(memorySink()) - 1]!;
      const files = attachments(bytesSource(bytes), { password, sink }).attachments;
      assert.deepEqual(
        files
          .map(({ name }, index) => [name, createHash('sha1').update(sinks[index]!.bytes()).digest('hex')])
          .sort(),
        before.attachments.map(({ name, digest }) => [name, digest]).sort(),
      );
    });
  });
});
