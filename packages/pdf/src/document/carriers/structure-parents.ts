import { numberOf, type PdfObject } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import { onDirectAnnotations } from './annotations-direct.ts';
import type { Tags } from './structure-read.ts';

const KEYS = ['StructParent', 'StructParents'];

/**
 * Gives the keys of a document's parent tree new values from `next` on (ISO 32000-2, 14.7.5.4), without the gaps that the
 * document may have; answers the one after the last.
 */
export function keysOf({ parents, keys }: Tags, next: number): number {
  let free = next;
  for (const key of [...parents.keys()].sort((a, b) => a - b)) keys.set(key, free++);
  return free;
}

/**
 * Lets pages, annotations and streams use the new keys. A key that is not in the tree goes. Where pages of the document are
 * missing, `next` gives the keys that are used their new values; others stay out of `keys`.
 */
export function renumberParents({ copy, keys, parents }: Tags, next?: () => number): void {
  const { file } = copy.document;
  const fresh = (object: PdfObject): PdfObject | undefined => {
    const old = numberOf(file.resolve(object)) ?? Number.NaN;
    if (next !== undefined && parents.has(old) && !keys.has(old)) keys.set(old, next());
    const key = keys.get(old);
    return key === undefined ? undefined : new PdfNumber(String(key));
  };
  copy.edits.onKeys(KEYS, (edited) => {
    for (const key of KEYS) if (edited.scan.has(key)) edited.set(key, fresh(edited.get(key)));
  });
  onDirectAnnotations(copy.edits, 'StructParent', (annotation) => {
    const key = annotation.get('StructParent');
    const value = key === undefined ? undefined : fresh(key);
    annotation.delete('StructParent');
    if (value !== undefined) annotation.set('StructParent', value);
  });
}
