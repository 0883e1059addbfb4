import { nameOf, type PdfObject } from '../../objects/object.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import type { Document } from '../document.ts';
import { once } from '../once.ts';
import { pageNumbers } from '../page.ts';
import { readNameTree, type TreeEntry } from './names-tree.ts';
import { textOfBytes } from './names-unique.ts';

/** A named destination, and the object number of the page it leads to; undefined where it leads nowhere. */
export interface NamedTarget extends TreeEntry<string> {
  /** Whether it is in the old /Dests dictionary, not in the name tree. */
  readonly isOld: boolean;
  /** Place among all of the document. */
  readonly position: number;
  readonly page: number | undefined;
}

/** All named destinations of a document, with the pages they lead to. */
export interface NamedTargets {
  readonly tree: ReadonlyMap<string, NamedTarget>;
  readonly dictionary: ReadonlyMap<string, NamedTarget>;
  /** By the object number of the page. */
  readonly byPage: ReadonlyMap<number, readonly NamedTarget[]>;
}

/** The named destinations of a document: those of the name tree (ISO 32000-2, 12.3.2.4), those of the old dictionary. */
export function readNames({
  file,
  catalog,
}: Document): [tree: TreeEntry<string>[], old: TreeEntry<string>[]] {
  const names = catalog.has('Names') ? file.resolve(catalog.get('Names')) : null;
  const tree = names instanceof Map && names.has('Dests') ? readNameTree(file, names.get('Dests')!) : [];
  const old = catalog.has('Dests') ? file.resolve(catalog.get('Dests')) : null;
  return [tree, old instanceof Map ? [...old].map(([key, value]) => ({ key, value })) : []];
}

/** Reads the names with their targets. For `once`. */
export function readNamedTargets(document: Document): NamedTargets {
  const byPage = new Map<number, NamedTarget[]>();
  let position = 0;
  const [tree, dictionary] = readNames(document).map((entries, index) => {
    const found = new Map<string, NamedTarget>();
    for (const entry of entries) {
      const page = pageOf(document, entry.value);
      const target = { ...entry, isOld: index === 1, position: position++, page };
      found.set(entry.key, target);
      if (page === undefined) continue;
      const known = byPage.get(page);
      if (known === undefined) byPage.set(page, [target]);
      else known.push(target);
    }
    return found;
  });
  return { tree: tree!, dictionary: dictionary!, byPage };
}

/** A named destination that a use of its name means: a string the name tree's, a name the old dictionary's. */
export function namedTarget(document: Document, use: PdfObject): NamedTarget | undefined {
  const key = use instanceof PdfString ? textOfBytes(use.bytes) : nameOf(use);
  if (key === undefined) return undefined;
  const { tree, dictionary } = once(document, readNamedTargets);
  return use instanceof PdfName
    ? (dictionary.get(key) ?? tree.get(key))
    : (tree.get(key) ?? dictionary.get(key));
}

/** The object number of the page of the document that a destination leads to, named or not; else undefined. */
export function targetPage(document: Document, destination: PdfObject): number | undefined {
  const value = document.file.resolve(destination);
  if (value instanceof PdfString || value instanceof PdfName) return namedTarget(document, value)?.page;
  return pageOf(document, value);
}

function pageOf(document: Document, destination: PdfObject): number | undefined {
  const { file } = document;
  let value = file.resolve(destination);
  if (value instanceof Map) value = file.resolve(value.get('D'));
  const page = Array.isArray(value) ? value[0] : undefined;
  const number =
    page instanceof PdfReference
      ? page.number
      : page instanceof PdfNumber
        ? document.pages[page.value]?.number
        : undefined;
  return number !== undefined && once(document, pageNumbers).has(number) ? number : undefined;
}
