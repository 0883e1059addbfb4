import type { PdfDictionary } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import { annotationsOf } from '../page.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document } from '../document.ts';
import { once } from '../once.ts';
import { readFields } from './forms-orphans.ts';
import { FieldTree, type Field } from './forms-read.ts';

/** A document's form as it was read. */
export interface ReadForm {
  readonly tree: FieldTree;
  readonly dictionary: PdfDictionary;
}

/** Reads the form of a document (ISO 32000-2, 12.7.3); undefined if it has none. */
export function readForm(document: Document): ReadForm | undefined {
  const { catalog, file } = document;
  const entry = catalog.get('AcroForm');
  const found = entry === undefined ? null : file.resolve(entry);
  // A file whose table was lost may have lost its form with it.
  if (!(found instanceof Map) && !file.rebuilt) return undefined;
  const dictionary: PdfDictionary = found instanceof Map ? found : new Map();
  const tree = new FieldTree(document);
  readFields(tree, dictionary);
  return found instanceof Map || tree.roots.length > 0 ? { tree, dictionary } : undefined;
}

/**
 * The form of a document of which pages are missing: the fields that have a widget on a page of the result, and those above
 * them. Others are left out of the copy; undefined if no field stays.
 */
export function selectForm(copy: DocumentCopy): ReadForm | undefined {
  const { document, selection } = copy;
  const form = once(document, formInOrder);
  if (form === undefined) return undefined;
  const scan = new ObjectScan(document.file.reading.limits.nestingMax);
  const widgets = new Set<number>();
  for (const { page, isRepeat } of selection.pages)
    for (const each of isRepeat ? [] : annotationsOf(document, page, scan))
      if (each instanceof PdfReference) widgets.add(each.number);
  const tree = form.tree.selected(widgets, form.order);
  copy.leaveOutWhere((old) => form.tree.find(old) !== undefined && tree.find(old) === undefined);
  return tree.roots.length > 0 ? { tree, dictionary: form.dictionary } : undefined;
}

/** The form with the place of each node: parents before their kids, kids in order. */
function formInOrder(
  document: Document,
): (ReadForm & { readonly order: ReadonlyMap<Field, number> }) | undefined {
  const form = readForm(document);
  if (form === undefined) return undefined;
  const order = new Map<Field, number>();
  const add = (fields: readonly Field[]): void => {
    for (const field of fields) order.set(field, order.size);
  };
  add(form.tree.roots);
  // What is added is walked in turn.
  for (const field of order.keys()) add(field.kids);
  return { ...form, order };
}
