import { nameOf, type PdfArray, type PdfDictionary, type PdfObject } from '../../objects/object.ts';
import { NewReference, PdfReference } from '../../objects/reference.ts';
import type { DocumentCopy } from '../copy.ts';
import type { Document, OfDocument } from '../document.ts';

/** One node of the field tree: a field, a widget, or both in one (ISO 32000-2, 12.7.4.1). */
export interface Field {
  /** Old object number; 0 for one that stands in its parent's array. */
  readonly number: number;
  /** What stands in its parent's array: the reference or the dictionary. */
  readonly object: PdfObject;
  parent: Field | undefined;
  readonly dictionary: PdfDictionary;
  /** /FT, its own or from above; `Sig` for whatever has the value of a signature. */
  readonly type: string | undefined;
  readonly kids: Field[];
  /** Kids that were not removed. */
  left: number;
}

/** The field tree of one document, and the changes of its nodes on their way into the result. */
export class FieldTree {
  readonly document: Document;
  readonly #roots: Field[] = [];
  readonly #byNumber = new Map<number, Field>();
  readonly #removed = new Set<Field>();
  /** Old numbers of those removed that are not on a page. */
  readonly #leftOut: number[] = [];
  /** Nodes whose array of kids is not as it was. */
  readonly #changedKids = new Set<Field>();
  readonly #changes = new Map<Field, Map<string, PdfObject | undefined>>();

  /** Fields that the result needs besides, by their new numbers. */
  readonly made = new Map<number, Field>();

  constructor(document: Document) {
    this.document = document;
  }

  get roots(): readonly Field[] {
    return this.#roots.filter((root) => !this.#removed.has(root));
  }

  /** The node of an object. */
  find(number: number): Field | undefined {
    return this.#byNumber.get(number);
  }

  /** Whether an object is a node that goes into the result. */
  holds(number: number): boolean {
    const field = this.#byNumber.get(number);
    return field !== undefined && !this.#removed.has(field);
  }

