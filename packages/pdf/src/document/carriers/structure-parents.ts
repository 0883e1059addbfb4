import { numberOf, type PdfArray, type PdfObject } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import type { ObjectScan } from '../../syntax/object-scan.ts';
import type { Edited } from '../edits.ts';
import type { Tags } from './structure-read.ts';

const KEYS = ['StructParent', 'StructParents'];

/**
 * Gives the keys of a document's parent tree new values from `next` on (ISO 32000-2, 14.7.5.4), without the gaps that the
 * document may have; answers the one after the last.
 */
export function keysOf({ parents, keys }: Tags, next: number): number {
  let free = next;
  for (const { key } of [...parents].sort((a, b) => a.key - b.key)) keys.set(key, free++);
  return free;
}

/** Lets pages, annotations and streams use the new keys. A key that is not in the tree goes. */
export function renumberParents({ copy, keys }: Tags): void {
  const { file } = copy.document;
  const fresh = (object: PdfObject): PdfObject | undefined => {
    const key = keys.get(numberOf(file.resolve(object)) ?? Number.NaN);
    return key === undefined ? undefined : new PdfNumber(String(key));
  };
  copy.edits.onKeys(KEYS, (edited) => {
    for (const key of KEYS) if (edited.scan.has(key)) edited.set(key, fresh(edited.get(key)));
  });
  copy.edits.onPages((edited) => {
    if (hasDirectAnnotations(edited)) renumberInPage(edited, fresh);
  });
  copy.edits.onObjects(isArrayWithKeys, (edited) => {
    const annotations = edited.object();
    if (!Array.isArray(annotations)) return;
    renumber(annotations, fresh);
    edited.whole = annotations;
  });
}

/** Whether an object is an array with annotations in it, which is as rare. */
function isArrayWithKeys({ bytes, start, end }: ObjectScan): boolean {
  if (bytes[start] !== 0x5b) return false;
  const array = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return array.includes('<<') && array.includes('StructParent');
}

/** Whether annotations may stand in the page itself, which is rare; most are referred to. */
function hasDirectAnnotations({ scan }: Edited): boolean {
  const index = scan.find('Annots');
  return index !== -1 && scan.bytes.subarray(scan.valueFrom(index), scan.valueTo(index)).includes(0x3c);
}

function renumberInPage(edited: Edited, fresh: (object: PdfObject) => PdfObject | undefined): void {
  // Another edit may have changed them already.
  const changed = edited.changes.get('Annots');
  const annotations = changed === undefined || typeof changed === 'string' ? edited.get('Annots') : changed;
  if (!Array.isArray(annotations)) return;
  renumber(annotations, fresh);
  edited.set('Annots', annotations);
}

function renumber(annotations: PdfArray, fresh: (object: PdfObject) => PdfObject | undefined): void {
  for (const annotation of annotations) {
    if (!(annotation instanceof Map)) continue;
    const key = annotation.get('StructParent');
    const value = key === undefined ? undefined : fresh(key);
    annotation.delete('StructParent');
    if (value !== undefined) annotation.set('StructParent', value);
  }
}
