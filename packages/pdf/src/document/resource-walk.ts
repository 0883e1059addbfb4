import { ObjectScan } from '../syntax/object-scan.ts';
import type { Document } from './document.ts';
import { hasIdentity } from './identity.ts';
import type { InheritedValue } from './page-tree.ts';

/** Entries of a page that lead to what it shows. */
const KEYS = ['Resources', 'Contents'];
const OPEN_BRACKET = 0x5b;

/** What is known of an object: nothing, that what it refers to is being looked at, or one of the answers. */
const UNSEEN = 0;
const OPEN = 1;
const CLOSED = 2;
const OTHER = 3;

/** An object on the way from a page to what it shows. */
interface Step {
  readonly number: number;
  /** Number and generation of each object that it refers to. */
  readonly references: readonly number[];
  /** The next of these. */
  next: number;
  readonly isValue: boolean;
  isClosed: boolean;
}

/** How `ResourceWalk` says what it found. */
export interface ResourceVisitor {
  /** Whether an object that was scanned, and that has no identity of its own, counts as a value. */
  isValue(number: number, scan: ObjectScan): boolean;
  /** A value, after all that it refers to; closed if all of that are values too and it is not in a loop. */
  leave(number: number, isClosed: boolean): void;
}

/** Walks what pages show, from their resources and contents down, each object once. */
export class ResourceWalk {
  readonly #document: Document;
  readonly #visitor: ResourceVisitor;
  readonly #scan: ObjectScan;
  readonly #states: Uint8Array;
  readonly #inherited = new Set<InheritedValue>();

  constructor(document: Document, visitor: ResourceVisitor) {
    this.#document = document;
    this.#visitor = visitor;
    this.#scan = new ObjectScan(document.file.reading.limits.nestingMax);
    this.#states = new Uint8Array(document.file.table.length);
  }

  /** Walks from all pages. */
  pages(): void {
    const { file, pages } = this.#document;
    const scan = this.#scan;
    for (const { number, direct, inherited } of pages) {
      if (direct === undefined) file.scan(number, scan);
      else scan.read(direct.bytes, direct.start, direct.end, false);
      const starts = KEYS.map((key) => (scan.find(key) === -1 ? [] : scan.references(scan.find(key))));
      for (const references of starts) this.walk(references);
      for (const value of inherited)
        if (value.key === 'Resources' && !this.#inherited.has(value)) {
          this.#inherited.add(value);
          scan.read(value.raw.bytes, value.raw.start, value.raw.end, false);
          this.walk(scan.references());
        }
    }
  }

  /** Walks from the values that an object has under some keys. */
  entries(number: number, keys: readonly string[]): void {
    const scan = this.#scan;
    this.#document.file.scan(number, scan);
    const indexes = keys.map((key) => scan.find(key)).filter((index) => index !== -1);
    const starts = indexes.map((index) => scan.references(index));
    for (const references of starts) this.walk(references);
  }

  /** Walks from references, given as number and generation of each. */
  walk(starts: readonly number[]): void {
    const root: Step = { number: 0, references: starts, next: 0, isValue: false, isClosed: false };
    const steps = [root];
    for (;;) {
      const step = steps.at(-1)!;
      if (step.next < step.references.length) {
        const state = this.#enter(step.references[step.next]!, step.references[step.next + 1]!, steps);
        step.next += 2;
        if (state === OPEN || state === OTHER) step.isClosed = false;
        continue;
      }
      steps.pop();
      if (steps.length === 0) return;
      this.#states[step.number] = step.isClosed ? CLOSED : OTHER;
      if (!step.isClosed) steps.at(-1)!.isClosed = false;
      if (step.isValue) this.#visitor.leave(step.number, step.isClosed);
    }
  }

  /** The state of an object; one that was not seen yet becomes the next step. */
  #enter(number: number, generation: number, steps: Step[]): number {
    const { file } = this.#document;
    const state = this.#states[number];
    // What does not exist is `null` wherever it is referred to, and what a repair brings is left alone.
    if (!file.table.has(number, generation)) return CLOSED;
    if (state === undefined) return OTHER;
    if (state !== UNSEEN) return state;
    const scan = this.#scan;
    file.scan(number, scan);
    // The list of the streams of a page belongs to it, as pages are added to by adding to the list.
    const isList = steps.length === 1 && scan.bytes[scan.start] === OPEN_BRACKET;
    const isItself = hasIdentity(scan);
    const isValue = !isList && !isItself && this.#visitor.isValue(number, scan);
    const references = isItself ? [] : scan.references();
    this.#states[number] = OPEN;
    steps.push({ number, references, next: 0, isValue, isClosed: isValue });
    return UNSEEN;
  }
}
