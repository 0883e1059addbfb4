import { PdfName } from '../objects/name.ts';
import { nameOf, type PdfDictionary, type PdfObject } from '../objects/object.ts';
import type { DocumentCopy } from './copy.ts';
import type { Edited } from './edits.ts';

/**
 * Gives the streams of a file that will be encrypted as a whole the Crypt filters that they need there (ISO 32000-2, 7.4.10):
 * none, since those that they have mean filters of the old file; but Identity for metadata that stay in the clear, as some
 * readers heed /EncryptMetadata, and others the filter alone.
 */
export function setCryptFilters(copy: DocumentCopy, encryptMetadata: boolean): void {
  copy.edits.onObjects(
    (scan) => scan.find('Filter') !== -1 || (!encryptMetadata && scan.isName('Type', 'Metadata')),
    (object) => {
      const isClear = !encryptMetadata && object.scan.isName('Type', 'Metadata');
      if (!isClear && !hasCryptFilter(object)) return;
      const dictionary = object.object();
      if (!(dictionary instanceof Map)) return;
      const plain = copy.document.file.withoutCryptFilter(dictionary);
      const filters = listOf(object, plain.get('Filter'));
      const parameters = listOf(object, plain.get('DecodeParms'));
      if (isClear) {
        // One for each filter, so that those of the others stay with them.
        while (parameters.length < filters.length) parameters.push(null);
        filters.unshift(new PdfName('Crypt'));
        parameters.unshift(identity());
      }
      object.set('Filter', filters.length === 0 ? undefined : filters);
      object.set('DecodeParms', parameters.length === 0 ? undefined : parameters);
    },
  );
}

function hasCryptFilter(object: Edited): boolean {
  const [first = null] = listOf(object, object.get('Filter'));
  return nameOf(object.resolve(first)) === 'Crypt';
}

/** The elements of an array, or what stands in the place of one. */
function listOf(object: Edited, value: PdfObject | undefined): PdfObject[] {
  const list = object.resolve(value ?? null);
  if (Array.isArray(list)) return [...list];
  return list === null ? [] : [list];
}

function identity(): PdfDictionary {
  return new Map([
    ['Type', new PdfName('CryptFilterDecodeParms')],
    ['Name', new PdfName('Identity')],
  ]);
}
