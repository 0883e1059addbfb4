import { nameOf, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { writeObject } from '../../syntax/write.ts';
import type { DocumentCopy } from '../copy.ts';
import { eachCopy } from './catalog-each.ts';
import { onMentions } from './entries-change.ts';
import { readNameTree, type NewEntry } from './names-tree.ts';
import { bytesOfText, textOfBytes, UniqueNames, withCount } from './names-unique.ts';

/** An attached file: its name in the tree, and its file specification in terms of the old file. */
interface Attachment {
  readonly key: string;
  readonly specification: PdfObject;
}

/**
 * The files attached to all documents (ISO 32000-2, 7.11.4). One whose name in the tree, or whose file name, an earlier
 * document has is changed, `name.ext` to `name (2).ext`, so that both can be found and both can be saved.
 */
export class Attachments {
  readonly #keys = new UniqueNames(withCount);
  readonly #fileNames = new UniqueNames(withCount);
  readonly #found: Attachment[][] = [];

  /** Reads the trees, and edits the file specifications that change. */
  prepare(copies: readonly DocumentCopy[]): void {
    eachCopy(copies, (copy, index) => {
      this.#found[index] = copy.keepsAll ? this.#read(copy) : [];
    });
  }

  /** The entries of the result's tree. */
  entries(copies: readonly DocumentCopy[]): NewEntry<string>[] {
    return this.#found.flatMap((found, index) =>
      found.map(({ key, specification }) => ({
        key,
        write: (out) => writeObject(out, specification, copies[index]!),
      })),
    );
  }

  #read(copy: DocumentCopy): Attachment[] {
    const { file, catalog } = copy.document;
    const names = catalog.has('Names') ? file.resolve(catalog.get('Names')) : null;
    const tree = names instanceof Map ? names.get('EmbeddedFiles') : undefined;
    const found: Attachment[] = [];
    /** File specifications by their old number: one may be listed twice. */
    const seen = new Set<number>();
    const keys = new Map<string, string>();
    for (const { key, value } of tree === undefined ? [] : readNameTree(file, tree)) {
      const specification = file.resolve(value);
      if (!(specification instanceof Map)) continue;
      const number = value instanceof PdfReference ? value.number : 0;
      const changed = number !== 0 && seen.has(number) ? new Map() : this.#renamed(copy, specification);
      seen.add(number);
      if (number !== 0 && changed.size > 0)
        copy.edits.onObject(number, (object) => {
          for (const [entry, name] of changed) object.set(entry, name);
        });
      const own = number === 0 ? new Map([...specification, ...changed]) : value;
      const fresh = this.#keys.take(key);
      if (fresh !== key) keys.set(key, fresh);
      found.push({ key: fresh, specification: own });
    }
    if (keys.size > 0)
      onMentions(copy.edits, { words: ['/GoToE'], keys: ['S', 'T', 'F'] }, (action) =>
        intoAttachment(copy, action, keys),
      );
    return found;
  }

  /** The entries of a file specification that change, /F and /UF (ISO 32000-2, table 43): none unless its name is taken. */
  #renamed({ document: { file } }: DocumentCopy, specification: PdfDictionary): PdfDictionary {
    const changed: PdfDictionary = new Map();
    const fileNames = ['UF', 'F'].flatMap((entry) => {
      const name = file.resolve(specification.get(entry));
      return name instanceof PdfString ? [[entry, textOfBytes(name.bytes)] as const] : [];
    });
    const [first] = fileNames;
    if (first === undefined) return changed;
    const count = this.#countOf(first[1]);
    if (count > 1)
      for (const [entry, name] of fileNames)
        changed.set(entry, new PdfString(bytesOfText(withCount(name, count))));
    return changed;
  }

  /** Takes a file name; answers the count that it gets, 1 if it was free. */
  #countOf(name: string): number {
    const taken = this.#fileNames.take(name);
    if (taken === name) return 1;
    let count = 2;
    while (withCount(name, count) !== taken) count++;
    return count;
  }
}

/** A link into an attached file (ISO 32000-2, 12.6.4.4) with the name of the file as it is in the result. */
function intoAttachment(
  { document: { file } }: DocumentCopy,
  action: PdfDictionary,
  keys: ReadonlyMap<string, string>,
): PdfDictionary {
  const target = file.resolve(action.get('T'));
  const isOwn = nameOf(file.resolve(action.get('S'))) === 'GoToE' && !action.has('F');
  if (!isOwn || !(target instanceof Map) || nameOf(file.resolve(target.get('R'))) !== 'C') return action;
  const name = file.resolve(target.get('N'));
  const fresh = name instanceof PdfString ? keys.get(textOfBytes(name.bytes)) : undefined;
  if (fresh === undefined) return action;
  return new Map([...action, ['T', new Map([...target, ['N', new PdfString(bytesOfText(fresh))]])]]);
}