  /** Adds a node with all that is below it, under a parent or as a root; false if it is none or is there already. */
  add(object: PdfObject, parent: Field | undefined): boolean {
    const top = this.#node(object, parent);
    if (top === undefined) return false;
    if (parent === undefined) this.#roots.push(top);
    const pending = [top];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const kids = this.document.file.resolve(node.dictionary.get('Kids'));
      for (const kid of Array.isArray(kids) ? kids : []) {
        const field = this.#node(kid, node);
        if (field === undefined) this.#changedKids.add(node);
        else pending.push(field);
      }
    }
    return true;
  }

  /** Adds what a parent should have among its kids and has not. */
  adopt(parent: Field, kid: PdfObject): void {
    if (this.add(kid, parent)) this.#changedKids.add(parent);
  }

  /** Takes a node, and parents of which nothing is left, out of the tree. */
  remove(field: Field): void {
    for (let node = field; !this.#removed.has(node);) {
      this.#removed.add(node);
      if (node.number !== 0 && !isWidget(node)) this.#leftOut.push(node.number);
      const { parent } = node;
      if (parent === undefined) return;
      this.#changedKids.add(parent);
      if (--parent.left > 0 || isWidget(parent)) return;
      node = parent;
    }
  }

  /** Sets, replaces or (undefined) drops an entry of a node in the result. */
  change(field: Field, key: string, value: PdfObject | undefined): void {
    if (value === undefined) field.dictionary.delete(key);
    else field.dictionary.set(key, value);
    if (field.number === 0) {
      // It stands in the array of its parent.
      if (field.parent !== undefined) this.#changedKids.add(field.parent);
      return;
    }
    const changes = this.#changes.get(field);
    if (changes === undefined) this.#changes.set(field, new Map([[key, value]]));
    else changes.set(key, value);
  }

  /** Adds one more widget of a field, by its new number: it is written elsewhere. */
  addWidget(parent: Field, number: number): void {
    const object = new NewReference(number);
    const { type } = parent;
    parent.kids.push({ number: 0, object, parent, dictionary: new Map(), type, kids: [], left: 0 });
    parent.left++;
    this.#changedKids.add(parent);
  }

  /** Puts a field of its own, by its new number, above a node that is field and widget in one; some entries move there. */
  split(node: Field, number: number, moved: readonly string[]): Field {
    const { parent, type } = node;
    const object = new NewReference(number);
    const dictionary: PdfDictionary = new Map();
    const field: Field = { number: 0, object, parent, dictionary, type, kids: [node], left: 1 };
    for (const key of moved) {
      const value = node.dictionary.get(key);
      if (value === undefined) continue;
      dictionary.set(key, value);
      this.change(node, key, undefined);
    }
    if (parent !== undefined && !(parent.object instanceof Map)) dictionary.set('Parent', parent.object);
    const siblings = parent?.kids ?? this.#roots;
    siblings[siblings.indexOf(node)] = field;
    if (parent !== undefined) this.#changedKids.add(parent);
    this.#changedKids.add(field);
    node.parent = field;
    this.change(node, 'Parent', object);
    this.made.set(number, field);
    return field;
  }

  /**
   * Lets the arrays of kids follow from what happened to the tree, and the copy have all changes. To be called once, at
   * the end.
   */
  finish(copy: DocumentCopy): void {
    // A node that stands in its parent's array changes that one too, which comes before it in the set or is added.
    for (const field of this.#changedKids) {
      if (this.#removed.has(field)) continue;
      const kids = field.kids.filter((kid) => !this.#removed.has(kid)).map((kid) => kid.object);
      this.change(field, 'Kids', kids.length > 0 ? kids : undefined);
    }
    for (const [{ number }, changes] of this.#changes)
      copy.edits.onObject(number, (edited) => {
        for (const [key, value] of changes) edited.set(key, value);
      });
    for (const number of this.#leftOut) copy.leaveOut(number);
  }

  /** All nodes of the result, parents first. */
  *nodes(): Generator<Field> {
    const pending = [...this.#roots];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (!this.#removed.has(node)) yield node;
      for (const kid of node.kids) pending.push(kid);
    }
  }

  /**
   * A tree of its own of some of the nodes, by their numbers, with those above them. `order` gives each node of this tree
   * its place.
   */
  selected(numbers: Iterable<number>, order: ReadonlyMap<Field, number>): FieldTree {
    const kept = new Set<Field>();
    for (const number of numbers) {
      const field = this.#byNumber.get(number);
      if (field !== undefined) kept.add(field);
    }
    // Those above are added while the set is walked, and walked in turn.
    for (const { parent } of kept) if (parent !== undefined) kept.add(parent);
    const tree = new FieldTree(this.document);
    const copies = new Map<Field, Field>();
    for (const field of [...kept].sort((a, b) => order.get(a)! - order.get(b)!))
      copies.set(field, tree.#take(field, copies, this));
    for (const [field, copied] of copies)
      if (copied.kids.length < field.kids.length || this.#changedKids.has(field))
        tree.#changedKids.add(copied);
    return tree;
  }

  /** Adds a node of another tree, whose parent has been added. */
  #take(field: Field, copies: ReadonlyMap<Field, Field>, from: FieldTree): Field {
    const { number, type } = field;
    const dictionary = new Map(field.dictionary);
    const parent = field.parent && copies.get(field.parent);
    const object = number === 0 ? dictionary : field.object;
    const copied: Field = { number, object, parent, dictionary, type, kids: [], left: 0 };
    if (number !== 0) this.#byNumber.set(number, copied);
    const changes = from.#changes.get(field);
    if (changes !== undefined) this.#changes.set(copied, new Map(changes));
    if (parent === undefined) this.#roots.push(copied);
    else {
      parent.kids.push(copied);
      parent.left++;
    }
    return copied;
  }

  #node(object: PdfObject, parent: Field | undefined): Field | undefined {
    const { file } = this.document;
    const number = object instanceof PdfReference ? object.number : 0;
    if (number !== 0 && this.#byNumber.has(number)) {
      file.reading.warnings.add('A field of the form was listed twice.');
      return undefined;
    }
    const dictionary = file.resolve(object);
    if (!(dictionary instanceof Map) || isPageNode(this, number, dictionary)) return undefined;
    const type = this.#type(dictionary) ?? parent?.type;
    const field: Field = { number, object, parent, dictionary, type, kids: [], left: 0 };
    if (number !== 0) this.#byNumber.set(number, field);
    if (parent !== undefined) {
      parent.kids.push(field);
      parent.left++;
    }
    this.#checkParent(field);
    return field;
  }

  /** Whether a node has a value of its own. */
  hasValue({ dictionary }: Field): boolean {
    return this.document.file.resolve(dictionary.get('V')) !== null;
  }

  #type(dictionary: PdfDictionary): string | undefined {
    const { file } = this.document;
    const value = dictionary.get('V');
    const resolved = value instanceof PdfReference ? file.resolve(value) : value;
    if (resolved instanceof Map && resolved.has('ByteRange')) return 'Sig';
    return nameOf(file.resolve(dictionary.get('FT')));
  }

  /** /Parent leads to the parent and to nothing else. */
  #checkParent(field: Field): void {
    const { parent, dictionary } = field;
    const claimed = dictionary.get('Parent');
    const number = claimed instanceof PdfReference ? claimed.number : undefined;
    if (parent === undefined) {
      if (claimed !== undefined) this.change(field, 'Parent', undefined);
    } else if (parent.number !== 0 && number !== parent.number) this.change(field, 'Parent', parent.object);
  }
}

/** Whether a node is drawn on a page. */
export function isWidget({ dictionary }: Field): boolean {
  return nameOf(dictionary.get('Subtype')) === 'Widget';
}

/** Whether an object belongs to the pages, whatever refers to it as a field. */
export function isPageNode({ document }: OfDocument, number: number, dictionary: PdfDictionary): boolean {
  const type = nameOf(dictionary.get('Type'));
  return type === 'Page' || type === 'Pages' || type === 'Catalog' || document.framework.has(number);
}

/** The elements of an array, or none. */
export function elementsOf({ document }: OfDocument, entry: PdfObject | undefined): PdfArray {
  const object = entry === undefined ? null : document.file.resolve(entry);
  return Array.isArray(object) ? object : [];
}
