import { PdfError } from '../errors.ts';
import type { CatalogPart } from './carriers.ts';
import { DocumentsError, isOfSystem } from './carriers/catalog-each.ts';
import type { Document } from './document.ts';
import { forget } from './once.ts';

/** How often a result is begun again before all but the pages is given up. */
const ATTEMPTS_MAX = 4;
/** Of the work that a document may cause, what one part of its catalog may cause each time it is looked at. */
const SHARE = 1 / 4;

/** What stopped an attempt: a part of the catalog, or (undefined) the pages and what they need. */
class Failure extends Error {
  readonly part: CatalogPart | undefined;
  override readonly cause: unknown;

  constructor(part: CatalogPart | undefined, cause: unknown) {
    super('An attempt failed.');
    this.part = part;
    this.cause = cause;
  }
}

/**
 * What the documents lose so that their pages can be kept: a part of the catalog that causes too much work, or cannot be
 * understood, is taken out of its document, and the result is written again from its first byte. So nothing that was half
 * done stays behind.
 */
export class Losses {
  readonly #documents: readonly Document[];
  /** Parts that no document keeps. */
  readonly #parts = new Set<string>();
  /** What was taken of which document: its index and the part. */
  readonly #taken = new Set<string>();
  #attempts = 0;

  constructor(documents: readonly Document[]) {
    this.#documents = documents;
  }

  /** Whether a part is still to be kept. */
  keeps(part: CatalogPart): boolean {
    return !this.#parts.has(part.what);
  }

  /** Does a step of an attempt, for a part of the catalog or (undefined) for the pages. */
  step(part: CatalogPart | undefined, action: () => void): void {
    for (const { file } of this.#documents) file.reading.work.renew(part === undefined ? 1 : SHARE);
    try {
      action();
    } catch (error) {
      throw isOfSystem(error) ? error : new Failure(part, error);
    }
  }

  /** After an attempt that failed, takes out what was at fault. Throws the error if nothing can be taken out. */
  take(error: unknown, parts: readonly CatalogPart[]): void {
    if (!(error instanceof Failure)) throw error;
    const { part, cause } = error;
    const failures = cause instanceof DocumentsError ? cause.failures : new Map<number, unknown>();
    const wanted = part === undefined ? parts : [part];
    const isOver = [...failures.keys()].some((index) => this.#taken.has(`${index} ${part?.what}`));
    const isFinal = part === undefined && (isOver || failures.size === 0);
    if (this.#attempts >= ATTEMPTS_MAX || part?.keys.length === 0 || isFinal)
      throw cause instanceof DocumentsError ? cause.first : cause;
    if (++this.#attempts === ATTEMPTS_MAX) this.#drop(parts, cause);
    else if (isOver || failures.size === 0) this.#drop(wanted, cause);
    else
      for (const [index, failure] of failures) {
        this.#taken.add(`${index} ${part?.what}`);
        this.#takeFrom(index, wanted, failure);
      }
  }

  #drop(parts: readonly CatalogPart[], cause: unknown): void {
    const first = cause instanceof DocumentsError ? cause.first : cause;
    for (const index of this.#documents.keys()) this.#takeFrom(index, parts, first);
    for (const { what, keys } of parts) if (keys.length > 0) this.#parts.add(what);
  }

  #takeFrom(index: number, parts: readonly CatalogPart[], cause: unknown): void {
    const document = this.#documents[index]!;
    const { catalog, file } = document;
    for (const { what, keys } of parts) {
      if (keys.some((key) => catalog.has(key) || (key === 'Info' && file.trailer.has(key))))
        file.reading.warnings.add(`${what} left out, as ${reason(cause)}.`);
      for (const key of keys) catalog.delete(key);
      if (keys.includes('Info')) file.trailer.delete('Info');
    }
    forget(document);
  }
}

function reason(cause: unknown): string {
  return cause instanceof PdfError && cause.code === 'limit'
    ? 'it causes too much work for the size of the document'
    : 'it cannot be understood';
}
