import type { PdfArray, PdfDictionary, PdfObject } from '../../objects/object.ts';
import type { ObjectScan } from '../../syntax/object-scan.ts';
import type { Edited } from '../edits.ts';

/**
 * Rewrites an object that is being copied. Of a dictionary only the entries are built whose keys `keysOf` picks; `rewrite`
 * sees them as one dictionary and answers the same object where nothing changes; what it leaves out of the dictionary goes.
 */
export function changeEntries(
  object: Edited,
  keysOf: (scan: ObjectScan) => readonly string[],
  rewrite: (value: PdfObject) => PdfObject,
): void {
  if (!object.scan.isDictionary) {
    const value = object.object();
    const fresh = rewrite(value);
    if (fresh !== value) object.whole = fresh;
    return;
  }
  const values: PdfDictionary = new Map(keysOf(object.scan).map((key) => [key, object.get(key)]));
  const fresh = rewrite(values) as PdfDictionary;
  for (const [key, each] of fresh) if (each !== values.get(key)) object.set(key, each);
  for (const key of values.keys()) if (!fresh.has(key)) object.set(key, undefined);
}

/** An array with each element changed; the same array where none does. */
export function mapped(array: PdfArray, change: (each: PdfObject) => PdfObject): PdfArray {
  let changed: PdfArray | undefined;
  for (const [index, old] of array.entries()) {
    const fresh = change(old);
    if (fresh === old) continue;
    changed ??= [...array];
    changed[index] = fresh;
  }
  return changed ?? array;
}
