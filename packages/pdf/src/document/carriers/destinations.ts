import { IN_FILE } from '../../file/xref-table.ts';
import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { PdfName } from '../../objects/name.ts';
import { PdfNumber } from '../../objects/number.ts';
import { PdfReference } from '../../objects/reference.ts';
import { PdfString } from '../../objects/string.ts';
import { writeObject } from '../../syntax/write.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Edited } from '../edits.ts';
import { once } from '../once.ts';
import { eachCopy } from './catalog-each.ts';
import { changeEntries, mapped } from './entries-change.ts';
import { keysWithDestinations, mentionsDestination, mentionsLink } from './destinations-search.ts';
import { namedTarget, readNamedTargets, readNames } from './destinations-target.ts';
import type { NewEntry, TreeEntry } from './names-tree.ts';
import { bytesOfText, textOfBytes, textOfName, UniqueNames } from './names-unique.ts';
import { renamedScript } from './scripts.ts';

/** The function of scripts that takes the name of a destination. */
const FUNCTIONS = new Set(['gotoNamedDest']);
/** A destination has six elements at most. */
const ELEMENTS_MAX = 16;

/** The named destinations of one document, each with the name it has in the result. */
interface Named {
  /** Of the name tree (ISO 32000-2, 12.3.2.4), used by strings. */
  readonly tree: ReadonlyMap<string, string>;
  /** Of the old /Dests dictionary, used by names. */
  readonly dictionary: ReadonlyMap<string, string>;
  readonly entries: readonly TreeEntry<string>[];
  /** The names by what they say, for uses in another encoding; made when asked for. */
  byText?: ReadonlyMap<string, string>;
  /** Names that are used but not defined here, and defined by another document: they must go on leading nowhere. */
  readonly dead: Map<string, string>;
}

/**
 * The destinations of all documents (ISO 32000-2, 12.3.2). Named ones come into one name space, where a name that an
 * earlier document has is changed, `name` to `name~2`, in all its uses.
 */
export class Destinations {
  readonly #names = new UniqueNames();
  readonly #named: Named[] = [];

  /** Reads the names, and adds edits to documents whose uses of names may change. */
  prepare(copies: readonly DocumentCopy[]): void {
    eachCopy(copies, (copy, index) => {
      this.#named[index] = copy.selection.isWhole ? this.#read(copy) : this.#readSelected(copy);
    });
    const total = this.#named.reduce((sum, { entries }) => sum + entries.length, 0);
    eachCopy(copies, (copy, index) => {
      const { tree, dictionary, entries } = this.#named[index]!;
      const isRenamed = [...tree].some(([from, to]) => from !== to);
      const isNamed = isRenamed || dictionary.size > 0 || total > entries.length;
      const isPart = !copy.selection.isWhole;
      // Where pages have moved, one given by its index would be another.
      if (isNamed || isPart || !copy.selection.isUnmoved)
        copy.edits.onObjects(isNamed || isPart ? mentionsDestination : mentionsLink, (object) =>
          this.#edit(index, copy, object),
        );
    });
  }

