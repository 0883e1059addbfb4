import { PdfString } from '../../objects/string.ts';
import { encodedAs, textOfString } from '../../syntax/text-string.ts';
import type { Field, FieldTree } from './forms-read.ts';

/** What is added to the names of root fields that change, by the old name. */
export type Suffixes = ReadonlyMap<string, string>;

/**
 * Gives each document's root fields names that no earlier document has (ISO 32000-2, 12.7.4.2): `name` of document 3
 * becomes `name~3`, or the next number that is free. Names below the root stay. Answers what was added, for each tree.
 */
export function renameFields(trees: readonly (FieldTree | undefined)[]): Suffixes[] {
  const taken = new Set<string>();
  return trees.map((tree, index) => {
    const suffixes = new Map<string, string>();
    if (tree === undefined) return suffixes;
    const roots = tree.roots.flatMap((field) => {
      const name = nameOfField(tree, field);
      return name === undefined ? [] : [{ field, name }];
    });
    const own = new Set(roots.map(({ name }) => textOfString(name.bytes)));
    for (const text of own) if (taken.has(text)) suffixes.set(text, freeSuffix(text, index + 1, taken, own));
    for (const { field, name } of roots) {
      const fresh = renamedField(name, suffixes);
      if (fresh !== undefined) tree.change(field, 'T', fresh);
    }
    for (const text of own) taken.add(text + (suffixes.get(text) ?? ''));
    return suffixes;
  });
}

/** The names of the root fields of some trees, as they are in the result. */
export function rootNames(trees: readonly (FieldTree | undefined)[]): string[] {
  return trees.flatMap((tree) =>
    (tree?.roots ?? []).flatMap((field) => {
      const name = nameOfField(tree!, field);
      return name === undefined ? [] : textOfString(name.bytes);
    }),
  );
}

function nameOfField(tree: FieldTree, { dictionary }: Field): PdfString | undefined {
  const name = tree.document.file.resolve(dictionary.get('T'));
  return name instanceof PdfString ? name : undefined;
}

/** What is added to a name that is taken: `~3` in document 3, or the next number that is free. */
export function freeSuffix(
  text: string,
  from: number,
  taken: ReadonlySet<string>,
  own: ReadonlySet<string> = taken,
): string {
  let number = from;
  while (taken.has(`${text}~${number}`) || own.has(`${text}~${number}`)) number++;
  return `~${number}`;
}

/** The new name of a field by its full name, `root.kid`; undefined where it stays. */
export function renamedName(name: string, suffixes: Suffixes): string | undefined {
  const whole = suffixes.get(name);
  if (whole !== undefined) return name + whole;
  const dot = name.indexOf('.');
  const root = dot === -1 ? undefined : suffixes.get(name.slice(0, dot));
  return root === undefined ? undefined : name.slice(0, dot) + root + name.slice(dot);
}

/** Likewise for a string of the file, in its own encoding. */
export function renamedField({ bytes }: PdfString, suffixes: Suffixes): PdfString | undefined {
  const name = renamedName(textOfString(bytes), suffixes);
  return name === undefined ? undefined : new PdfString(encodedAs(bytes, name));
}
