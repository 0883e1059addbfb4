import type { Refusal } from '../../sandbox/refusal.ts';
import type { ReadingOutput, ReadingSettings } from '../capabilities.ts';
import type { RenderRequest } from './render-messages.ts';

/** What the engine asks its child to do with the document `inputName`. */
export type PdfiumRequest = ReadRequest | RenderRequest | ProbeRequest;

/** Writes what stands on pages as `resultName`. */
export interface ReadRequest {
  readonly does: 'read';
  readonly pages: string;
  readonly settings: ReadingSettings;
  readonly output: ReadingOutput;
  /** For a document that is encrypted; empty means none. */
  readonly password: string;
}

/** Reads a document of its own, to show that PDFium runs here. */
export interface ProbeRequest {
  readonly does: 'probe';
}

/** What the child answers: either what it made or why not. */
export type PdfiumReply =
  | { readonly pageCount: number; readonly warnings: readonly string[] }
  | { readonly refused: Refusal };

/** Name of the document in the box. */
export const inputName = '1.pdf';

/** Name of a document in the box that was repaired, while it is opened. */
export const repairedName = 'repaired.pdf';

/** Name of the result in the box and in the job's directory. */
export const resultName = 'result';
