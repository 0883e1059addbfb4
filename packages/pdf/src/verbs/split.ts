import { assemble } from '../document/assembly.ts';
import type { Document } from '../document/document.ts';
import { PdfError } from '../errors.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { identifier, identifierOfPart } from './identifier.ts';
import { openAll } from './open.ts';

/** Lists of page indexes, from 0: one list for each part, its pages in the order of the part. */
export type SplitParts = readonly (readonly number[])[];

/** How a document is split. */
export interface SplitOptions {
  /** Opens an encrypted document; the empty one is tried in any case. */
  readonly password?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** What a split made. */
export interface SplitResult {
  /** Pages of the document that was split. */
  readonly pageCount: number;
  /** Pages of each part. */
  readonly parts: readonly number[];
  /** Version of all parts. */
  readonly version: string;
  /** What was repaired, in short sentences. */
  readonly warnings: readonly string[];
}

/**
 * Writes each part as a document of its own, with what its pages need and nothing else; a part with all pages has all that
 * the document has. The document is read once. `parts` may be a function of the number of pages, such as
 * `(count) => splitRanges('1-2,3-', count)`. `sinkFor` is asked for a sink when its part begins, and each is finished
 * before the next begins; the size of all results together is left to the sinks, which may throw. Throws PdfError:
 * `page-index` for a page that does not exist, `page-range` for a part without pages, `limit` for more than `pagesMax` pages in all. On
 * any error all sinks are discarded, those that were finished too. The source is left to the caller to close.
 */
export function split(
  source: Source,
  parts: SplitParts | ((pageCount: number) => SplitParts),
  sinkFor: (index: number) => Sink,
  options: SplitOptions = {},
): SplitResult {
  const { pagesMax } = { ...defaultLimits, ...options.limits };
  const { documents, warnings } = openAll([{ source, password: options.password }], options.limits);
  const document = documents[0]!;
  const { length } = document.pages;
  const lists = typeof parts === 'function' ? parts(length) : parts;
  if (lists.reduce((sum, pages) => sum + pages.length, 0) > pagesMax)
    throw new PdfError('limit', 'The parts have too many pages.');
  for (const pages of lists) checkPages(pages, length);
  const id = identifier([source]);
  const sinks: Sink[] = [];
  let version = document.version;
  try {
    for (const [index, pages] of lists.entries()) {
      const sink = sinkFor(index);
      sinks.push(sink);
      ({ version } = writePart(document, pages, sink, identifierOfPart(id, pages)));
      sink.finish();
    }
  } catch (error) {
    for (const sink of sinks) sink.discard();
    throw error;
  }
  return { pageCount: length, parts: lists.map((pages) => pages.length), version, warnings: warnings() };
}

function writePart(
  document: Document,
  pages: readonly number[],
  sink: Sink,
  id: Uint8Array,
): { readonly version: string } {
  document.file.reading.work.renew();
  const options = { outlines: 'join', titles: [], id, keeps: 'whole' } as const;
  return assemble([document], [{ document: 0, pages }], sink, options);
}

/** Throws PdfError `page-index` unless all are indexes of pages. */
export function checkPages(pages: readonly number[], pageCount: number): void {
  for (const page of pages)
    if (!Number.isInteger(page) || page < 0 || page >= pageCount)
      throw new PdfError('page-index', `There is no page of index ${page}: the document has ${pageCount}.`);
}
