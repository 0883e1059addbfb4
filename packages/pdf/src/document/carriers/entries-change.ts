import type { PdfArray, PdfDictionary, PdfObject } from '../../objects/object.ts';
import type { ObjectScan } from '../../syntax/object-scan.ts';
import type { Edited, Edits } from '../edits.ts';

/** Answers what a dictionary becomes: the same one where nothing changes. */
export type Change = (dictionary: PdfDictionary) => PdfDictionary;

/** How objects are found in which something may change, by their bytes: most have none and are copied as they are. */
export interface Mentioned {
  /** What stands in the bytes of such an object. */
  readonly words: readonly string[];
  /** Keys whose values may change, or say whether others do. */
  readonly keys: readonly string[];
}

/** Adds an edit of all dictionaries, at any depth of any object, that mention something. */
export function onMentions(edits: Edits, { words, keys }: Mentioned, change: Change): void {
  const isMentioned = (bytes: Uint8Array, from: number, to: number): boolean => {
    const range = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
    // A name may be written with escapes.
    return words.some((word) => range.includes(word)) || range.includes('#');
  };
  const keysOf = (scan: ObjectScan): string[] => {
    const found: string[] = [];
    for (let index = 0; index < scan.count; index++) {
      const key = scan.key(index);
      if (keys.includes(key) || isMentioned(scan.bytes, scan.valueFrom(index), scan.valueTo(index)))
        found.push(key);
    }
    return found;
  };
  edits.onObjects(
    ({ bytes, start, end }) => isMentioned(bytes, start, end),
    (object) => changeEntries(object, keysOf, (value) => changed(value, change)),
  );
}

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

/** A value with all dictionaries in it changed, the outermost last; the same object where none is. */
export function changed(value: PdfObject, change: Change): PdfObject {
  if (Array.isArray(value)) return mapped(value, (each) => changed(each, change));
  if (!(value instanceof Map)) return value;
  let inside = value;
  for (const [key, old] of value) {
    const fresh = changed(old, change);
    if (fresh === old) continue;
    if (inside === value) inside = new Map(value);
    inside.set(key, fresh);
  }
  return change(inside);
}

/** A dictionary with some entries changed; the same where `change` answers the same objects. */
export function withEntries(
  dictionary: PdfDictionary,
  keys: readonly string[],
  change: (value: PdfObject, key: string) => PdfObject,
): PdfDictionary {
  let result = dictionary;
  for (const key of keys) {
    const old = dictionary.get(key);
    const fresh = old === undefined ? old : change(old, key);
    if (fresh === old || fresh === undefined) continue;
    if (result === dictionary) result = new Map(dictionary);
    result.set(key, fresh);
  }
  return result;
}

/** An array with each element changed; the same array where none is. */
export function mapped(array: PdfArray, change: (each: PdfObject) => PdfObject): PdfArray {
  let result: PdfArray | undefined;
  for (const [index, old] of array.entries()) {
    const fresh = change(old);
    if (fresh === old) continue;
    result ??= [...array];
    result[index] = fresh;
  }
  return result ?? array;
}
