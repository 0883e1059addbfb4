import type { PdfDictionary, PdfObject } from '../../objects/object.ts';
import { numberOf } from '../../objects/object.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfString } from '../../objects/string.ts';
import { writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document } from '../document.ts';
import { once } from '../once.ts';
import { eachCopy } from './catalog-each.ts';
import { readNumberTree, writeTree, type NewEntry } from './names-tree.ts';

/** Entries of a label (ISO 32000-2, table 161). */
const KEYS = ['S', 'P', 'St'];

/** What pages without labels count as: 1, 2, 3. */
const DECIMAL: PdfDictionary = new Map([['S', new PdfName('D')]]);

/** The labels of one document: the indexes of the pages at which ranges begin, in order, the first 0; each with its label. */
export interface LabelRanges {
  readonly starts: readonly number[];
  readonly labels: readonly PdfDictionary[];
  /** Whether the document has any labels that can be read. */
  readonly areFound: boolean;
}

/**
 * The page labels of all documents (ISO 32000-2, 12.4.2): each page keeps the label that it had, wherever it stands. A
 * document without labels, and pages before the first label, count 1, 2, 3; if no document has labels, the result has none.
 */
export function labels(): Carrier {
  return {
    carry: (copies, writer, carried) => {
      if (!copies.some(({ document }) => document.catalog.has('PageLabels'))) return;
      const entries: NewEntry<number>[] = [];
      let areFound = false;
      eachCopy(copies, (copy) => {
        const ranges = once(copy.document, readLabels);
        areFound ||= ranges.areFound;
        addEntries(copy, ranges, entries);
      });
      if (areFound) carried.catalog += `/PageLabels ${writeTree(writer, entries)} 0 R`;
    },
  };
}

/** A new range begins wherever pages do not follow each other as in their document. */
function addEntries(
  copy: DocumentCopy,
  { starts, labels: values }: LabelRanges,
  entries: NewEntry<number>[],
): void {
  let next = { index: -1, position: -1, range: -1 };
  for (const { index, position } of copy.selection.pages) {
    const range = rangeAt(starts, index, next.range);
    if (index !== next.index || position !== next.position || range !== next.range) {
      const label = continued(values[range]!, index - starts[range]!);
      entries.push({ key: position, write: (out) => writeObject(out, label, copy) });
    }
    next = { index: index + 1, position: position + 1, range };
  }
}

/** The range that a page is in; most often that of the page before, or the one after. */
function rangeAt(starts: readonly number[], index: number, likely: number): number {
  for (const range of [likely, likely + 1])
    if (starts[range] !== undefined && starts[range] <= index && index < (starts[range + 1] ?? Infinity))
      return range;
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= index) low = middle;
    else high = middle;
  }
  return low;
}

/** The label of a page that is some pages after the first of its range. */
function continued(label: PdfDictionary, offset: number): PdfDictionary {
  if (offset === 0 || !label.has('S')) return label;
  const start = numberOf(label.get('St')) ?? 1;
  return new Map([...label, ['St', new PdfNumber(String(start + offset))]]);
}

/** Reads the labels of a document, with those of their entries that mean something. */
export function readLabels({ file, catalog, pages }: Document): LabelRanges {
  const found = new Map<number, PdfDictionary>();
  const tree = catalog.get('PageLabels');
  for (const { key, value } of tree === undefined ? [] : readNumberTree(file, tree)) {
    const label = file.resolve(value);
    if (key < 0 || key >= pages.length || !(label instanceof Map)) continue;
    // Only what a label has: a file may list one huge object for many pages.
    const entries = KEYS.map((each) => [each, file.resolve(label.get(each))] as const);
    found.set(key, new Map(entries.filter(([, each]) => isScalar(each))));
  }
  const areFound = found.size > 0;
  if (!found.has(0)) found.set(0, DECIMAL);
  const starts = [...found.keys()].sort((a, b) => a - b);
  return { starts, labels: starts.map((start) => found.get(start)!), areFound };
}

function isScalar(object: PdfObject): boolean {
  return object instanceof PdfName || object instanceof PdfNumber || object instanceof PdfString;
}
