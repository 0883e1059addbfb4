import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  bytesSource,
  decrypt,
  encrypt,
  memorySink,
  merge,
  optimise,
  split,
  type EncryptionMethod,
  type Sink,
  type Source,
} from '../src/index.ts';
import { pagesPdf } from './builder.ts';
import { generate } from './generator/document.ts';
import { assertMerged } from './readers/merged.ts';
import { restartPdfium } from './readers/pdfium-memory.ts';
import { readPdfium, type Reading } from './readers/pdfium.ts';
import { isDictionary } from './readers/qpdf-meaning.ts';
import { difference } from './readers/qpdf-same.ts';
import { checkQpdf, readQpdf, withoutQpdf, type QpdfFile } from './readers/qpdf.ts';

// A document that is read and written again means the same to two other readers, PDFium and qpdf. `OCTAVO_PROPERTY_CASES`
// says on how many generated documents this is tried. Documents that the other tests merge are tried too if they were
// recorded: run all tests with `OCTAVO_RECORD_DOCUMENTS=<folder>`, then these with `OCTAVO_RECORDED_DOCUMENTS=<folder>`.
const CASES = Number(process.env['OCTAVO_PROPERTY_CASES'] ?? 6);
const RECORDED = process.env['OCTAVO_RECORDED_DOCUMENTS'];

interface Document {
  readonly name: string;
  readonly bytes: Buffer;
  readonly password: string;
}

type Verb = (source: Source, sink: Sink, password: string) => { readonly warnings: readonly string[] };

const verbs: Readonly<Record<string, Verb>> = {
  merge: (source, sink, password) => merge([{ source, password }], sink),
  decrypt: (source, sink, password) => decrypt(source, sink, { password }),
  // With 256 bits an extension would be added that says so.
  'encrypt and decrypt': encrypted('aes-128'),
  'encrypt for old readers and decrypt': encrypted('rc4-128'),
  optimise: (source, sink, password) => optimise(source, sink, { password }),
  'split into all pages': (source, sink, password) =>
    split(
      source,
      (count) => [[...Array(count).keys()]],
      () => sink,
      { password },
    ),
};

/** Encrypts a document, and takes the encryption away again. */
function encrypted(method: EncryptionMethod): Verb {
  return (source, sink, password) => {
    const locked = memorySink();
    encrypt(source, locked, { password, method, userPassword: 'new' });
    return decrypt(bytesSource(locked.bytes()), sink, { password: 'new' });
  };
}

const generated: readonly Document[] = Array.from({ length: CASES }, (_, seed) => {
  const { bytes, password, features } = generate(seed);
  return { name: features.join(', '), bytes, password };
});

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url));
const built: readonly Document[] = [
  { name: 'three pages', bytes: pagesPdf(3), password: '' },
  { name: 'three pages in object streams', bytes: pagesPdf(3, { objectStreamSize: 4 }), password: '' },
  ...globSync('*.pdf', { cwd: fixtures }).map((name) => {
    return { name, bytes: readFileSync(join(fixtures, name)), password: 'owner' };
  }),
];

/** Writes a document again. */
function written({ bytes, password }: Document, verb: Verb): { bytes: Buffer; warnings: readonly string[] } {
  const sink = memorySink();
  const { warnings } = verb(bytesSource(bytes), sink, password);
  return { bytes: Buffer.from(sink.bytes()), warnings };
}

/** What both readers say of documents before they are written again. */
const readings = new Map<Document, { readonly pdfium: Reading; readonly qpdf: QpdfFile | undefined }>();

async function readingsOf(document: Document): Promise<{ pdfium: Reading; qpdf: QpdfFile | undefined }> {
  const { bytes, password } = document;
  const known = readings.get(document) ?? {
    pdfium: readPdfium(bytes, { password }),
    qpdf: withoutQpdf === false ? await readQpdf(bytes, password) : undefined,
  };
  readings.set(document, known);
  return known;
}

async function assertSame(document: Document, verb: Verb): Promise<void> {
  const before = await readingsOf(document);
  const after = written(document, verb).bytes;
  assertMerged([before.pdfium], readPdfium(after));
  if (before.qpdf === undefined) return;
  const [result, complaints] = await Promise.all([readQpdf(after), checkQpdf(after)]);
  assert.equal(result.complaints + complaints, '', document.name);
  assert.equal(difference(before.qpdf, result), undefined, document.name);
}

describe('written again, a document means the same to PDFium and qpdf', () => {
  for (const [name, verb] of Object.entries(verbs)) {
    it(`${name}: ${CASES} generated documents`, async () => {
      for (const document of generated) await assertSame(document, verb);
    });

    it(`${name}: fixtures`, async () => {
      for (const document of built) await assertSame(document, verb);
    });
  }

  it('qpdf is there to say so', { skip: withoutQpdf }, async () => {
    assert.equal(await checkQpdf(pagesPdf(1)), '');
  });
});

/** How pages look to PDFium. */
function looks(bytes: Buffer, password: string): unknown[] {
  return readPdfium(bytes, { password }).pages.map(({ text, width, height, pixels }) => {
    return { text, width, height, pixels };
  });
}

/** What a reader says of a document, or undefined if it gives it up or breaks down. */
async function unlessRefused<Result>(read: () => Result): Promise<Awaited<Result> | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && error.name === 'RuntimeError') await restartPdfium();
    return undefined;
  }
}

/** Whether pages know where they stand: PDFium finds what they inherit by that alone. */
const haveParents = ({ objects }: QpdfFile): boolean =>
  [...objects.values()].every(
    ({ value = null }) => !isDictionary(value) || value['/Type'] !== '/Page' || '/Parent' in value,
  );

if (RECORDED !== undefined)
  describe('written again, pages of the documents of all tests look the same', () => {
    for (const name of globSync('*.pdf', { cwd: RECORDED }))
      it(name, async () => {
        const bytes = readFileSync(join(RECORDED, name));
        const { password } = JSON.parse(
          readFileSync(join(RECORDED, name.replace('.pdf', '.json')), 'utf8'),
        ) as { password: string };
        const after = written({ name, bytes, password }, verbs['merge']!);
        // What is damaged may be read in more than one way.
        if (after.warnings.length > 0) return;
        const before = await unlessRefused(() => readQpdf(bytes, password));
        const result = await readQpdf(after.bytes);
        if (before?.complaints === '') assert.equal(result.complaints, '');
        if (before === undefined || !haveParents(before)) return;
        const old = await unlessRefused(() => looks(bytes, password));
        if (old !== undefined) assert.deepEqual(looks(after.bytes, ''), old);
      });
  });
