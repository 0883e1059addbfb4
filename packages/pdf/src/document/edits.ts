import type { PdfFile } from '../file/file.ts';
import type { PdfObject } from '../objects/object.ts';
import type { ObjectScan } from '../syntax/object-scan.ts';
import { Parser } from '../syntax/parser.ts';

/**
 * Looks at an object that is about to be copied and may change it. It must not copy objects itself, but may ask
 * `DocumentCopy.reference` for numbers and read any object of the file.
 */
export type Edit = (object: Edited) => void;

/**
 * What an entry becomes: an object in terms of the old file (its references are renumbered, its strings are plain), text
 * in terms of the new file such as `12 0 R`, or undefined where the entry goes.
 */
export type Replacement = PdfObject | string | undefined;

/** An object on its way into the new file. */
export class Edited {
  /** Its old number; 0 for a page that stands in its parent. */
  readonly number: number;
  readonly isPage: boolean;
  /** Where its keys and values lie. */
  readonly scan: ObjectScan;
  /** What changes, by key; empty if nothing does. */
  readonly changes = new Map<string, Replacement>();
  /** What stands in place of the whole object, if anything does. */
  whole: Replacement;
  readonly #file: PdfFile;
  readonly #decrypt: ((bytes: Uint8Array) => Uint8Array) | undefined;

  constructor(
    number: number,
    isPage: boolean,
    scan: ObjectScan,
    file: PdfFile,
    decrypt: ((bytes: Uint8Array) => Uint8Array) | undefined,
  ) {
    this.number = number;
    this.isPage = isPage;
    this.scan = scan;
    this.#file = file;
    this.#decrypt = decrypt;
  }

  /** The value of an entry as it stands, references not followed, strings decrypted; `null` if there is none. */
  get(key: string): PdfObject {
    const { scan, changes } = this;
    const changed = changes.get(key);
    if (changed !== undefined && typeof changed !== 'string') return changed;
    const index = scan.find(key);
    return index === -1 ? null : this.#parse(scan.valueFrom(index), scan.valueTo(index));
  }

  /** The whole object, built, as earlier edits have left it; of a stream the dictionary. */
  object(): PdfObject {
    if (this.whole !== undefined && typeof this.whole !== 'string') return this.whole;
    const object = this.#parse(this.scan.start, this.scan.end);
    if (object instanceof Map)
      for (const [key, value] of this.changes)
        if (value === undefined) object.delete(key);
        else if (typeof value !== 'string') object.set(key, value);
    return object;
  }

  /** Follows references. */
  resolve(object: PdfObject): PdfObject {
    return this.#file.resolve(object);
  }

  /** Sets, replaces or (undefined) drops an entry of a dictionary. */
  set(key: string, value: Replacement): void {
    this.changes.set(key, value);
  }

  #parse(from: number, to: number): PdfObject {
    const { limits } = this.#file.reading;
    return new Parser(this.scan.bytes, from, to, limits.nestingMax, this.#decrypt).object();
  }
}

/**
 * The edits of one document. A document without any is copied as fast as if this did not exist. How carriers use it, from
 * `Carrier.prepare`, before anything is copied:
 *
 * - `copy.edits.onKeys(['StructParent', 'StructParents'], edit)`: for every page, object or stream whose dictionary has one
 *   of these keys itself. Nested dictionaries are part of the value of a key and come as objects by `Edited.get`.
 * - `copy.edits.onObject(number, edit)`: for one object, by its old number.
 * - `copy.edits.onArrays(edit)`: for objects that are arrays; `Edited.whole` replaces one.
 * - `copy.edits.onPages(edit)`: for every page.
 * - `copy.edits.onObjects(concerns, edit)`: for every page, object or stream that the first function picks by its bytes.
 * - `copy.edits.keepType('StructElem')`: objects of this /Type are copied although they belong to the old framework.
 *
 * From `prepare` and `carry` both: `copy.reference(number, generation)` is the new number of an old object, which will be
 * copied; `copy.isPage(number)` says whether a page is part of the result (`copy.selection` knows
 * more of the pages); `copy.claim(old, fresh)` makes references to an old object mean one that the carrier writes
 * itself; `copy.leaveOut(old)` makes them `null`; `copy.entries(old, out, without)` copies the entries of one object into
 * one that the carrier is writing. New objects: `writer.allocate()`, `writer.begin(number)`, text, `writer.end()`.
 * Entries of the catalog are appended to `Carried.catalog` as text.
 */
export class Edits {
  /** Whether there is nothing to do. */
  isEmpty = true;
  readonly #onKeys: (readonly [keys: readonly string[], edit: Edit])[] = [];
  readonly #onObject = new Map<number, Edit[]>();
  readonly #onArrays: Edit[] = [];
  readonly #onPages: Edit[] = [];
  readonly #onObjects: (readonly [concerns: (scan: ObjectScan) => boolean, edit: Edit])[] = [];
  readonly #kept = new Set<string>();

  /** Adds an edit of all dictionaries that have one of these keys. */
  onKeys(keys: readonly string[], edit: Edit): void {
    this.#onKeys.push([keys, edit]);
    this.isEmpty = false;
  }

  /** Adds an edit of one object. */
  onObject(number: number, edit: Edit): void {
    this.#onObject.set(number, [...(this.#onObject.get(number) ?? []), edit]);
    this.isEmpty = false;
  }

  /** Adds an edit of all objects that are arrays. */
  onArrays(edit: Edit): void {
    this.#onArrays.push(edit);
    this.isEmpty = false;
  }

  /** Adds an edit of all pages. */
  onPages(edit: Edit): void {
    this.#onPages.push(edit);
    this.isEmpty = false;
  }

  /** Adds an edit of all objects that a look at their bytes picks. */
  onObjects(concerns: (scan: ObjectScan) => boolean, edit: Edit): void {
    this.#onObjects.push([concerns, edit]);
    this.isEmpty = false;
  }

  /** Keeps a type that is otherwise left out as part of the old file's framework. */
  keepType(type: string): void {
    this.#kept.add(type);
  }

  /** Whether a type of the framework is kept. */
  keeps(type: string): boolean {
    return this.#kept.has(type);
  }

  /** Whether any edit wants to look at an object other than a page, and so might change it. */
  concerns(number: number, scan: ObjectScan): boolean {
    if (this.isEmpty) return false;
    if (this.#onObject.has(number)) return true;
    if (scan.isDictionary) {
      if (this.#onKeys.some(([keys]) => keys.some((key) => scan.find(key) !== -1))) return true;
    } else if (scan.bytes[scan.start] === 0x5b && this.#onArrays.length > 0) return true;
    return this.#onObjects.some(([concerns]) => concerns(scan));
  }

  /** Lets all edits that an object concerns look at it; `make` is called if there is one. */
  apply(number: number, isPage: boolean, scan: ObjectScan, make: () => Edited): Edited | undefined {
    let object: Edited | undefined;
    const run = (edit: Edit): void => edit((object ??= make()));
    if (scan.isDictionary) {
      for (const [keys, edit] of this.#onKeys) if (keys.some((key) => scan.find(key) !== -1)) run(edit);
    } else if (scan.bytes[scan.start] === 0x5b) for (const edit of this.#onArrays) run(edit);
    for (const [concerns, edit] of this.#onObjects) if (concerns(scan)) run(edit);
    if (isPage) for (const edit of this.#onPages) run(edit);
    for (const edit of this.#onObject.get(number) ?? []) run(edit);
    return object;
  }
}
