import { PdfReference } from '../../objects/reference.ts';
import type { PdfObject } from '../../objects/object.ts';
import { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { writeObject } from '../../syntax/write.ts';
import { UniqueNames } from './names-unique.ts';
import type { Tags } from './structure-read.ts';

/** Roles mapped to roles that are followed. */
const HOPS_MAX = 32;

/** Standard structure types (ISO 32000-2, 14.8.4, and those of PDF 1.7), which mean something without a map. */
const STANDARD = new Set(
  (
    'Document DocumentFragment Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private Aside Title ' +
    'FENote Sub P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference ' +
    'BibEntry Code Link Annot Ruby Warichu RB RT RP WT WP Figure Formula Form Em Strong Artifact'
  ).split(' '),
);

/**
 * Finds the roles that documents map differently (ISO 32000-2, 14.7.3): `Role` of document 3 becomes `Role~3`. One that is
 * a standard type elsewhere is renamed in any document that maps it, for in the others it would change its meaning.
 */
export function renameRoles(all: readonly Tags[]): void {
  const meanings = new Map<string, string>();
  const used = new Set(all.flatMap(({ roles }) => [...roles.keys(), ...roles.values()]));
  for (const tags of all)
    for (const from of tags.roles.keys()) {
      const meaning = finalRole(tags, from);
      const known = meanings.get(from);
      const isStandardElsewhere = STANDARD.has(from) && all.some((each) => finalRole(each, from) !== meaning);
      if (known === undefined && !isStandardElsewhere) meanings.set(from, meaning);
      else if (isStandardElsewhere || known !== meaning)
        tags.newRoles.set(from, free(from, tags.index, used));
    }
}

function finalRole({ roles }: Tags, from: string): string {
  let role = from;
  for (let hop = 0; hop < HOPS_MAX && roles.has(role); hop++) role = roles.get(role)!;
  return role;
}

/** Finds the classes of attributes that documents define differently (ISO 32000-2, 14.7.6.2). */
export function renameClasses(all: readonly Tags[]): void {
  const texts = new Map<string, string | undefined>();
  const used = new Set(all.flatMap(({ classes }) => [...classes.keys()]));
  for (const { index, classes, newClasses } of all)
    for (const [name, value] of classes) {
      const text = textOf(value);
      if (!texts.has(name)) texts.set(name, text);
      else if (text === undefined || text !== texts.get(name)) newClasses.set(name, free(name, index, used));
    }
}

/** A text that is the same for the same attributes; undefined where it takes other objects to tell. */
function textOf(value: PdfObject): string | undefined {
  if (value instanceof PdfReference) return undefined;
  const out = new ByteBuffer(256);
  let refers = false;
  const reference = (): number => {
    refers = true;
    return 0;
  };
  writeObject(out, value, { reference });
  return refers ? undefined : Buffer.from(out.view()).toString('latin1');
}

/** Finds the ids that an earlier document has too (ISO 32000-2, 14.7.2, /IDTree): `id` becomes `id~2`. */
export function renameIds(all: readonly Tags[]): void {
  const names = new UniqueNames();
  for (const { ids, newIds } of all)
    for (const { key } of ids) {
      const name = names.take(key);
      if (name !== key) newIds.set(key, name);
    }
}

function free(name: string, index: number, used: Set<string>): string {
  let number = index + 1;
  while (used.has(`${name}~${number}`)) number++;
  used.add(`${name}~${number}`);
  return `${name}~${number}`;
}
