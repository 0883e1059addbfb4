import { nameOf, type PdfDictionary } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import type { OfDocument } from '../document.ts';
import { annotationsOf } from '../page.ts';
import { elementsOf, isPageNode, type FieldTree } from './forms-read.ts';

/** How far /Parent is followed upwards. */
const LEVELS_MAX = 100;

/**
 * Reads the fields of a form into an empty tree. Those that are listed although they have a parent come after the others,
 * which may list them too; then those that stand on pages only.
 */
export function readFields(tree: FieldTree, form: PdfDictionary): void {
  const later: PdfReference[] = [];
  for (const each of elementsOf(tree, form.get('Fields'))) {
    const field = tree.document.file.resolve(each);
    if (each instanceof PdfReference && field instanceof Map && field.has('Parent')) later.push(each);
    else tree.add(each, undefined);
  }
  for (const each of later) if (tree.find(each.number) === undefined) adoptOrphan(tree, each);
  adoptOrphans(tree);
}

/** Adds the widgets that stand on pages and belong to no field of the tree, with the fields above them. */
function adoptOrphans(tree: FieldTree): void {
  const { document } = tree;
  const scan = new ObjectScan(document.file.reading.limits.nestingMax);
  for (const page of document.pages)
    for (const annotation of annotationsOf(document, page, scan)) {
      if (!(annotation instanceof PdfReference) || tree.find(annotation.number) !== undefined) continue;
      if (!document.file.has(annotation.number, annotation.generation)) continue;
      document.file.scan(annotation.number, scan);
      if (scan.isName('Subtype', 'Widget')) adoptOrphan(tree, annotation);
    }
}

/** Adds a node that is in no array of kids: the topmost field above it, and it, wherever the tree breaks off. */
function adoptOrphan(tree: FieldTree, orphan: PdfReference): void {
  const line = [orphan, ...above(tree, orphan)];
  for (const reference of line.toReversed()) {
    if (tree.find(reference.number) !== undefined) continue;
    const index = line.indexOf(reference);
    const next = line[index + 1];
    const parent = next === undefined ? undefined : tree.find(next.number);
    if (parent === undefined) tree.add(reference, undefined);
    else tree.adopt(parent, reference);
  }
}

/** The fields above a node, up to the first that is in the tree. */
function above(tree: FieldTree, start: PdfReference): PdfReference[] {
  const { file } = tree.document;
  const line: PdfReference[] = [];
  const seen = new Set([start.number]);
  for (let current = start; line.length < LEVELS_MAX;) {
    const dictionary = file.resolve(current);
    const parent = dictionary instanceof Map ? dictionary.get('Parent') : undefined;
    if (!(parent instanceof PdfReference) || seen.has(parent.number)) break;
    const node = file.resolve(parent);
    if (!(node instanceof Map) || !isField(tree, parent.number, node)) break;
    seen.add(parent.number);
    line.push(parent);
    if (tree.find(parent.number) !== undefined) break;
    current = parent;
  }
  return line;
}

function isField(copy: OfDocument, number: number, dictionary: PdfDictionary): boolean {
  if (isPageNode(copy, number, dictionary)) return false;
  const subtype = nameOf(dictionary.get('Subtype'));
  if (subtype !== undefined && subtype !== 'Widget') return false;
  return ['T', 'FT', 'Kids', 'V', 'Ff'].some((key) => dictionary.has(key));
}
