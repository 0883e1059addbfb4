import type { FileWriter } from '../../file/writer.ts';
import { writeObject } from '../../syntax/write.ts';
import type { DocumentCopy } from '../copy.ts';
import { isWidget, type Field, type FieldTree } from './forms-read.ts';

/** Entries of a field, not of its widgets (ISO 32000-2, 12.7.4). */
const FIELD_KEYS = 'FT T TU TM Ff V DV DA Q DS RV MaxLen Opt TI I Lock SV AA'.split(' ');

/**
 * Gives the fields of pages that come more than once the widgets of all of them: the same field, of the same value, on each.
 * A field that is its own widget becomes one with widgets.
 */
export function addRepeatedWidgets(tree: FieldTree, copy: DocumentCopy, writer: FileWriter): void {
  const split = new Map<Field, Field>();
  for (const selected of copy.selection.pages) {
    if (!selected.isRepeat) continue;
    for (const [old, number] of copy.repeatOf(selected).annotations) {
      const node = tree.find(old);
      if (node === undefined || !tree.holds(old) || !isWidget(node)) continue;
      let field = split.get(node) ?? node.parent;
      if (field === undefined || (node.dictionary.has('T') && !split.has(node))) {
        field = tree.split(node, writer.allocate(), FIELD_KEYS);
        split.set(node, field);
      }
      tree.addWidget(field, number);
    }
  }
}

/** Writes the fields that the tree needs besides those of the document. */
export function writeMade(tree: FieldTree, copy: DocumentCopy, writer: FileWriter): void {
  for (const [number, { dictionary }] of tree.made) {
    writeObject(writer.begin(number), dictionary, copy);
    writer.end();
  }
}
