import { PdfError } from '../errors.ts';
import { laterVersion } from '../file/header.ts';
import type { Sink } from '../file/sink.ts';
import { FileWriter } from '../file/writer.ts';
import { catalogParts, type Carried, type CarrierOptions, type CatalogPart } from './carriers.ts';
import { eachCopy, OPEN_MAX } from './carriers/catalog-each.ts';
import { DocumentCopy } from './copy.ts';
import type { Document } from './document.ts';
import { Losses } from './losses.ts';
import { PageTreeWriter } from './page-tree-writer.ts';
import { Sharing } from './sharing.ts';

/** With fewer than one page in this many of its document, a copy must not cost as much as the document. */
const SPARSE_PAGES = 64;

/** Pages that follow each other in a result, all of one document. */
export interface Part {
  /** Index of the document. */
  readonly document: number;
  /** Indexes of its pages, in the order of the result; a page may come more than once. Undefined means all. */
  readonly pages: readonly number[] | undefined;
  /** Degrees clockwise by which they are turned, a multiple of 90; 0 as if nothing is said. */
  readonly rotate?: number | undefined;
}

/** How parts become one document. */
export interface AssemblyOptions extends CarrierOptions {
  /** /ID of the result. */
  readonly id: Uint8Array;
  /**
   * Whether what belongs to a document as a whole is kept: of `all` documents, of the `first` and of those with all
   * their pages, or only of the `whole` ones.
   */
  readonly keeps: 'all' | 'first' | 'whole';
}

/** What was assembled. */
export interface Assembled {
  readonly pageCount: number;
  /** The highest of the documents, and what the result's own structure asks for. */
  readonly version: string;
}

/**
 * Writes pages of documents as one document, in the order of the parts, with all that they need; catalog and information
 * by the rules of the carriers, for which the first document is the first of `documents`. A document that comes in several
 * parts is copied once, so that what its pages share stays shared. The sink is not finished. Throws PdfError with `input`.
 */
export function assemble(
  documents: readonly Document[],
  parts: readonly Part[],
  sink: Sink,
  options: AssemblyOptions,
): Assembled {
  const losses = new Losses(documents);
  for (;;) {
    const catalog = catalogParts(options);
    try {
      return attempt(documents, parts, sink, options, catalog, losses);
    } catch (error) {
      losses.take(error, catalog);
      sink.discard();
    }
  }
}

/** Assembles with what is not lost. */
function attempt(
  documents: readonly Document[],
  parts: readonly Part[],
  sink: Sink,
  options: AssemblyOptions,
  catalog: readonly CatalogPart[],
  losses: Losses,
): Assembled {
  const objectStreams = documents.some(({ file }) => file.hasStreams);
  let version = documents.reduce((highest, document) => laterVersion(highest, document.version), '1.0');
  if (objectStreams) version = laterVersion(version, '1.5');
  const writer = new FileWriter(sink, version, objectStreams);
  const tree = new PageTreeWriter(writer);
  const copies = copiesOf(documents, parts, writer);
  for (const { document, pages, rotate } of parts)
    for (const index of pages ?? documents[document]!.pages.keys())
      copies[document]!.place(index, tree, rotate);
  for (const [index, copy] of copies.entries()) copy.keepsAll = keepsAll(copy, index, options.keeps);
  if (tree.count === 0) throw new PdfError('page-range', 'There would be no page in the result.');
  const kept = catalog.filter((each) => losses.keeps(each));
  for (const each of kept) losses.step(each, () => each.carrier.prepare?.(copies, writer));
  losses.step(undefined, () =>
    eachCopy(copies, (copy) => {
      copy.pages();
      copy.drain();
    }),
  );
  const carried: Carried = { catalog: '', info: undefined };
  for (const each of kept) losses.step(each, () => each.carrier.carry(copies, writer, carried));
  losses.step(undefined, () => eachCopy(copies, (copy) => copy.drain()));
  const pages = tree.finish();
  const root = writer.allocate();
  writer.begin(root).ascii(`<</Type/Catalog/Pages ${pages} 0 R${carried.catalog}>>`);
  writer.end();
  writer.finish({ root, info: carried.info, id: [options.id, options.id] });
  return { pageCount: tree.count, version };
}

function copiesOf(
  documents: readonly Document[],
  parts: readonly Part[],
  writer: FileWriter,
): DocumentCopy[] {
  const counts = new Uint32Array(documents.length);
  for (const { document, pages } of parts)
    counts[document]! += pages?.length ?? documents[document]!.pages.length;
  const sharing = new Sharing(documents.length > OPEN_MAX);
  return documents.map((document, index) => {
    const isSparse = counts[index]! * SPARSE_PAGES < document.pages.length;
    return new DocumentCopy(document, writer, isSparse, isSparse ? undefined : sharing);
  });
}

function keepsAll({ selection }: DocumentCopy, index: number, keeps: AssemblyOptions['keeps']): boolean {
  return keeps === 'all' || (keeps === 'first' && index === 0) || selection.isWhole;
}
