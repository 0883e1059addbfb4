import { numberOf } from '../objects/object.ts';
import type { Document } from './document.ts';

/** Bit 1 of /SigFlags: the document has a signature (ISO 32000-2, table 225). */
const SIGNATURES_EXIST = 1;

/** Whether a document says that it is signed, by its form or as a whole (ISO 32000-2, 12.8). */
export function isSigned({ file, catalog }: Document): boolean {
  const form = file.resolve(catalog.get('AcroForm'));
  const flags = form instanceof Map ? numberOf(file.resolve(form.get('SigFlags'))) : undefined;
  const permissions = file.resolve(catalog.get('Perms'));
  return ((flags ?? 0) & SIGNATURES_EXIST) !== 0 || (permissions instanceof Map && permissions.size > 0);
}
