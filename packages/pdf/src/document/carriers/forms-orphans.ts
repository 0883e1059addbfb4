import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import type { DocumentCopy } from '../copy.ts';
import { valueOf, type Page } from '../page-tree.ts';
import { isPageNode, type FieldTree } from './forms-read.ts';

/** How far /Parent is followed upwards. */
const LEVELS_MAX = 100;

/** Adds the widgets that stand on pages and belong to no field of the tree, with the fields above them. */
export function adoptOrphans(tree: FieldTree): void {
  const { document } = tree.copy;
  const scan = new ObjectScan(document.file.reading.limits.nestingMax);
  for (const page of document.pages)
    for (const annotation of annotations(tree.copy, page, scan)) {
      if (!(annotation instanceof PdfReference) || tree.find(annotation.number) !== undefined) continue;
      if (!document.file.table.has(annotation.number, annotation.generation)) continue;
      document.file.scan(annotation.number, scan);
      if (scan.isName('Subtype', 'Widget')) adoptOrphan(tree, annotation);
    }
}

/** Adds a node that is in no array of kids: the topmost field above it, and it, wherever the tree breaks off. */
export function adoptOrphan(tree: FieldTree, orphan: PdfReference): void {
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
  const { file } = tree.copy.document;
  const line: PdfReference[] = [];
  const seen = new Set([start.number]);
  for (let current = start; line.length < LEVELS_MAX;) {
    const dictionary = file.resolve(current);
    const parent = dictionary instanceof Map ? dictionary.get('Parent') : undefined;
    if (!(parent instanceof PdfReference) || seen.has(parent.number)) break;
    const node = file.resolve(parent);
    if (!(node instanceof Map) || !isField(tree.copy, parent.number, node)) break;
    seen.add(parent.number);
    line.push(parent);
    if (tree.find(parent.number) !== undefined) break;
    current = parent;
  }
  return line;
}

function isField(copy: DocumentCopy, number: number, dictionary: PdfDictionary): boolean {
  if (isPageNode(copy, number, dictionary)) return false;
  const subtype = nameOf(dictionary.get('Subtype'));
  if (subtype !== undefined && subtype !== 'Widget') return false;
  return ['T', 'FT', 'Kids', 'V', 'Ff'].some((key) => dictionary.has(key));
}

function annotations(copy: DocumentCopy, page: Page, scan: ObjectScan): readonly PdfObject[] {
  const { file } = copy.document;
  const raw = page.direct ?? file.scan(page.number, scan);
  if (raw === undefined) return [];
  if (page.direct !== undefined) scan.read(raw.bytes, raw.start, raw.end, false);
  const list = valueOf(file, raw, scan, 'Annots');
  return Array.isArray(list) ? list : [];
}
