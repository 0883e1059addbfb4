import type { FileWriter } from '../../file/writer.ts';
import type { PdfObject } from '../../objects/object.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import type { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { writeEntry, writeName, writeObject } from '../../syntax/write.ts';
import type { Carrier } from '../carriers.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import { writeTree } from './names-tree.ts';
import { namespaceNumber, shareNamespaces } from './structure-namespaces.ts';
import { renameClasses, renameIds, renameRoles } from './structure-names.ts';
import { keysOf, renumberParents } from './structure-parents.ts';
import { readTags, type Tags } from './structure-read.ts';
import { renameElements } from './structure-rename.ts';
import { SelectedElements } from './structure-select.ts';

/**
 * Logical structure (ISO 32000-2, 14.7): the trees of all tagged documents, in order, under one root. As it should have one
 * child (14.8.4.3), the trees of several documents stand in one `Document`.
 */
export function structure(): Carrier {
  let all: Tags[] = [];
  let next = 0;
  let root = 0;
  /** Number of the element around the trees of several documents; else the root. */
  let top = 0;
  const allocate = (writer: FileWriter): void => {
    root = writer.allocate();
    top = all.length > 1 ? writer.allocate() : root;
    // What refers to the root of a document are its children.
    for (const { copy, root: old } of all) if (old !== 0) copy.claim(old, top);
  };
  return {
    prepare(copies, writer) {
      all = [];
      next = 0;
      eachCopy(copies, (copy, index) => {
        const tags = readTags(copy, index);
        if (tags !== undefined) all.push(tags);
      });
      if (all.length === 0) return;
      // Where pages are missing, nothing may be left to write.
      if (all.some(({ copy }) => copy.selection.isWhole)) allocate(writer);
      if (all.length > 1) {
        shareNamespaces(all);
        renameRoles(all);
        renameClasses(all);
        renameIds(all);
      }
      const language = copies.map((copy) => languageOf(copy)).find((each) => each !== null) ?? null;
      for (const tags of all) {
        const { isWhole } = tags.copy.selection;
        if (isWhole) {
          tags.copy.edits.keepType('StructElem');
          next = keysOf(tags, next);
        }
        renumberParents(tags, isWhole ? undefined : () => next++);
        renameElements(tags);
        keepLanguage(tags, language);
      }
    },
    carry(copies, writer, carried) {
      if (all.length === 0) return;
      const parts = all.map((tags) => {
        return tags.copy.selection.isWhole ? undefined : new SelectedElements(tags);
      });
      if (parts.every((selected) => selected?.isEmpty === true)) return;
      if (root === 0) allocate(writer);
      const kept = all.map((tags, index): Tags => {
        const selected = parts[index];
        selected?.write(writer);
        if (selected === undefined) return tags;
        const files = tags.copy.keepsAll ? tags.files : [];
        return { ...tags, kids: selected.roots(), ids: selected.ids(), files };
      });
      write(kept, root, top, writer);
      if (top !== root) writeDocument(kept, root, top, writer);
      carried.catalog += `/StructTreeRoot ${root} 0 R${markInfo(all, copies.length)}`;
    },
  };
}

/**
 * The catalog says the language of the first document that has one, so the others say theirs below, or that it is not known
 * (ISO 32000-2, 14.9.2.2).
 */
function keepLanguage({ copy, kids }: Tags, catalog: PdfObject): void {
  const own = languageOf(copy);
  if (catalog === null || JSON.stringify(own) === JSON.stringify(catalog)) return;
  const language = own ?? new PdfString(new Uint8Array(0));
  for (const kid of kids)
    if (kid instanceof PdfReference)
      copy.edits.onObject(kid.number, (edited) => {
        if (!edited.scan.has('Lang')) edited.set('Lang', language);
      });
    else if (kid instanceof Map && !kid.has('Lang')) kid.set('Lang', language);
}

function languageOf({ document }: DocumentCopy): PdfObject {
  const language = document.file.resolve(document.catalog.get('Lang'));
  return language instanceof PdfString ? language : null;
}

/**
 * The result is marked as tagged if one document is; where a document without tags stands beside it, `Suspects` says that
 * not all of the result conforms (ISO 32000-2, table 353).
 */
