import { PdfReference } from '../objects/reference.ts';
import { writeObject } from '../syntax/write.ts';
import type { FileWriter, TrailerEntries } from '../file/writer.ts';
import { DocumentCopy } from './copy.ts';
import type { Document } from './document.ts';
import { PageTreeWriter } from './page-tree-writer.ts';

/** Types that a merge builds anew and that one document keeps as it has them. */
const KEPT_TYPES = ['StructTreeRoot', 'StructElem'];
/** Entries of the catalog that are written by us; the header has the version. */
const OWN_ENTRIES = ['Type', 'Pages', 'Version'];

/** What goes into a document besides what it has. */
export interface Additions {
  /** Adds edits, before anything is copied. */
  prepare?(copy: DocumentCopy): void;
  /** Writes objects after all that the pages reach; answers entries of the catalog, as text. */
  complete?(copy: DocumentCopy, writer: FileWriter): string;
}

/**
 * Writes one document with everything that its catalog, its pages and its information reach: entries of the catalog as
 * they are, the page tree balanced, nothing unreachable, and nothing encrypted that the writer does not encrypt. `prepare`
 * may add edits. Answers the entries of the trailer besides the identifier.
 */
export function writeWhole(
  document: Document,
  writer: FileWriter,
  additions: Additions = {},
): Omit<TrailerEntries, 'id'> {
  const copy = new DocumentCopy(document, writer);
  for (const type of KEPT_TYPES) copy.edits.keepType(type);
  additions.prepare?.(copy);
  const tree = new PageTreeWriter(writer);
  for (const index of document.pages.keys()) copy.place(index, tree);
  copy.pages();
  copy.drain();
  const pages = tree.finish();
  const info = information(copy, writer);
  const added = additions.complete?.(copy, writer) ?? '';
  const root = writer.allocate();
  const catalog = writer.begin(root);
  catalog.ascii(`<</Type/Catalog/Pages ${pages} 0 R`);
  if (document.root !== 0) copy.entries(document.root, catalog, OWN_ENTRIES);
  catalog.ascii(`${added}>>`);
  writer.end();
  copy.drain();
  return { root, info };
}

/** The number of the document information, undefined if there is none. */
function information(copy: DocumentCopy, writer: FileWriter): number | undefined {
  const { file } = copy.document;
  const entry = file.trailer.get('Info') ?? null;
  if (entry instanceof PdfReference) return copy.reference(entry.number, entry.generation) || undefined;
  if (!(entry instanceof Map)) return undefined;
  const number = writer.allocate();
  writeObject(writer.begin(number), entry, copy);
  writer.end();
  return number;
}
