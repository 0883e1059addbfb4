import type { PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import type { OfDocument } from '../document.ts';
import { once } from '../once.ts';
import { pageNumbers } from '../page.ts';
import { Attachments } from './names-attachments.ts';
import { eachCopy } from './catalog-each.ts';
import type { Destinations } from './destinations.ts';
import type { FieldUses } from './forms-actions.ts';
import { readNameTree, writeTree, type NewEntry, type TreeEntry } from './names-tree.ts';
import { UniqueNames } from './names-unique.ts';

/** Trees that are merged alike: a name that an earlier document has is changed, `name` to `name~2`. */
const PLAIN_TREES = [
  'AP',
  'JavaScript',
  'Pages',
  'Templates',
  'IDS',
  'URLS',
  'AlternatePresentations',
  'Renditions',
];

/** The name dictionary (ISO 32000-2, 7.7.4): one tree of each kind with the names of all documents. */
export function names(destinations: Destinations, uses: FieldUses): Carrier {
  const attachments = new Attachments();
  return {
    prepare: (copies) => {
      destinations.prepare(copies);
      attachments.prepare(copies);
    },
    carry: (copies, writer, carried) => {
      const trees = new Map<string, NewEntry<string>[]>();
      trees.set('Dests', destinations.entries(copies));
      trees.set('EmbeddedFiles', attachments.entries(copies));
      for (const kind of PLAIN_TREES) trees.set(kind, plainTree(copies, kind, destinations, uses));
      let text = '';
      for (const [kind, entries] of trees)
        if (entries.length > 0) text += `/${kind} ${writeTree(writer, entries)} 0 R`;
      if (text !== '') carried.catalog += `/Names<<${text}>>`;
    },
  };
}

function plainTree(
  copies: readonly DocumentCopy[],
  kind: string,
  destinations: Destinations,
  uses: FieldUses,
): NewEntry<string>[] {
  const unique = new UniqueNames();
  const entries: NewEntry<string>[] = [];
  eachCopy(copies, (copy, index) => {
    if (!copy.keepsAll) return;
    for (const { key, value } of nameTreeOf(copy, kind)) {
      if (!copy.selection.isWhole && isGonePage(copy, value)) continue;
      const fresh = uses.rewrite(copy, destinations.rewrite(index, copy, value));
      entries.push({ key: unique.take(key), write: (out) => writeObject(out, fresh, copy) });
    }
  });
  return entries;
}

/** One of the name trees of a document. */
export function nameTreeOf({ document: { file, catalog } }: OfDocument, kind: string): TreeEntry<string>[] {
  const dictionary = catalog.has('Names') ? file.resolve(catalog.get('Names')) : null;
  const tree = dictionary instanceof Map ? dictionary.get(kind) : undefined;
  return tree === undefined ? [] : readNameTree(file, tree);
}

function isGonePage({ document, selection }: DocumentCopy, value: PdfObject): boolean {
  if (!(value instanceof PdfReference) || selection.has(value.number)) return false;
  return once(document, pageNumbers).has(value.number);
}
