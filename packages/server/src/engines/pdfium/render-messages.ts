import type { DrawnPage, RenderSettings } from '../capabilities.ts';

/** Draws pages of the document `inputName`. */
export interface RenderRequest {
  readonly does: 'render';
  /** For a document that is encrypted; empty means none. */
  readonly password: string;
  /** Which pages, as text; from 0. */
  readonly pages: string;
  /** Of these the first to be drawn, and how many. */
  readonly from: number;
  readonly count: number;
  readonly settings: RenderSettings;
}

/** What the child answers: `pageCount` counts all pages that were asked for, `drawn` has those that were drawn. */
export interface RenderReply {
  readonly pageCount: number;
  readonly warnings: readonly string[];
  readonly drawn: readonly DrawnPage[];
}

/** Name of a picture in the box and in the job's directory: by the position of its page among those that were asked for. */
export function pictureName(position: number): string {
  return `picture-${position + 1}`;
}

/** Name of the one file with all pages. */
export const tiffName = 'pages.tiff';
