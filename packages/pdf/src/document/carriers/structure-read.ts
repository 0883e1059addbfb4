import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import type { DocumentCopy } from '../copy.ts';
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
  readonly parents: readonly TreeEntry<number>[];
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

/** Reads the tags of a document; undefined if it has none. */
export function readTags(copy: DocumentCopy, index: number): Tags | undefined {
  const { catalog, file } = copy.document;
  const entry = catalog.get('StructTreeRoot');
  if (entry === undefined) return undefined;
  const dictionary = file.resolve(entry);
  const root = entry instanceof PdfReference ? entry.number : 0;
  if (!(dictionary instanceof Map) || isPageNode(copy, root, dictionary)) return undefined;
  const kid = dictionary.get('K') ?? null;
  const kids = file.resolve(kid);
  return {
    copy,
    index,
    root,
    kids: (Array.isArray(kids) ? kids : [kid]).filter((each) => file.resolve(each) instanceof Map),
    parents: readNumberTree(file, dictionary.get('ParentTree') ?? null),
    ids: readNameTree(file, dictionary.get('IDTree') ?? null),
    roles: names(copy, dictionary.get('RoleMap')),
    classes: dictionaryOf(copy, dictionary.get('ClassMap')),
    namespaces: elementsOf(copy, dictionary.get('Namespaces')),
    lexicons: elementsOf(copy, dictionary.get('PronunciationLexicon')),
    files: elementsOf(copy, dictionary.get('AF')),
    marks: dictionaryOf(copy, catalog.get('MarkInfo')),
    keys: new Map(),
    newRoles: new Map(),
    newClasses: new Map(),
    newIds: new Map(),
  };
}

function names(copy: DocumentCopy, entry: PdfObject | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const [from, to] of dictionaryOf(copy, entry)) {
    const name = nameOf(copy.document.file.resolve(to));
    if (name !== undefined) found.set(from, name);
  }
  return found;
}

function dictionaryOf({ document }: DocumentCopy, entry: PdfObject | undefined): PdfDictionary {
  const object = entry === undefined ? null : document.file.resolve(entry);
  return object instanceof Map ? object : new Map();
}
