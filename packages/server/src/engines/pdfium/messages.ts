import type { Refusal } from '../../sandbox/refusal.ts';
import type { ReadingOutput, ReadingSettings, SearchSettings, TableSettings } from '../capabilities.ts';
import type { Noticed } from './remarks.ts';
import type { RenderReply, RenderRequest } from './render-messages.ts';

/** What the engine asks its child to do with the document `inputName`. */
export type PdfiumRequest = ReadRequest | FindRequest | FindTablesRequest | RenderRequest | ProbeRequest;

/** Which pages are looked at, and how. */
export interface PagesRequest {
  readonly pages: string;
  readonly settings: ReadingSettings;
  /** For a document that is encrypted; empty means none. */
  readonly password: string;
  readonly part: Part;
}

/** A part of the pages that `pages` names, by their positions there. */
export interface Part {
  readonly from: number;
  /** Behind the last one; undefined for all that are left. */
  readonly to: number | undefined;
  /** No page is begun after so long, but for the first; see `isToBeDivided`. */
  readonly msMax: number | undefined;
}

/** All pages. */
export const allParts: Part = { from: 0, to: undefined, msMax: undefined };

/** Writes what stands on pages as `resultName`. Of a part that is not the first, only what comes behind the one before. */
export interface ReadRequest extends PagesRequest {
  readonly does: 'read';
  readonly output: ReadingOutput;
}

/** Writes where text stands, as JSON: a list of `Hit`. */
export interface FindRequest extends PagesRequest {
  readonly does: 'find';
  readonly searches: readonly SearchSettings[];
  /** Places of one page that are told; all where it is left out. */
  readonly perPageMax?: number | undefined;
}

/** Writes where tables are, as JSON: a list of `FoundTable`. */
export interface FindTablesRequest extends PagesRequest {
  readonly does: 'find-tables';
  readonly tables: TableSettings;
}

/** Places of one document that are told. */
export const hitsMax = 10_000;

/** Starts PDFium, to show that it runs here. */
export interface ProbeRequest {
  readonly does: 'probe';
}

/** What the child answers: either what it did or why not. */
export type PdfiumReply = PagesReply | RenderReply | { readonly refused: Refusal };

export interface PagesReply {
  /** How many pages `pages` names. */
  readonly pageCount: number;
  /** Position behind the last page that was looked at. */
  readonly next: number;
  readonly noticed: Noticed;
}

/** Name of the document in the box. */
export const inputName = '1.pdf';

/** Name of a document in the box that was repaired, while it is opened. */
export const repairedName = 'repaired.pdf';

/** Name of the result in the box and in the job's directory, of a part that begins at this position. */
export function resultName(from: number): string {
  return from === 0 ? 'result' : `result-${from}`;
}
