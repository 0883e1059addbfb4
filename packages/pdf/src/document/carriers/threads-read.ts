import { PdfReference } from '../../objects/reference.ts';
import type { Document } from '../document.ts';

/** A part of an article on one page. */
export interface Bead {
  readonly reference: PdfReference;
  /** Index of its thread, and its place in the chain. */
  readonly thread: number;
  readonly position: number;
}

/** The article threads of a document with all their beads. */
export interface Beads {
  readonly threads: readonly PdfReference[];
  /** Object numbers of the threads and all beads. */
  readonly numbers: ReadonlySet<number>;
  /** By the object number of the page. */
  readonly byPage: ReadonlyMap<number, readonly Bead[]>;
}

/** The threads that the catalog lists (ISO 32000-2, 12.4.3). */
export function threadsOf({ catalog, file }: Document): PdfReference[] {
  const entry = catalog.get('Threads');
  const list = entry === undefined ? null : file.resolve(entry);
  return Array.isArray(list) ? list.filter((each) => each instanceof PdfReference) : [];
}

/** Follows the chains of all threads. A bead seen before ends its chain. */
export function readBeads(document: Document): Beads {
  const { file } = document;
  const threads = threadsOf(document);
  const byPage = new Map<number, Bead[]>();
  const seen = new Set<number>();
  for (const [thread, reference] of threads.entries()) {
    const dictionary = file.resolve(reference);
    let next = dictionary instanceof Map ? dictionary.get('F') : undefined;
    for (let position = 0; next instanceof PdfReference && !seen.has(next.number); position++) {
      seen.add(next.number);
      const bead = file.resolve(next);
      if (!(bead instanceof Map)) break;
      const page = bead.get('P');
      if (page instanceof PdfReference) {
        const beads = byPage.get(page.number);
        const found: Bead = { reference: next, thread, position };
        if (beads === undefined) byPage.set(page.number, [found]);
        else beads.push(found);
      }
      next = bead.get('N');
    }
  }
  const numbers = new Set([...seen, ...threads.map(({ number }) => number)]);
  return { threads, numbers, byPage };
}