  #read({ document }: DocumentCopy): Named {
    const entries: TreeEntry<string>[] = [];
    const take = ({ key, value }: TreeEntry<string>): [string, string] => [
      key,
      this.#take(key, value, entries),
    ];
    const [tree, old] = readNames(document);
    return { tree: new Map(tree.map(take)), dictionary: new Map(old.map(take)), entries, dead: new Map() };
  }

  /** Of a document of which pages are missing, only those that lead to pages of the result. */
  #readSelected({ document, selection }: DocumentCopy): Named {
    const { byPage } = once(document, readNamedTargets);
    const numbers = byPage.size === 0 ? [] : new Set(selection.pages.map(({ page }) => page.number));
    const kept = [...numbers].flatMap((number) => byPage.get(number) ?? []);
    const named = { tree: new Map<string, string>(), dictionary: new Map<string, string>() };
    const entries: TreeEntry<string>[] = [];
    for (const { key, value, isOld } of kept.sort((a, b) => a.position - b.position))
      (isOld ? named.dictionary : named.tree).set(key, this.#take(key, value, entries));
    return { ...named, entries, dead: new Map() };
  }

  #take(key: string, value: PdfObject, entries: TreeEntry<string>[]): string {
    const fresh = this.#names.take(key);
    entries.push({ key: fresh, value });
    return fresh;
  }

  /** The entries of the result's name tree: destinations to pages that are not there are dropped. */
  entries(copies: readonly DocumentCopy[]): NewEntry<string>[] {
    const result: NewEntry<string>[] = [];
    eachCopy(copies, (copy, index) => {
      for (const { key, value } of inOrderOfNumbers(this.#named[index]!.entries)) {
        const target = this.#target(copy, copy.document.file.resolve(value));
        if (target !== undefined) result.push({ key, write: (out) => writeObject(out, target, copy) });
      }
    });
    return result;
  }

  #target(copy: DocumentCopy, value: PdfObject): PdfObject | undefined {
    if (!(value instanceof Map)) return explicitDestination(copy, value);
    const target = explicitDestination(copy, copy.document.file.resolve(value.get('D')));
    if (target === undefined) return undefined;
    // A file may list one huge object under many names.
    const isSmall = value.size <= ELEMENTS_MAX && [...value.values()].every(isScalarOrShort);
    return new Map([...(isSmall ? value : []), ['D', target]]);
  }

  /**
   * A value of one document with all names of destinations in it as they are in the result: /Dest of annotations and
   * outline items, /D of GoTo actions, at any depth. The same object if nothing changes. Where pages of the document are
   * missing, what leads to them goes: a /Dest, an action, for which the next one stands if there is one, else `null`.
   */
  rewrite(index: number, copy: DocumentCopy, value: PdfObject): PdfObject {
    if (Array.isArray(value)) return mapped(value, (each) => this.rewrite(index, copy, each));
    if (!(value instanceof Map)) return value;
    const isGoTo = nameOf(copy.document.file.resolve(value.get('S'))) === 'GoTo';
    const isPart = !copy.selection.isWhole;
    if (isGoneGoTo(copy, value)) return this.#next(index, copy, value);
    let changed: PdfDictionary | undefined;
    for (const [key, old] of value) {
      const isTarget = key === 'Dest' || (key === 'D' && isGoTo);
      if (key === 'Dest' && isPart && isGone(copy, old)) {
        (changed ??= new Map(value)).delete(key);
        continue;
      }
      const fresh =
        key === 'JS'
          ? renamedScript(copy, old, FUNCTIONS, (name) => this.#renamedText(index, name))
          : ((isTarget ? this.#renamed(index, copy, old) : undefined) ?? this.rewrite(index, copy, old));
      if (fresh === old) continue;
      changed ??= new Map(value);
      if (fresh === null && isPart) changed.delete(key);
      else changed.set(key, fresh);
    }
    // A destination in the structure of the document, which may be gone as well.
    if (isGoTo && isPart && value.has('SD')) (changed ??= new Map(value)).delete('SD');
    return changed ?? value;
  }

  #next(index: number, copy: DocumentCopy, action: PdfDictionary): PdfObject {
    const next = action.get('Next') ?? null;
    if (next instanceof PdfReference) return copy.document.file.resolve(next) instanceof Map ? next : null;
    return next instanceof Map ? this.rewrite(index, copy, next) : null;
  }

  /** A destination with its name as it is in the result, or with its page in place of an index; else undefined. */
  #renamed(index: number, copy: DocumentCopy, object: PdfObject): PdfObject | undefined {
    const use = object instanceof PdfReference ? copy.document.file.resolve(object) : object;
    if (Array.isArray(use) && use[0] instanceof PdfNumber) return explicitDestination(copy, use) ?? null;
    const key = nameKey(use);
    const named = this.#named[index];
    if (key === undefined || named === undefined) return undefined;
    const [first, second] =
      use instanceof PdfName ? [named.dictionary, named.tree] : [named.tree, named.dictionary];
    const fresh =
      first.get(key) ??
      second.get(key) ??
      (named.byText ??= namesByText(named)).get(textOfName(key)) ??
      this.#dead(named, key);
    return fresh === key && use === object && use instanceof PdfString
      ? object
      : new PdfString(bytesOfText(fresh));
  }

  /** The new name of one that a script uses; undefined where it stays. */
  #renamedText(index: number, name: string): string | undefined {
    const named = this.#named[index]!;
    const own = (named.byText ??= namesByText(named)).get(name);
    const isAscii = /^[ -~]*$/.test(name);
    const fresh = own ?? (isAscii ? this.#dead(named, name) : undefined);
    return fresh === undefined || textOfName(fresh) === name ? undefined : textOfName(fresh);
  }

  #dead({ dead }: Named, key: string): string {
    if (!this.#names.has(key)) return key;
    const known = dead.get(key);
    if (known !== undefined) return known;
    const fresh = this.#names.take(key);
    dead.set(key, fresh);
    return fresh;
  }

  #edit(index: number, copy: DocumentCopy, object: Edited): void {
    const rewrite = (value: PdfObject): PdfObject => this.rewrite(index, copy, value);
    const action = copy.selection.isWhole || object.isPage ? undefined : goneAction(copy, object);
    if (action === undefined) return changeEntries(object, keysWithDestinations, rewrite);
    // The object is the action: what comes next stands in its place.
    const next = rewrite(object.resolve(action.get('Next') ?? null));
    object.whole = next instanceof Map ? next : null;
  }
}

