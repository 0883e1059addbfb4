import type { Document } from './document.ts';

const found = new WeakMap<Document, Map<unknown, unknown>>();

/**
 * What a function finds in a document, found once for all results that pages of the document go into. The function is
 * known by its identity, and what it answers must not be changed.
 */
export function once<Result>(document: Document, find: (document: Document) => Result): Result {
  let known = found.get(document);
  if (known === undefined) found.set(document, (known = new Map()));
  if (!known.has(find)) known.set(find, find(document));
  return known.get(find) as Result;
}

/** Forgets what was found in a document, which has changed. */
export function forget(document: Document): void {
  found.delete(document);
}
