import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { textOfString } from '../../syntax/text-string.ts';
import type { DocumentCopy } from '../copy.ts';
import { onDirectAnnotations } from './annotations-direct.ts';
import { freeSuffix, renamedField, type Suffixes } from './forms-names.ts';

/** How far /Parent is followed upwards. */
const LEVELS_MAX = 100;

/**
 * Fields that are in no form: widgets that stand in their page, and all of a document without a form. They stay so, but
 * readers may take two of one name for one field, so they are renamed by the same rule.
 */
export class LooseFields {
  /** Names of root fields of all documents. */
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /**
   * Renames the loose fields of a document, at an index, while they are copied. `own` says what is added to the names of its
   * form, if it has one, for these are the same fields.
   */
  prepare(copy: DocumentCopy, index: number, own: Suffixes | undefined): void {
    const { edits, document } = copy;
    const suffixes = new Map(own);
    /** The new name of a root field; the same for all of one name in one document. */
    const fresh = (field: PdfDictionary): PdfString | undefined => {
      const name = document.file.resolve(field.get('T'));
      if (!(name instanceof PdfString)) return undefined;
      const text = textOfString(name.bytes);
      if (!suffixes.has(text)) {
        suffixes.set(text, this.#taken.has(text) ? freeSuffix(text, index + 1, this.#taken) : '');
        this.#taken.add(text + suffixes.get(text));
      }
      return suffixes.get(text) === '' ? undefined : renamedField(name, suffixes);
    };
    onDirectAnnotations(edits, 'Widget', (annotation) => {
      if (nameOf(annotation.get('Subtype')) !== 'Widget' || annotation.has('Parent')) return;
      const name = fresh(annotation);
      if (name !== undefined) annotation.set('T', name);
    });
    if (own !== undefined) return;
    const seen = new Set<number>();
    edits.onObjects(
      (scan) => scan.isName('Subtype', 'Widget'),
      (object) => {
        const [root, field] = rootOf(copy, object.number, object.object());
        if (seen.has(root) || field === undefined) return;
        seen.add(root);
        const name = fresh(field);
        if (name === undefined) return;
        if (root === object.number) object.set('T', name);
        else edits.onObject(root, (edited) => edited.set('T', name));
      },
    );
  }
}

/** The topmost field above a widget: its number and dictionary. */
function rootOf(
  { document: { file, framework } }: DocumentCopy,
  start: number,
  widget: PdfObject,
): [number, PdfDictionary | undefined] {
  let number = start;
  let field = widget instanceof Map ? widget : undefined;
  for (let level = 0; level < LEVELS_MAX; level++) {
    const parent = field?.get('Parent');
    const above = parent instanceof PdfReference ? file.resolve(parent) : null;
    if (!(parent instanceof PdfReference) || !(above instanceof Map) || framework.has(parent.number)) break;
    number = parent.number;
    field = above;
  }
  return [number, field];
}
