import { numberOf } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfName } from '../../objects/name.ts';
import { isWidget, type Field, type FieldTree } from './forms-read.ts';

/** Bits of /F (ISO 32000-2, 12.5.3). */
const HIDDEN = 2;
const READ_ONLY = 64;

/** Entries of a field, and of a widget that is no mere picture. */
const DROPPED = 'FT T TU TM Ff V DV AA DA Q DS RV Parent Kids Lock SV MK H A DR'.split(' ');

/**
 * Takes signed fields out of the tree: a signature cannot survive (ISO 32000-2, 12.8.1). Their widgets stay as stamps that
 * look the same. A field that is not signed yet stays; answers whether there is one.
 */
export function dropSignatures(tree: FieldTree): boolean {
  const fields = [...tree.nodes()].filter(({ type }) => type === 'Sig');
  const signed = new Set<Field>();
  // Parents come first.
  for (const field of fields)
    if (tree.hasValue(field) || (field.parent !== undefined && signed.has(field.parent))) signed.add(field);
  for (const field of signed) {
    tree.remove(field);
    if (isWidget(field)) stamp(tree, field);
  }
  if (signed.size > 0)
    tree.document.file.reading.warnings.add(
      'A signature does not survive: its field was removed, and what it looks like was kept.',
    );
  return fields.length > signed.size;
}

function stamp(tree: FieldTree, field: Field): void {
  const flags = numberOf(tree.document.file.resolve(field.dictionary.get('F'))) ?? 0;
  // A stamp without an appearance would be given one by readers.
  const kept = flags | READ_ONLY | (isVisible(tree, field) ? 0 : HIDDEN);
  for (const key of DROPPED) if (field.dictionary.has(key)) tree.change(field, key, undefined);
  tree.change(field, 'F', new PdfNumber(String(kept)));
  tree.change(field, 'Subtype', new PdfName('Stamp'));
}

function isVisible(tree: FieldTree, { dictionary }: Field): boolean {
  const { file } = tree.document;
  const appearance = file.resolve(dictionary.get('AP'));
  const normal = appearance instanceof Map ? file.resolve(appearance.get('N')) : null;
  const rectangle = file.resolve(dictionary.get('Rect'));
  if (normal === null || !Array.isArray(rectangle)) return false;
  const [left, bottom, right, top] = rectangle.map((each) => numberOf(file.resolve(each)) ?? 0);
  return left !== right && bottom !== top;
}
