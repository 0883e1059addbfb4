import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { isWidget, type Field, type FieldTree } from './forms-read.ts';

/** Appearances up to this size are looked into. */
const APPEARANCE_BYTES_MAX = 1024 * 1024;

/**
 * Whether a form has a widget whose text cannot be seen unless readers draw it: the field has a value, and the appearance of
 * the widget shows no text, or there is none.
 */
export function lacksAppearances(tree: FieldTree): boolean {
  const valued = new Set<Field>();
  // Parents come first, and values are theirs too.
  for (const field of tree.nodes()) {
    const hasValue = hasText(tree, field) || (field.parent !== undefined && valued.has(field.parent));
    if (!hasValue) continue;
    valued.add(field);
    const isText = field.type === 'Tx' || field.type === 'Ch';
    if (isText && isWidget(field) && !showsText(tree, field)) return true;
  }
  return false;
}

function hasText({ document }: FieldTree, { dictionary }: Field): boolean {
  const value = document.file.resolve(dictionary.get('V'));
  return value instanceof PdfString ? value.bytes.length > 0 : value !== null;
}

function showsText({ document }: FieldTree, { dictionary }: Field): boolean {
  const { file } = document;
  const appearance = file.resolve(dictionary.get('AP'));
  const normal = appearance instanceof Map ? appearance.get('N') : undefined;
  if (!(normal instanceof PdfReference)) return false;
  const content = file.decodedStream(normal, APPEARANCE_BYTES_MAX);
  // What is drawn by another object, or cannot be read, may well be text.
  return content === undefined || /\b(?:Tj|TJ|Do)\b|['"]/.test(Buffer.from(content).toString('latin1'));
}
