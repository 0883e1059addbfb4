import type { PdfDictionary, PdfObject } from '../../objects/object.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfString } from '../../objects/string.ts';
import { writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import { readNumberTree, writeTree, type NewEntry } from './names-tree.ts';

/** Entries of a label (ISO 32000-2, table 161). */
const KEYS = ['S', 'P', 'St'];

/** What pages without labels count as: 1, 2, 3. */
const DECIMAL: PdfDictionary = new Map([['S', new PdfName('D')]]);

/**
 * The page labels of all documents (ISO 32000-2, 12.4.2), each going on as it was. A document without labels, and pages
 * before the first label, count 1, 2, 3; if no document has labels, the result has none.
 */
export function labels(): Carrier {
  return {
    carry: (copies, writer, carried) => {
      if (!copies.some(({ document }) => document.catalog.has('PageLabels'))) return;
      const entries: NewEntry<number>[] = [];
      let first = 0;
      let found = 0;
      eachCopy(copies, (copy) => {
        const own = labelsOf(copy);
        found += own.size;
        if (!own.has(0)) own.set(0, DECIMAL);
        for (const [index, label] of own)
          entries.push({ key: first + index, write: (out) => writeObject(out, label, copy) });
        first += copy.selection.pages.length;
      });
      if (found > 0) carried.catalog += `/PageLabels ${writeTree(writer, entries)} 0 R`;
    },
  };
}

function labelsOf({ document: { file, catalog, pages } }: DocumentCopy): Map<number, PdfDictionary> {
  const result = new Map<number, PdfDictionary>();
  const tree = catalog.get('PageLabels');
  if (tree === undefined) return result;
  for (const { key, value } of readNumberTree(file, tree)) {
    const label = file.resolve(value);
    if (key < 0 || key >= pages.length || !(label instanceof Map)) continue;
    // Only what a label has: a file may list one huge object for many pages.
    const entries = KEYS.map((each) => [each, file.resolve(label.get(each))] as const);
    result.set(key, new Map(entries.filter(([, each]) => isScalar(each))));
  }
  return result;
}

function isScalar(object: PdfObject): boolean {
  return object instanceof PdfName || object instanceof PdfNumber || object instanceof PdfString;
}