function markInfo(all: readonly Tags[], documents: number): string {
  const says = (key: string): boolean => all.some(({ marks }) => marks.get(key) === true);
  const suspects = says('Suspects') || (says('Marked') && all.length < documents);
  const entries = [
    says('Marked') ? '/Marked true' : '/Marked false',
    says('UserProperties') ? '/UserProperties true' : '',
    suspects ? '/Suspects true' : '',
  ];
  return `/MarkInfo<<${entries.join('')}>>`;
}

/** The element around the trees of several documents, in the namespace of PDF 2.0 if one of them is. */
function writeDocument(all: readonly Tags[], root: number, top: number, writer: FileWriter): void {
  const namespace = all.map((tags) => namespaceNumber(tags)).find((number) => number !== 0);
  const out = writer.begin(top);
  out.ascii(`<</Type/StructElem/S/Document/P ${root} 0 R`);
  if (namespace !== undefined) out.ascii(`/NS ${namespace} 0 R`);
  writeLists(out, all, [['K', 'kids']]);
  out.ascii('>>');
  writer.end();
}

function write(all: readonly Tags[], root: number, top: number, writer: FileWriter): void {
  const parents = all.flatMap(({ copy, parents: values, keys }) =>
    [...keys].map(([old, key]) => ({
      key,
      write: (buffer: ByteBuffer) => writeObject(buffer, values.get(old) ?? null, copy),
    })),
  );
  const ids = all.flatMap(({ copy, ids: entries, newIds }) =>
    entries.map(({ key, value }) => ({
      key: newIds.get(key) ?? key,
      write: (buffer: ByteBuffer) => writeObject(buffer, value, copy),
    })),
  );
  const parentTree = parents.length > 0 ? writeTree(writer, parents) : 0;
  const idTree = ids.length > 0 ? writeTree(writer, ids) : 0;
  const out = writer.begin(root);
  out.ascii('<</Type/StructTreeRoot');
  if (top !== root) out.ascii(`/K ${top} 0 R`);
  else writeLists(out, all, [['K', 'kids']]);
  writeLists(out, all, ROOT_LISTS);
  if (parentTree !== 0) out.ascii(`/ParentTree ${parentTree} 0 R/ParentTreeNextKey ${parents.length}`);
  if (idTree !== 0) out.ascii(`/IDTree ${idTree} 0 R`);
  writeRoles(out, all);
  writeClasses(out, all);
  out.ascii('>>');
  writer.end();
}

type ListKey = 'kids' | 'namespaces' | 'lexicons' | 'files';

const ROOT_LISTS: readonly (readonly [key: string, list: ListKey])[] = [
  ['Namespaces', 'namespaces'],
  ['PronunciationLexicon', 'lexicons'],
  ['AF', 'files'],
];

/** Writes the lists of all documents, one after another; an object that documents share once. */
function writeLists(
  out: ByteBuffer,
  all: readonly Tags[],
  lists: readonly (readonly [key: string, list: ListKey])[],
): void {
  for (const [key, list] of lists) {
    if (all.every((tags) => tags[list].length === 0)) continue;
    const written = new Set<number>([0]);
    out.ascii(`/${key}[`);
    for (const tags of all)
      for (const object of tags[list]) {
        const { copy } = tags;
        if (object instanceof PdfReference) {
          const number = copy.reference(object.number, object.generation);
          if (written.has(number)) continue;
          written.add(number);
        }
        writeObject(out, object, copy);
        out.byte(32);
      }
    out.ascii(']');
  }
}

function writeRoles(out: ByteBuffer, all: readonly Tags[]): void {
  const roles = new Map<string, string>();
  for (const { roles: own, newRoles } of all)
    for (const [from, to] of own) {
      const name = newRoles.get(from) ?? from;
      if (!roles.has(name)) roles.set(name, newRoles.get(to) ?? to);
    }
  if (roles.size === 0) return;
  out.ascii('/RoleMap<<');
  for (const [from, to] of roles) {
    writeName(out, from);
    writeObject(out, new PdfName(to), { reference: () => 0 });
  }
  out.ascii('>>');
}

function writeClasses(out: ByteBuffer, all: readonly Tags[]): void {
  const written = new Set<string>();
  if (all.every(({ classes }) => classes.size === 0)) return;
  out.ascii('/ClassMap<<');
  for (const { copy, classes, newClasses } of all)
    for (const [own, value] of classes) {
      const name = newClasses.get(own) ?? own;
      if (!written.has(name)) writeEntry(out, name, value, copy);
      written.add(name);
    }
  out.ascii('>>');
}
