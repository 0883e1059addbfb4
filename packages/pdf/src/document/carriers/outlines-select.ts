import { nameOf, type PdfObject } from '../../objects/object.ts';
import { parseScanned } from '../../file/reading.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document } from '../document.ts';
import { once } from '../once.ts';
import { targetPage } from './destinations-target.ts';
import { readOutline, type OutlineItem } from './outlines-read.ts';

/** An item and where it stands. */
interface Placed {
  readonly item: OutlineItem;
  readonly parent: Placed | undefined;
  /** Among all items, in order. */
  readonly position: number;
}

/** The outline of a document by the pages that its items lead to. */
interface OutlineIndex {
  /** By the object number of the page. */
  readonly byPage: ReadonlyMap<number, readonly Placed[]>;
  /** Items that lead to no page of the document. */
  readonly others: readonly Placed[];
}

/**
 * The outline items of a document of which pages are missing: those that lead to pages of the result, those that lead to
 * no page where all that belongs to the document is kept, and those above them.
 */
export function selectedOutline(copy: DocumentCopy): OutlineItem[] {
  if (!copy.document.catalog.has('Outlines')) return [];
  const { byPage, others } = once(copy.document, indexOutline);
  const kept = new Set<Placed>(copy.keepsAll ? others : []);
  for (const { page } of copy.selection.pages)
    for (const each of byPage.get(page.number) ?? []) kept.add(each);
  // Those above are added while the set is walked, and walked in turn.
  for (const { parent } of kept) if (parent !== undefined) kept.add(parent);
  const items = new Map<Placed, OutlineItem>();
  const roots: OutlineItem[] = [];
  for (const placed of [...kept].sort((a, b) => a.position - b.position)) {
    const item = { ...placed.item, kids: [] };
    items.set(placed, item);
    (placed.parent === undefined ? roots : items.get(placed.parent)!.kids).push(item);
  }
  return roots;
}

function indexOutline(document: Document): OutlineIndex {
  const byPage = new Map<number, Placed[]>();
  const others: Placed[] = [];
  const scan = new ObjectScan(document.file.reading.limits.nestingMax);
  let position = 0;
  const visit = (items: readonly OutlineItem[], parent: Placed | undefined): void => {
    for (const item of items) {
      const placed = { item, parent, position: position++ };
      const page = itemTarget(document, item.number, scan);
      const list = page === undefined ? others : (byPage.get(page) ?? []);
      list.push(placed);
      if (page !== undefined) byPage.set(page, list);
      visit(item.kids, placed);
    }
  };
  visit(readOutline(document), undefined);
  return { byPage, others };
}

/** The page that an item leads to, by its destination or its action (ISO 32000-2, table 151). */
function itemTarget(document: Document, number: number, scan: ObjectScan): number | undefined {
  const { file } = document;
  const raw = file.scan(number, scan);
  if (raw === undefined) return undefined;
  const item = parseScanned(scan, file.reading.limits, file.stringDecryption(raw));
  if (!(item instanceof Map)) return undefined;
  const destination = item.get('Dest');
  if (destination !== undefined) return targetPage(document, destination);
  const action: PdfObject = file.resolve(item.get('A'));
  if (!(action instanceof Map) || nameOf(file.resolve(action.get('S'))) !== 'GoTo') return undefined;
  return targetPage(document, action.get('D') ?? null);
}
