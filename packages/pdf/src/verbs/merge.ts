import { assemble, type Part } from '../document/assembly.ts';
import type { OutlineMode } from '../document/carriers/outlines.ts';
import type { Sink } from '../file/sink.ts';
import type { Limits } from '../limits.ts';
import { identifier } from './identifier.ts';
import { finishing, openAll, type Input } from './open.ts';

/** One of the documents to be merged. */
export interface MergeInput extends Input {
  /** Name of the document, for outlines by document; `Document N` without it. */
  readonly title?: string | undefined;
}

/** How documents are merged. */
export interface MergeOptions {
  readonly limits?: Partial<Limits> | undefined;
  /** Outlines one after the other (`join`, as if nothing is said), or each under the title of its document. */
  readonly outlines?: OutlineMode | undefined;
}

/** What a merge made. */
export interface MergeResult {
  /** Pages of the result. */
  readonly pageCount: number;
  /** Version of the result: the highest of the inputs, and what its own structure asks for. */
  readonly version: string;
  /** What was repaired, in short sentences; each begins with `Document N: `, N from 1, if there is more than one. */
  readonly warnings: readonly string[];
}

/**
 * Writes all pages of all inputs, in order, with everything they reach, as one document. The same inputs give the same
 * bytes. Encrypted inputs are decrypted. Throws PdfError with `input` set; the sink is finished, or discarded on any
 * error. The sources are left to the caller to close.
 */
export function merge(inputs: readonly MergeInput[], sink: Sink, options: MergeOptions = {}): MergeResult {
  return finishing(sink, () => {
    const { documents, warnings } = openAll(inputs, options.limits);
    const parts = documents.map((_, document): Part => ({ document, pages: undefined }));
    const { pageCount, version } = assemble(documents, parts, sink, {
      outlines: options.outlines ?? 'join',
      titles: inputs.map(({ title }) => title),
      id: identifier(inputs.map(({ source }) => source)),
      keeps: 'all',
    });
    return { pageCount, version, warnings: warnings() };
  });
}
