import type { FileWriter } from '../../file/writer.ts';
import type { PdfArray, PdfDictionary, PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import type { Document } from '../document.ts';
import type { Edited } from '../edits.ts';
import { once } from '../once.ts';
import { isPageNode } from './forms-read.ts';
import { readKidsOrders } from './structure-kids.ts';
import type { TreeEntry } from './names-tree.ts';
import { idsByElement, type Tags } from './structure-read.ts';

/** Kids that take more bytes are looked at once for all parts of a document. */
const LONG_KIDS_BYTES = 1024;

/**
 * The elements of a document of which pages are missing that stay (ISO 32000-2, 14.7.2): those that the new parent tree
 * leads to, since only objects of the result have their keys in it, and those above them.
 */
export class SelectedElements {
  readonly #tags: Tags;
  readonly #kept = new Set<number>();
  /** Old numbers of the elements that stay, by that of the one above; 0 stands for the root. */
  readonly #below = new Map<number, number[]>();

  constructor(tags: Tags) {
    this.#tags = tags;
    const { file } = tags.copy.document;
    for (const key of tags.keys.keys()) {
      const value = tags.parents.get(key) ?? null;
      const list = file.resolve(value);
      for (const each of Array.isArray(list) ? list : [value])
        if (each instanceof PdfReference && isElement(tags.copy.document, each)) this.#kept.add(each.number);
    }
    // Those above are added while the set is walked, and walked in turn.
    for (const number of this.#kept) {
      const above = this.#above(number);
      const list = this.#below.get(above);
      if (list === undefined) this.#below.set(above, [number]);
      else list.push(number);
      if (above !== 0) this.#kept.add(above);
    }
  }

  /** Whether nothing stays. */
  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** The elements directly below the root, in order. */
  roots(): PdfArray {
    const { copy, kids } = this.#tags;
    const order = once(copy.document, readKidsOrders).of(0, () => kids);
    return order.select(this.#below.get(0) ?? [], (kid) => this.#keptKid(kid, true));
  }

  /** The ids of the elements that stay. */
  ids(): TreeEntry<string>[] {
    const known = once(this.#tags.copy.document, idsByElement);
    return known.size === 0 ? [] : [...this.#kept].flatMap((number) => known.get(number) ?? []);
  }

  /** Writes the elements. References to the others have become `null`. */
  write(writer: FileWriter): void {
    const { copy } = this.#tags;
    const fresh = new Map<number, number>();
    for (const old of [...this.#kept].sort((a, b) => a - b)) {
      if (copy.holds(old)) continue;
      const number = writer.allocate();
      fresh.set(old, number);
      copy.claim(old, number);
    }
    for (const [old, number] of fresh) {
      const out = writer.begin(number);
      out.ascii('<<');
      copy.entries(old, out, [], (element) => this.#prune(element));
      out.ascii('>>');
      writer.end();
    }
  }

  #above(number: number): number {
    const { document } = this.#tags.copy;
    const element = document.file.object(number);
    const above = element instanceof Map ? element.get('P') : undefined;
    if (!(above instanceof PdfReference) || above.number === this.#tags.root) return 0;
    return isElement(document, above) ? above.number : 0;
  }

  #prune(element: Edited): void {
    const { copy } = this.#tags;
    const page = element.get('Pg');
    const isHere = !(page instanceof PdfReference) || copy.isPage(page.number);
    if (!isHere) element.set('Pg', undefined);
    if (element.scan.has('K') || element.changes.has('K')) {
      const kids = this.#keptKids(element, isHere);
      element.set('K', kids.length > 1 ? kids : kids[0]);
    }
    if (!element.scan.has('Ref')) return;
    const others = element.resolve(element.get('Ref'));
    element.set(
      'Ref',
      Array.isArray(others)
        ? others.filter((each) => each instanceof PdfReference && this.#kept.has(each.number))
        : undefined,
    );
  }

  #keptKids(element: Edited, isHere: boolean): PdfArray {
    const kids = (): PdfArray => {
      const value = element.get('K');
      const list = element.resolve(value);
      return Array.isArray(list) ? list : [value];
    };
    const { scan } = element;
    const index = scan.find('K');
    const isLong = index !== -1 && scan.valueTo(index) - scan.valueFrom(index) > LONG_KIDS_BYTES;
    const keep = (kid: PdfObject): PdfObject | undefined => this.#keptKid(kid, isHere);
    if (!isLong || element.changes.has('K')) return kids().flatMap((kid) => keep(kid) ?? []);
    const order = once(this.#tags.copy.document, readKidsOrders).of(element.number, kids);
    return order.select(this.#below.get(element.number) ?? [], keep);
  }

  /** A kid as it stays: an element, or content on a page of the result (ISO 32000-2, 14.7.5); else undefined. */
  #keptKid(kid: PdfObject, isHere: boolean): PdfObject | undefined {
    const { copy } = this.#tags;
    if (kid instanceof PdfReference && this.#kept.has(kid.number)) return kid;
    const object = copy.document.file.resolve(kid);
    if (!(object instanceof Map)) return object !== null && isHere ? kid : undefined;
    if (object.has('S')) return kid instanceof PdfReference ? undefined : this.#keptElement(object, isHere);
    const page = object.get('Pg');
    if (page instanceof PdfReference ? !copy.isPage(page.number) : !isHere) return undefined;
    const target = object.get('Obj');
    return target instanceof PdfReference && !copy.holds(target.number) ? undefined : kid;
  }

  /** An element that stands in the one above it. */
  #keptElement(element: PdfDictionary, isAboveHere: boolean): PdfDictionary | undefined {
    const { copy } = this.#tags;
    const page = element.get('Pg');
    const isHere = page instanceof PdfReference ? copy.isPage(page.number) : isAboveHere;
    const value = element.get('K') ?? null;
    const list = copy.document.file.resolve(value);
    const kids = (Array.isArray(list) ? list : [value]).flatMap((kid) => this.#keptKid(kid, isHere) ?? []);
    if (kids.length === 0) return undefined;
    const kept = new Map([...element, ['K', kids as PdfObject]]);
    if (page instanceof PdfReference && !isHere) kept.delete('Pg');
    return kept;
  }
}

function isElement(document: Document, reference: PdfReference): boolean {
  const { file } = document;
  if (!file.table.has(reference.number, reference.generation)) return false;
  const object = file.object(reference.number);
  return object instanceof Map && object.has('S') && !isPageNode({ document }, reference.number, object);
}
