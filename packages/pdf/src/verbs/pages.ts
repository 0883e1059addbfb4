import { assemble, type Part } from '../document/assembly.ts';
import type { OutlineMode } from '../document/carriers/outlines.ts';
import type { PagePlace } from '../document/page-list.ts';
import { PdfError } from '../errors.ts';
import type { Sink } from '../file/sink.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { identifier, identifierOfPart } from './identifier.ts';
import type { MergeInput, MergeResult } from './merge.ts';
import { finishing, openAll } from './open.ts';
import { checkPages } from './split.ts';

/** How pages are put together. */
export interface PagesOptions {
  readonly limits?: Partial<Limits> | undefined;
  /** As of a merge. */
  readonly outlines?: OutlineMode | undefined;
}

/**
 * Writes the pages of a list, in its order, as one document: pages left out of it are deleted, others moved, turned,
 * repeated, or taken from another input. The first input is the document, whose attachments, scripts and open action
 * stay; of another they come along where all its pages do. `list` may be a function of the numbers of pages of all inputs,
 * such as `([count]) => deletePages(allPages(count), [0])`. Encrypted inputs are decrypted. Throws PdfError: `page-index`
 * for a page or an input that does not exist, `page-range` for an angle that is no multiple of 90, or an empty list, `limit` for more than
 * `pagesMax` pages. The sink is finished, or discarded on any error. The sources are left to the caller to close.
 */
export function pages(
  inputs: readonly MergeInput[],
  list: readonly PagePlace[] | ((pageCounts: readonly number[]) => readonly PagePlace[]),
  sink: Sink,
  options: PagesOptions = {},
): MergeResult {
  const { pagesMax } = { ...defaultLimits, ...options.limits };
  return finishing(sink, () => {
    const { documents, warnings } = openAll(inputs, options.limits);
    const counts = documents.map((document) => document.pages.length);
    const places = typeof list === 'function' ? list(counts) : list;
    if (places.length > pagesMax) throw new PdfError('limit', 'There are too many pages in the list.');
    const parts = partsOf(places, counts);
    const id = identifierOfPart(
      identifier(inputs.map(({ source }) => source)),
      places.flatMap(({ input = 0, page, rotate = 0 }) => [input, page, rotate]),
    );
    const { pageCount, version } = assemble(documents, parts, sink, {
      outlines: options.outlines ?? 'join',
      titles: inputs.map(({ title }) => title),
      id,
      keeps: 'first',
    });
    return { pageCount, version, warnings: warnings() };
  });
}

/** Neighbours of one document that are turned alike make one part. */
function partsOf(places: readonly PagePlace[], counts: readonly number[]): Part[] {
  const parts: (Part & { readonly pages: number[] })[] = [];
  for (const { input = 0, page, rotate = 0 } of places) {
    if (counts[input] === undefined)
      throw new PdfError('page-index', `There is no document of index ${input}.`);
    if (!Number.isInteger(rotate / 90))
      throw new PdfError('page-range', `A page can be turned by multiples of 90 degrees, not by ${rotate}.`);
    checkPages([page], counts[input]);
    const last = parts.at(-1);
    if (last !== undefined && last.document === input && last.rotate === rotate) last.pages.push(page);
    else parts.push({ document: input, pages: [page], rotate });
  }
  return parts;
}
