import type { ObjectScan } from '../syntax/object-scan.ts';

/** Types of objects that are themselves and not what they say: an equal one elsewhere is another thing. */
const TYPES = new Set([
  'Annot',
  'Bead',
  'Catalog',
  'CollectionItem',
  'F',
  'Filespec',
  'MCR',
  'OBJR',
  'OCG',
  'ObjStm',
  'Outlines',
  'Page',
  'Pages',
  'Sig',
  'StructElem',
  'StructTreeRoot',
  'Template',
  'Thread',
  'XRef',
]);
/** Keys that only such objects have, or those that something else finds by a number. */
const KEYS = ['AP', 'Annots', 'Kids', 'Parent', 'Rect', 'StructParent', 'StructParents'];

/**
 * Whether an object is one whose identity matters (a page, an annotation, a field, a layer, a part of the structure), so
 * that it must not be replaced by an equal one.
 */
export function hasIdentity(scan: ObjectScan): boolean {
  if (!scan.isDictionary) return false;
  const type = scan.name('Type');
  return (type !== undefined && TYPES.has(type)) || KEYS.some((key) => scan.find(key) !== -1);
}
