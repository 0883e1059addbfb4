import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfString } from '../../objects/string.ts';
import type { DocumentCopy } from '../copy.ts';
import { changed, mapped, onMentions, withEntries } from './entries-change.ts';
import { renamedField, renamedName, type Suffixes } from './forms-names.ts';
import { renamedScript } from './scripts.ts';

/** Functions of scripts whose arguments name fields. */
const FUNCTIONS = new Set([
  'getField',
  'removeField',
  'resetForm',
  'submitForm',
  'mailForm',
  'AFSimple_Calculate',
]);
const MISSED = 'A script may name a field that was renamed; it was not changed there.';
/** Keys and actions that name fields. */
const MENTIONED = { words: ['/Fields', '/Hide', '/JS'], keys: ['S', 'T', 'Fields', 'JS'] };

/** Names of fields in the actions of one document (ISO 32000-2, 12.7.6 and 12.6.4.11) and in its scripts. */
export class FieldUses {
  readonly #suffixes = new Map<DocumentCopy, Suffixes>();

  /** Lets what is copied of a document use the new names of its fields. */
  prepare(copy: DocumentCopy, suffixes: Suffixes): void {
    if (suffixes.size === 0) return;
    this.#suffixes.set(copy, suffixes);
    onMentions(copy.edits, MENTIONED, (dictionary) => renamed(copy, suffixes, dictionary));
  }

  /** A value of a document with the names of fields in it as they are in the result. The same object if nothing changes. */
  rewrite(copy: DocumentCopy, value: PdfObject): PdfObject {
    const suffixes = this.#suffixes.get(copy);
    return suffixes === undefined
      ? value
      : changed(value, (dictionary) => renamed(copy, suffixes, dictionary));
  }
}

function renamed(copy: DocumentCopy, suffixes: Suffixes, dictionary: PdfDictionary): PdfDictionary {
  const isHide = nameOf(copy.document.file.resolve(dictionary.get('S'))) === 'Hide';
  return withEntries(dictionary, ['Fields', 'JS', ...(isHide ? ['T'] : [])], (value, key) =>
    key === 'JS'
      ? renamedScript(copy, value, FUNCTIONS, (name) => renamedName(name, suffixes), MISSED)
      : names(copy, suffixes, value),
  );
}

/** One name or an array of names; references to fields stay. */
function names(copy: DocumentCopy, suffixes: Suffixes, entry: PdfObject): PdfObject {
  const object = copy.document.file.resolve(entry);
  if (object instanceof PdfString) return renamedField(object, suffixes) ?? entry;
  if (!Array.isArray(object)) return entry;
  const fresh = mapped(object, (each) => {
    const name = copy.document.file.resolve(each);
    return name instanceof PdfString ? (renamedField(name, suffixes) ?? each) : each;
  });
  return fresh === object ? entry : fresh;
}
