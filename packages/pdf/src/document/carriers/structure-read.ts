import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document } from '../document.ts';
import { once } from '../once.ts';
import { elementsOf, isPageNode } from './forms-read.ts';
import { readNameTree, readNumberTree, type TreeEntry } from './names-tree.ts';

/** The tags of one document: what its structure tree root says (ISO 32000-2, 14.7.2), and what changes in the result. */
export interface Tags {
  readonly copy: DocumentCopy;
  /** Position of the document, from 0. */
  readonly index: number;
  /** Old number of the root; 0 if it stands in the catalog. */
  readonly root: number;
  readonly kids: PdfArray;
  /** The values of the parent tree, by key. */
  readonly parents: ReadonlyMap<number, PdfObject>;
  readonly ids: readonly TreeEntry<string>[];
  readonly roles: ReadonlyMap<string, string>;
  readonly classes: PdfDictionary;
  readonly namespaces: PdfArray;
  readonly lexicons: PdfArray;
  readonly files: PdfArray;
  /** /MarkInfo. */
  readonly marks: PdfDictionary;
  /** New keys of the parent tree by old ones. */
  readonly keys: Map<number, number>;
  /** New names by old ones, of those that change. */
  readonly newRoles: Map<string, string>;
  readonly newClasses: Map<string, string>;
  readonly newIds: Map<string, string>;
}

/** What is read of a document. */
type ReadTags = Omit<Tags, 'copy' | 'index' | 'keys' | 'newRoles' | 'newClasses' | 'newIds'>;

/** Reads the tags of a document; undefined if it has none. */
export function readTags(copy: DocumentCopy, index: number): Tags | undefined {
  const read = copy.selection.isWhole ? readRoot(copy.document) : once(copy.document, readRoot);
  if (read === undefined) return undefined;
  return {
    ...read,
    copy,
    index,
    keys: new Map(),
    newRoles: new Map(),
    newClasses: new Map(),
    newIds: new Map(),
  };
}

function readRoot(document: Document): ReadTags | undefined {
  const { catalog, file } = document;
  const entry = catalog.get('StructTreeRoot');
  if (entry === undefined) return undefined;
  const dictionary = file.resolve(entry);
  const root = entry instanceof PdfReference ? entry.number : 0;
  if (!(dictionary instanceof Map) || isPageNode({ document }, root, dictionary)) return undefined;
  const kid = dictionary.get('K') ?? null;
  const kids = file.resolve(kid);
  const parents = readNumberTree(file, dictionary.get('ParentTree') ?? null);
  return {
    root,
    kids: (Array.isArray(kids) ? kids : [kid]).filter((each) => file.resolve(each) instanceof Map),
    parents: new Map(parents.map(({ key, value }) => [key, value])),
    ids: readNameTree(file, dictionary.get('IDTree') ?? null),
    roles: names(document, dictionary.get('RoleMap')),
    classes: dictionaryOf(document, dictionary.get('ClassMap')),
    namespaces: elementsOf({ document }, dictionary.get('Namespaces')),
    lexicons: elementsOf({ document }, dictionary.get('PronunciationLexicon')),
    files: elementsOf({ document }, dictionary.get('AF')),
    marks: dictionaryOf(document, catalog.get('MarkInfo')),
  };
}

/** The ids of elements that are objects, by their numbers. For `once`. */
export function idsByElement(document: Document): ReadonlyMap<number, readonly TreeEntry<string>[]> {
  const found = new Map<number, TreeEntry<string>[]>();
  for (const entry of once(document, readRoot)?.ids ?? []) {
    if (!(entry.value instanceof PdfReference)) continue;
    const known = found.get(entry.value.number);
    if (known === undefined) found.set(entry.value.number, [entry]);
    else known.push(entry);
  }
  return found;
}

function names(document: Document, entry: PdfObject | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const [from, to] of dictionaryOf(document, entry)) {
    const name = nameOf(document.file.resolve(to));
    if (name !== undefined) found.set(from, name);
  }
  return found;
}

function dictionaryOf({ file }: Document, entry: PdfObject | undefined): PdfDictionary {
  const object = entry === undefined ? null : file.resolve(entry);
  return object instanceof Map ? object : new Map();
}
