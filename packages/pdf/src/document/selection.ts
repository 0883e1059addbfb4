import type { Document } from './document.ts';
import type { Page } from './page-tree.ts';

/** A page of a document that has a place in the result. */
export interface SelectedPage {
  readonly page: Page;
  /** Its index in its document. */
  readonly index: number;
  /** Its index in the result. */
  readonly position: number;
  /** Its object number in the result, and that of the node it is under. */
  readonly number: number;
  readonly parent: number;
  /** Degrees clockwise by which it is turned, a multiple of 90. */
  readonly rotate: number;
  /** Whether the page had a place before. */
  readonly isRepeat: boolean;
}

/** The pages of one document that are part of the result, in the order of the result. */
export class Selection {
  readonly pages: SelectedPage[] = [];
  readonly #document: Document;
  /** Object numbers; of pages that have none the index, as a negative number. */
  readonly #keys = new Set<number>();
  #isInOrder = true;
  #isWhole: boolean | undefined;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Adds the page at an index. */
  add(index: number, place: Pick<SelectedPage, 'position' | 'number' | 'parent' | 'rotate'>): SelectedPage {
    const page = this.#document.pages[index]!;
    const key = page.number === 0 ? -1 - index : page.number;
    const isRepeat = this.#keys.has(key);
    this.#keys.add(key);
    if (index !== this.pages.length) this.#isInOrder = false;
    const selected = { ...place, page, index, isRepeat };
    this.pages.push(selected);
    this.#isWhole = undefined;
    return selected;
  }

  /** Whether an object is a page of the selection. */
  has(number: number): boolean {
    return number > 0 && this.#keys.has(number);
  }

  /** Whether no page of the document is missing. */
  get isWhole(): boolean {
    this.#isWhole ??= this.#findWhole();
    return this.#isWhole;
  }

  /** Whether it is all pages, each once, at the index in the result that they have in their document. */
  get isUnmoved(): boolean {
    return this.#isInOrder && this.isWhole && this.pages[0]!.position === 0 && this.#isTogether;
  }

  /** Whether there is a page with more than one place. */
  get hasRepeats(): boolean {
    return this.#keys.size < this.pages.length;
  }

  get #isTogether(): boolean {
    return this.pages.at(-1)!.position - this.pages[0]!.position === this.pages.length - 1;
  }

  #findWhole(): boolean {
    const { length } = this.#document.pages;
    if (this.pages.length < length) return false;
    return this.#isInOrder
      ? this.pages.length === length
      : new Set(this.pages.map(({ index }) => index)).size === length;
  }
}
