import type { PdfObject } from '../../objects/object.ts';
import { targetPage } from '../carriers/destinations-target.ts';
import { readOutline, type OutlineItem } from '../carriers/outlines-read.ts';
import type { Facts } from './facts.ts';

/** An item of the outline (ISO 32000-2, 12.3.3). */
export interface Bookmark {
  readonly title: string;
  /** 0 at the top; an item belongs to the last one before it of the level above. */
  readonly level: number;
  /** Index from 0 of the page it leads to; undefined where it leads to none of this document. */
  readonly pageIndex: number | undefined;
  /** Whether the items below it are shown at first. */
  readonly isOpen: boolean;
}

/** Bookmarks that are told. */
const BOOKMARKS_MAX = 100_000;

/** The bookmarks of a document in order. */
export function bookmarks(facts: Facts): readonly Bookmark[] {
  if (!facts.document.catalog.has('Outlines')) return [];
  const items: [item: OutlineItem, level: number][] = [];
  flatten(readOutline(facts.document), 0, items);
  return facts.first(items, BOOKMARKS_MAX, 'The bookmarks').map(([{ number, isOpen }, level]): Bookmark => {
    const item = facts.object(number);
    return { title: facts.textOf(item, 'Title') ?? '', level, pageIndex: pageIndex(facts, item), isOpen };
  });
}

/** No deeper than the outline is read. */
function flatten(from: readonly OutlineItem[], level: number, into: [OutlineItem, number][]): void {
  for (const item of from) {
    into.push([item, level]);
    flatten(item.kids, level + 1, into);
  }
}

function pageIndex(facts: Facts, item: PdfObject): number | undefined {
  let destination = facts.get(item, 'Dest');
  const action = facts.get(item, 'A');
  if (destination === null && facts.nameOf(action, 'S') === 'GoTo') destination = facts.get(action, 'D');
  const page = targetPage(facts.document, destination);
  return page === undefined ? undefined : facts.pageIndex(page);
}