function namesByText({ tree, dictionary }: Named): ReadonlyMap<string, string> {
  return new Map([...dictionary, ...tree].map(([name, fresh]) => [textOfName(name), fresh]));
}

/** The object if it is an action that leads to a page that is missing. */
function goneAction(copy: DocumentCopy, object: Edited): PdfDictionary | undefined {
  if (!object.scan.has('D') || !object.scan.has('S')) return undefined;
  const action = object.object();
  return action instanceof Map && isGoneGoTo(copy, action) ? action : undefined;
}

/** Whether an action leads to a page that is missing in the result. */
function isGoneGoTo(copy: DocumentCopy, action: PdfDictionary): boolean {
  if (copy.selection.isWhole || !action.has('D')) return false;
  const { file } = copy.document;
  return nameOf(file.resolve(action.get('S'))) === 'GoTo' && isGone(copy, action.get('D')!);
}

/** Whether a destination leads to a page that is missing in the result, or to none. */
function isGone(copy: DocumentCopy, object: PdfObject): boolean {
  const { document } = copy;
  const use = document.file.resolve(object);
  if (Array.isArray(use)) return explicitDestination(copy, use) === undefined;
  const page = namedTarget(document, use)?.page;
  return page !== undefined && !copy.isPage(page);
}

/** So that objects are read one after the other, however the names are sorted. */
function inOrderOfNumbers(entries: readonly TreeEntry<string>[]): TreeEntry<string>[] {
  const numberOf = ({ value }: TreeEntry<string>): number =>
    value instanceof PdfReference ? value.number : 0;
  return entries.toSorted((a, b) => numberOf(a) - numberOf(b));
}

function isScalarOrShort(object: PdfObject): boolean {
  if (Array.isArray(object))
    return object.length <= ELEMENTS_MAX && object.every((each) => !isContainer(each));
  return !(object instanceof Map) && !(object instanceof PdfString && object.bytes.length > 256);
}

function isContainer(object: PdfObject): boolean {
  return Array.isArray(object) || object instanceof Map || object instanceof PdfString;
}

function nameKey(use: PdfObject): string | undefined {
  if (use instanceof PdfString) return textOfBytes(use.bytes);
  return nameOf(use);
}

/**
 * An explicit destination (ISO 32000-2, 12.3.2.2) whose page is part of the result, or undefined. A page given by its
 * index, as only remote destinations should, becomes a reference.
 */
export function explicitDestination(copy: DocumentCopy, value: PdfObject): PdfArray | undefined {
  if (!Array.isArray(value) || value.length > ELEMENTS_MAX) return undefined;
  const [page, ...rest] = value;
  if (page instanceof PdfReference) return copy.isPage(page.number) ? value : undefined;
  const number = page instanceof PdfNumber ? copy.document.pages[page.value]?.number : undefined;
  if (number === undefined || !copy.isPage(number)) return undefined;
  const { table } = copy.document.file;
  const generation = table.kinds[number] === IN_FILE ? table.extras[number]! : 0;
  return [new PdfReference(number, generation), ...rest];
}
