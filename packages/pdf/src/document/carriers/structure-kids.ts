import type { PdfArray, PdfObject } from '../../objects/object.ts';
import { PdfReference } from '../../objects/reference.ts';
import { ObjectScan } from '../../syntax/object-scan.ts';
import type { Document } from '../document.ts';

/** The kids of one element with their places, so that a few of many are found without a look at all. */
export class KidsOrder {
  readonly #places = new Map<number, number>();
  readonly #references = new Map<number, PdfReference>();
  /** Kids that are no elements of their own. */
  readonly #direct: (readonly [place: number, kid: PdfObject])[] = [];

  constructor(kids: PdfArray, isElement: (kid: PdfReference) => boolean) {
    for (const [place, kid] of kids.entries())
      if (!(kid instanceof PdfReference) || !isElement(kid)) this.#direct.push([place, kid]);
      else if (!this.#places.has(kid.number)) {
        this.#places.set(kid.number, place);
        this.#references.set(kid.number, kid);
      }
  }

  /** The kids of these numbers, and of those that are no elements of their own what `keep` makes of them, in order. */
  select(numbers: readonly number[], keep: (kid: PdfObject) => PdfObject | undefined): PdfArray {
    const kept: (readonly [place: number, kid: PdfObject])[] = [];
    for (const number of numbers) {
      const reference = this.#references.get(number);
      if (reference !== undefined) kept.push([this.#places.get(number)!, reference]);
    }
    for (const [place, kid] of this.#direct) {
      const fresh = keep(kid);
      if (fresh !== undefined) kept.push([place, fresh]);
    }
    return kept.sort(([a], [b]) => a - b).map(([, kid]) => kid);
  }
}

/** The orders of the kids of a document's elements with many kids, by the numbers of the elements; 0 for the root. */
export class KidsOrders {
  readonly #document: Document;
  readonly #orders = new Map<number, KidsOrder>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** The order of an element's kids, which are asked for once. */
  of(number: number, kids: () => PdfArray): KidsOrder {
    let order = this.#orders.get(number);
    if (order === undefined) {
      const { file } = this.#document;
      const scan = new ObjectScan(file.reading.limits.nestingMax);
      order = new KidsOrder(kids(), (kid) => file.scan(kid.number, scan) !== undefined && scan.has('S'));
      this.#orders.set(number, order);
    }
    return order;
  }
}

/** For `once`. */
export function readKidsOrders(document: Document): KidsOrders {
  return new KidsOrders(document);
}
