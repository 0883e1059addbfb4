import { PdfString } from '../../objects/string.ts';
import { textOfString } from '../../syntax/text-string.ts';
import type { Field, FieldTree } from './forms-read.ts';

/**
 * Gives each document's root fields names that no earlier document has (ISO 32000-2, 12.7.4.2): `name` of document 3
 * becomes `name~3`, or the next number that is free. Names below the root stay.
 */
export function renameFields(trees: readonly (FieldTree | undefined)[]): void {
  const taken = new Set<string>();
  for (const [index, tree] of trees.entries()) {
    if (tree === undefined) continue;
    const roots = tree.roots.flatMap((field) => {
      const name = nameOfField(tree, field);
      return name === undefined ? [] : [{ field, name }];
    });
    const own = new Set(roots.map(({ name }) => textOfString(name.bytes)));
    const suffixes = new Map<string, string>();
    for (const text of own) if (taken.has(text)) suffixes.set(text, suffix(text, index + 1, taken, own));
    for (const { field, name } of roots) {
      const added = suffixes.get(textOfString(name.bytes));
      if (added !== undefined) tree.change(field, 'T', withSuffix(name, added));
    }
    for (const text of own) taken.add(text + (suffixes.get(text) ?? ''));
  }
}

function nameOfField(tree: FieldTree, { dictionary }: Field): PdfString | undefined {
  const name = tree.copy.document.file.resolve(dictionary.get('T'));
  return name instanceof PdfString ? name : undefined;
}

function suffix(text: string, from: number, taken: ReadonlySet<string>, own: ReadonlySet<string>): string {
  let number = from;
  while (taken.has(`${text}~${number}`) || own.has(`${text}~${number}`)) number++;
  return `~${number}`;
}

function withSuffix({ bytes }: PdfString, added: string): PdfString {
  const isWide = bytes[0] === 0xfe && bytes[1] === 0xff;
  const codes = [...added].flatMap((character) => {
    const code = character.charCodeAt(0);
    return isWide ? [0, code] : [code];
  });
  // Half a character at the end would swallow the first of ours.
  const whole = isWide ? bytes.subarray(0, bytes.length & ~1) : bytes;
  return new PdfString(Uint8Array.from([...whole, ...codes]));
}
