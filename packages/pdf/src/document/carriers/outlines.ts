import type { FileWriter } from '../../file/writer.ts';
import { nameOf } from '../../objects/object.ts';
import { selectedOutline } from './outlines-select.ts';
import { textString } from '../../syntax/text-string.ts';
import { writeString } from '../../syntax/write.ts';
import type { Carried, Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Edited } from '../edits.ts';
import { PdfReference } from '../../objects/reference.ts';
import { eachCopy } from './catalog-each.ts';
import { explicitDestination } from './destinations.ts';
import { readOutline, type OutlineItem } from './outlines-read.ts';

/** How the outlines of several documents become one: one after the other, or each under the title of its document. */
export type OutlineMode = 'join' | 'by-document';

/** Entries that say where an item stands; they are made anew. */
const PLACE_KEYS = ['Parent', 'Prev', 'Next', 'First', 'Last', 'Count'];

/** An item of the result. */
interface NewItem {
  readonly number: number;
  readonly isOpen: boolean;
  readonly kids: readonly NewItem[];
  /** Items that show below it when it is open, itself left aside. */
  readonly shown: number;
  /** The document it comes from, or that it stands for. */
  readonly index: number;
  /** Undefined for one that stands for a document. */
  readonly old: PdfReference | undefined;
}

/** The outlines of all documents (ISO 32000-2, 12.3.3): order, nesting, looks and open state as they were. */
export function outlines(mode: OutlineMode, titles: readonly (string | undefined)[]): Carrier {
  return {
    carry: (copies, writer, carried) => {
      const items: NewItem[] = [];
      eachCopy(copies, (copy, index) => {
        const { isWhole, pages } = copy.selection;
        const read = isWhole ? readOutline(copy.document) : selectedOutline(copy);
        const own = read.map((item) => placed(item, copy, index, writer));
        if (mode === 'join') for (const item of own) items.push(item);
        else if (pages.length > 0) items.push(newItem(own, true, index, undefined, writer));
      });
      if (items.length > 0) write({ copies, writer, titles }, items, carried);
    },
  };
}

function placed(item: OutlineItem, copy: DocumentCopy, index: number, writer: FileWriter): NewItem {
  const kids = item.kids.map((kid) => placed(kid, copy, index, writer));
  const fresh = newItem(kids, item.isOpen, index, new PdfReference(item.number, item.generation), writer);
  copy.claim(item.number, fresh.number);
  return fresh;
}

function newItem(
  kids: readonly NewItem[],
  isOpen: boolean,
  index: number,
  old: PdfReference | undefined,
  writer: FileWriter,
): NewItem {
  return { number: writer.allocate(), isOpen, kids, shown: shownOf(kids), index, old };
}

/** Items of a list that show, with what is open below them. */
function shownOf(items: readonly NewItem[]): number {
  return items.reduce((sum, item) => sum + 1 + (item.isOpen ? item.shown : 0), 0);
}

/** What writing an item needs. */
interface Writing {
  readonly copies: readonly DocumentCopy[];
  readonly writer: FileWriter;
  readonly titles: readonly (string | undefined)[];
}

function write(writing: Writing, items: readonly NewItem[], carried: Carried): void {
  const { writer, copies } = writing;
  const root = writer.allocate();
  const out = writer.begin(root);
  out.ascii(`<</Type/Outlines/Count ${shownOf(items)}`);
  out.ascii(`/First ${items[0]!.number} 0 R/Last ${items.at(-1)!.number} 0 R>>`);
  writer.end();
  carried.catalog += `/Outlines ${root} 0 R`;
  eachCopy(copies, (_copy, index) => {
    for (const [at, item] of items.entries())
      if (item.index === index) writeItem(writing, item, root, items[at - 1], items[at + 1]);
  });
}

function writeItem(
  writing: Writing,
  item: NewItem,
  parent: number,
  previous: NewItem | undefined,
  next: NewItem | undefined,
): void {
  const { writer } = writing;
  const { kids, number, isOpen, shown } = item;
  const copy = writing.copies[item.index]!;
  const out = writer.begin(number);
  out.ascii(`<</Parent ${parent} 0 R`);
  if (previous !== undefined) out.ascii(`/Prev ${previous.number} 0 R`);
  if (next !== undefined) out.ascii(`/Next ${next.number} 0 R`);
  if (kids.length > 0) {
    out.ascii(`/First ${kids[0]!.number} 0 R/Last ${kids.at(-1)!.number} 0 R`);
    out.ascii(`/Count ${isOpen ? shown : -shown}`);
  }
  if (item.old === undefined) {
    out.ascii('/Title');
    writeString(out, textString(writing.titles[item.index] || `Document ${item.index + 1}`));
    out.ascii(`/Dest[${copy.selection.pages[0]!.number} 0 R/Fit]`);
  } else {
    // An element of the structure tree (/SE) may be missing as its page is.
    const without = copy.selection.isWhole ? PLACE_KEYS : [...PLACE_KEYS, 'SE'];
    copy.entries(item.old.number, out, without, (object) => withoutDeadTarget(copy, object));
  }
  out.ascii('>>');
  writer.end();
  for (const [at, kid] of kids.entries()) writeItem(writing, kid, number, kids[at - 1], kids[at + 1]);
}

/** An item loses a destination that is not there. */
function withoutDeadTarget(copy: DocumentCopy, item: Edited): void {
  const { file } = copy.document;
  const target = file.resolve(item.get('Dest'));
  if (Array.isArray(target)) {
    const explicit = explicitDestination(copy, target);
    if (explicit !== target) item.set('Dest', explicit);
  }
  const action = file.resolve(item.get('A'));
  if (!(action instanceof Map) || nameOf(file.resolve(action.get('S'))) !== 'GoTo') return;
  const goal = file.resolve(action.get('D'));
  if (Array.isArray(goal) && explicitDestination(copy, goal) === undefined) item.set('A', undefined);
}
