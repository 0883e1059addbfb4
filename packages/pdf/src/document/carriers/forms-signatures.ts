import { nameOf, numberOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfName } from '../../objects/name.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document } from '../document.ts';
import { onDirectAnnotations } from './annotations-direct.ts';
import { isWidget, type Field, type FieldTree } from './forms-read.ts';

/** Bits of /F (ISO 32000-2, 12.5.3). */
const HIDDEN = 2;
const READ_ONLY = 64;

/** How far /Parent is followed upwards. */
const LEVELS_MAX = 100;

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
    if (isWidget(field))
      stamp(tree.document, field.dictionary, (key, value) => tree.change(field, key, value));
  }
  if (signed.size > 0) warn(tree.document);
  return fields.length > signed.size;
}

/**
 * Likewise for widgets of signatures that are in no form: those that stand in their page, and all of a document without a
 * form.
 */
export function dropLooseSignatures({ document, edits }: DocumentCopy, hasForm: boolean): void {
  const isSigned = (widget: PdfDictionary): boolean =>
    nameOf(document.file.resolve(widget.get('Subtype'))) === 'Widget' && isSignature(document, widget);
  onDirectAnnotations(edits, 'Widget', (annotation) => {
    if (!isSigned(annotation)) return;
    warn(document);
    stamp(document, annotation, (key, value) =>
      value === undefined ? annotation.delete(key) : annotation.set(key, value),
    );
  });
  if (hasForm) return;
  edits.onObjects(
    (scan) => scan.isName('Subtype', 'Widget'),
    (object) => {
      const widget = object.object();
      if (!(widget instanceof Map) || !isSigned(widget)) return;
      warn(document);
      stamp(document, widget, (key, value) => object.set(key, value));
    },
  );
}

/** Whether a widget, or a field above it, has the value of a signature. */
function isSignature({ file }: Document, widget: PdfDictionary): boolean {
  let field: PdfObject = widget;
  for (let level = 0; field instanceof Map && level < LEVELS_MAX; level++) {
    const value = file.resolve(field.get('V'));
    if (value !== null) return value instanceof Map && value.has('ByteRange');
    field = file.resolve(field.get('Parent'));
  }
  return false;
}

function warn({ file }: Document): void {
  file.reading.warnings.add(
    'A signature does not survive: its field was removed, and what it looks like was kept.',
  );
}

function stamp(
  document: Document,
  widget: PdfDictionary,
  change: (key: string, value: PdfObject | undefined) => void,
): void {
  const flags = numberOf(document.file.resolve(widget.get('F'))) ?? 0;
  // A stamp without an appearance would be given one by readers.
  const kept = flags | READ_ONLY | (isVisible(document, widget) ? 0 : HIDDEN);
  for (const key of DROPPED) if (widget.has(key)) change(key, undefined);
  change('F', new PdfNumber(String(kept)));
  change('Subtype', new PdfName('Stamp'));
}

function isVisible({ file }: Document, dictionary: PdfDictionary): boolean {
  const appearance = file.resolve(dictionary.get('AP'));
  const normal = appearance instanceof Map ? file.resolve(appearance.get('N')) : null;
  const rectangle = file.resolve(dictionary.get('Rect'));
  if (normal === null || !Array.isArray(rectangle)) return false;
  const [left, bottom, right, top] = rectangle.map((each) => numberOf(file.resolve(each)) ?? 0);
  return left !== right && bottom !== top;
}
