import { openDocument, type Document } from '../document/document.ts';
import { pageGeometry, type PageGeometry } from '../document/page.ts';
import type { Source } from '../file/source.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { Warnings } from '../warnings.ts';

/** What a document is. */
export interface DocumentInfo {
  readonly pageCount: number;
  /** Such as `1.7`. */
  readonly version: string;
  /** Whether the file is encrypted; it was opened all the same. */
  readonly encrypted: boolean;
  /** Whether the file was damaged so that its cross-reference table had to be rebuilt. */
  readonly repaired: boolean;
  /** One for each page, in order. */
  readonly pages: readonly PageGeometry[];
  /** What was repaired, in short sentences. */
  readonly warnings: readonly string[];
}

/** Reads what a document is. Throws PdfError. The source is left to the caller to close. */
export function info(
  source: Source,
  options: { readonly password?: string | undefined; readonly limits?: Partial<Limits> | undefined } = {},
): DocumentInfo {
  const warnings = new Warnings();
  const limits = { ...defaultLimits, ...options.limits };
  const document: Document = openDocument(source, { password: options.password ?? '', limits, warnings });
  const pages = pageGeometry(document);
  return {
    pageCount: pages.length,
    version: document.version,
    encrypted: document.file.security !== undefined,
    repaired: document.file.rebuilt,
    pages,
    warnings: warnings.list(),
  };
}
