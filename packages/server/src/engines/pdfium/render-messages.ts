import type { DrawnPage, RenderSettings } from '../capabilities.ts';
import type { PagesReply, Part } from './messages.ts';

/** Draws pages of the document `inputName`. */
export interface RenderRequest {
  readonly does: 'render';
  /** Which pages, as text; from 0. */
  readonly pages: string;
  /** For a document that is encrypted; empty means none. */
  readonly password: string;
  readonly part: Part;
  readonly settings: RenderSettings;
}

/** What the child answers: the pages that it drew, too. */
export interface RenderReply extends PagesReply {
  readonly drawn: readonly DrawnPage[];
}

/** Name of a picture in the box and in the job's directory: by the position of its page among those that were asked for. */
export function pictureName(position: number): string {
  return `picture-${position + 1}`;
}

/** Name of the one file with all pages. */
export const tiffName = 'pages.tiff';

/** Pictures of one document. */
export const picturesMax = 10_000;
