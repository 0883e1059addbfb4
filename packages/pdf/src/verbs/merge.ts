import { catalogCarriers, type Carried, type Carrier } from '../document/carriers.ts';
import { eachCopy, OPEN_MAX } from '../document/carriers/catalog-each.ts';
import type { OutlineMode } from '../document/carriers/outlines.ts';
import { DocumentCopy } from '../document/copy.ts';
import { openDocument, type Document } from '../document/document.ts';
import { PageTreeWriter } from '../document/page-tree-writer.ts';
import { PdfError } from '../errors.ts';
import { laterVersion } from '../file/header.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { FileWriter } from '../file/writer.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { Warnings } from '../warnings.ts';
import { identifier } from './identifier.ts';

/** One of the documents to be merged. */
export interface MergeInput {
  readonly source: Source;
  /** Opens an encrypted document; the empty one is tried in any case. */
  readonly password?: string | undefined;
  /** Name of the document, for outlines by document; `Document N` without it. */
  readonly title?: string | undefined;
}

/** How documents are merged. */
export interface MergeOptions {
  readonly limits?: Partial<Limits> | undefined;
  /** Outlines one after the other (`join`, as if nothing is said), or each under the title of its document. */
  readonly outlines?: OutlineMode | undefined;
}

/** What a merge made. */
export interface MergeResult {
  /** Pages of the result. */
  readonly pageCount: number;
  /** Version of the result: the highest of the inputs, and what its own structure asks for. */
  readonly version: string;
  /** What was repaired, in short sentences; each begins with `Document N: `, N from 1, if there is more than one. */
  readonly warnings: readonly string[];
}

/**
 * Writes all pages of all inputs, in order, with everything they reach, as one document. The same inputs give the same
 * bytes. Encrypted inputs are decrypted. Throws PdfError with `input` set; the sink is finished, or discarded on any
 * error. The sources are left to the caller to close.
 */
export function merge(inputs: readonly MergeInput[], sink: Sink, options: MergeOptions = {}): MergeResult {
  const limits = { ...defaultLimits, ...options.limits };
  const warnings = inputs.map((_, index) => new Warnings(inputs.length > 1 ? `Document ${index + 1}: ` : ''));
  try {
    const documents = inputs.map(({ source, password = '' }, index) =>
      blaming(index, () => {
        const document = openDocument(source, { password, limits, warnings: warnings[index]! });
        if (inputs.length > OPEN_MAX) document.file.release();
        return document;
      }),
    );
    if (documents.length === 0) throw new PdfError('damaged', 'There is nothing to merge.');
    const objectStreams = documents.some(({ file }) => file.hasStreams);
    let version = documents.reduce((highest, document) => laterVersion(highest, document.version), '1.0');
    if (objectStreams) version = laterVersion(version, '1.5');
    const writer = new FileWriter(sink, version, objectStreams);
    const carriers = catalogCarriers({
      outlines: options.outlines ?? 'join',
      titles: inputs.map(({ title }) => title),
    });
    const id = identifier(inputs.map(({ source }) => source));
    const pageCount = write(documents, writer, carriers, id);
    sink.finish();
    return { pageCount, version, warnings: warnings.flatMap((each) => each.list()) };
  } catch (error) {
    sink.discard();
    throw error;
  }
}

function write(
  documents: readonly Document[],
  writer: FileWriter,
  carriers: readonly Carrier[],
  id: Uint8Array,
): number {
  const tree = new PageTreeWriter(writer);
  const copies = documents.map((document) => new DocumentCopy(document, writer));
  for (const carrier of carriers) carrier.prepare?.(copies, writer);
  eachCopy(copies, (copy) => {
    copy.pages(copy.document.pages, tree);
    copy.drain();
  });
  const carried: Carried = { catalog: '', info: undefined };
  for (const carrier of carriers) carrier.carry(copies, writer, carried);
  eachCopy(copies, (copy) => copy.drain());
  const pages = tree.finish();
  const root = writer.allocate();
  writer.begin(root).ascii(`<</Type/Catalog/Pages ${pages} 0 R${carried.catalog}>>`);
  writer.end();
  writer.finish({ root, info: carried.info, id: [id, id] });
  return tree.count;
}

/** Says of a PdfError which input it is about. */
function blaming<Result>(input: number, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (error instanceof PdfError) error.input ??= input;
    throw error;
  }
}
