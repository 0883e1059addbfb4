import { nameOf } from '../objects/object.ts';
import type { DocumentCopy } from './copy.ts';

/**
 * Takes the Crypt filters (ISO 32000-2, 7.4.10) off streams on their way into a file that is encrypted as a whole: there
 * they would mean filters of that file, or leave data in the clear.
 */
export function dropCryptFilters(copy: DocumentCopy): void {
  copy.edits.onKeys(['Filter'], (object) => {
    const filter = object.resolve(object.get('Filter'));
    if (nameOf(Array.isArray(filter) ? object.resolve(filter[0] ?? null) : filter) !== 'Crypt') return;
    const dictionary = object.object();
    if (!(dictionary instanceof Map)) return;
    const without = copy.document.file.withoutCryptFilter(dictionary);
    for (const key of ['Filter', 'DecodeParms']) object.set(key, without.get(key));
  });
}
