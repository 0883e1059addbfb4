import type { PdfFile } from '../../file/file.ts';
import type { FileWriter } from '../../file/writer.ts';
import type { PdfArray, PdfObject } from '../../objects/object.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import type { ByteBuffer } from '../../syntax/byte-buffer.ts';
import { writeString } from '../../syntax/write.ts';
import { bytesOfText, textOfBytes } from './names-unique.ts';

/** Entries of a leaf, and kids of a node. */
const FANOUT = 64;
/** Levels of a tree that are read. */
const DEPTH_MAX = 64;

/** An entry of a name tree (key: text of one character for each byte) or of a number tree. */
export interface TreeEntry<Key extends string | number> {
  readonly key: Key;
  /** As it stands, in terms of the old file. */
  readonly value: PdfObject;
}

/** The entries of a name tree (ISO 32000-2, 7.9.6) in the order of the file; of equal keys the first. */
export function readNameTree(file: PdfFile, root: PdfObject): TreeEntry<string>[] {
  return readTree(file, root, 'Names', (key) =>
    key instanceof PdfString ? textOfBytes(key.bytes) : undefined,
  );
}

/** The entries of a number tree (ISO 32000-2, 7.9.7) in the order of the file; of equal keys the first. */
export function readNumberTree(file: PdfFile, root: PdfObject): TreeEntry<number>[] {
  return readTree(file, root, 'Nums', (key) =>
    key instanceof PdfNumber && Number.isSafeInteger(key.value) ? key.value : undefined,
  );
}

function readTree<Key extends string | number>(
  file: PdfFile,
  root: PdfObject,
  leaves: string,
  keyOf: (object: PdfObject) => Key | undefined,
): TreeEntry<Key>[] {
  const { warnings, work } = file.reading;
  const entries = new Map<Key, TreeEntry<Key>>();
  const seen = new Set<number>();
  const stack: { readonly kids: PdfArray; next: number }[] = [{ kids: [root], next: 0 }];
  while (stack.length > 0) {
    const level = stack.at(-1)!;
    if (level.next === level.kids.length) {
      stack.pop();
      continue;
    }
    const kid = level.kids[level.next++]!;
    work.spend(16);
    if (kid instanceof PdfReference) {
      if (seen.has(kid.number)) {
        warnings.add('A tree of names or numbers was a loop.');
        continue;
      }
      seen.add(kid.number);
    }
    const node = file.resolve(kid);
    if (!(node instanceof Map)) continue;
    readLeaf(file.resolve(node.get(leaves)), file, keyOf, entries);
    const kids = file.resolve(node.get('Kids'));
    if (!Array.isArray(kids)) continue;
    if (stack.length < DEPTH_MAX) stack.push({ kids, next: 0 });
    else warnings.add('A tree of names or numbers was too deep.');
  }
  return [...entries.values()];
}

function readLeaf<Key extends string | number>(
  pairs: PdfObject,
  file: PdfFile,
  keyOf: (object: PdfObject) => Key | undefined,
  entries: Map<Key, TreeEntry<Key>>,
): void {
  if (!Array.isArray(pairs)) return;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const key = keyOf(file.resolve(pairs[at]));
    if (key !== undefined && !entries.has(key)) entries.set(key, { key, value: pairs[at + 1]! });
  }
}

/** An entry that is to be written. */
export interface NewEntry<Key extends string | number> {
  readonly key: Key;
  /** Writes the value. */
  readonly write: (out: ByteBuffer) => void;
}

/** A node that was written. */
interface Written<Key> {
  readonly number: number;
  readonly first: Key;
  readonly last: Key;
}

/** Writes a balanced name or number tree over entries, which it sorts; answers the number of the root. */
export function writeTree<Key extends string | number>(
  writer: FileWriter,
  entries: readonly NewEntry<Key>[],
): number {
  const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const root = writer.allocate();
  const numbered = (only: boolean): number => (only ? root : writer.allocate());
  const key = typeof sorted[0]?.key === 'number' ? 'Nums' : 'Names';
  const groups = grouped(sorted);
  let level = groups.map((group): Written<Key> => {
    const node = { number: numbered(groups.length <= 1), first: group[0]!.key, last: group.at(-1)!.key };
    writeNode(writer, node, root, key, (out) => {
      for (const entry of group) {
        writeKey(out, entry.key);
        out.byte(32);
        entry.write(out);
        out.byte(10);
      }
    });
    return node;
  });
  while (level.length > 1) {
    const above = grouped(level);
    level = above.map((kids): Written<Key> => {
      const node = { number: numbered(above.length === 1), first: kids[0]!.first, last: kids.at(-1)!.last };
      writeNode(writer, node, root, 'Kids', (out) =>
        out.ascii(kids.map((kid) => `${kid.number} 0 R`).join(' ')),
      );
      return node;
    });
  }
  return root;
}

function grouped<Item>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (let at = 0; at < items.length; at += FANOUT) groups.push(items.slice(at, at + FANOUT));
  return groups;
}

/** The root has no limits, the others do (ISO 32000-2, tables 36 and 37). */
function writeNode<Key extends string | number>(
  writer: FileWriter,
  { number, first, last }: Written<Key>,
  root: number,
  key: string,
  write: (out: ByteBuffer) => void,
): void {
  const out = writer.begin(number);
  out.ascii('<<');
  if (number !== root) {
    out.ascii('/Limits[');
    writeKey(out, first);
    out.byte(32);
    writeKey(out, last);
    out.ascii(']');
  }
  out.ascii(`/${key}[`);
  write(out);
  out.ascii(']>>');
  writer.end();
}

function writeKey(out: ByteBuffer, key: string | number): void {
  if (typeof key === 'number') out.ascii(String(key));
  else writeString(out, bytesOfText(key));
}
