import { PdfName } from '../objects/name.ts';
import { PdfNumber } from '../objects/number.ts';
import { numberOf, type PdfDictionary } from '../objects/object.ts';
import type { DocumentCopy } from './copy.ts';

/** The prefix of Adobe, whose extension level 8 of PDF 1.7 has AES with 256 bits as PDF 2.0 has it. */
const PREFIX = 'ADBE';
const LEVEL = 8;

/** Makes the catalog say that the document goes by that extension of PDF 1.7 (ISO 32000-2, 7.12), or a higher one. */
export function declareExtension(copy: DocumentCopy): void {
  copy.edits.onObject(copy.document.root, (catalog) => {
    const found = catalog.resolve(catalog.get('Extensions'));
    const extensions: PdfDictionary = new Map(found instanceof Map ? found : []);
    const other = catalog.resolve(extensions.get(PREFIX) ?? null);
    const level =
      other instanceof Map ? numberOf(catalog.resolve(other.get('ExtensionLevel') ?? null)) : undefined;
    if ((level ?? 0) >= LEVEL) return;
    const own: PdfDictionary = new Map();
    own.set('BaseVersion', new PdfName('1.7'));
    own.set('ExtensionLevel', new PdfNumber(String(LEVEL)));
    catalog.set('Extensions', extensions.set(PREFIX, own));
  });
}
