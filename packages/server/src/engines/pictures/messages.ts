import type { Refusal } from '../../sandbox/refusal.ts';
import type { PictureSettings } from '../capabilities.ts';
import type { Size } from './page-size.ts';

/** What the engine asks its child. */
export type PicturesRequest = OptimiseRequest | ToPdfRequest | ProbeRequest;

/** Makes `inputName` smaller. */
export interface OptimiseRequest {
  readonly does: 'optimise';
  readonly pictures: PictureSettings;
  /** After so long the rest of the pictures stays as it is, so that the document is written in time. */
  readonly picturesMsMax: number;
  /** For a document that is encrypted; empty means none. */
  readonly password: string;
}

/** Makes a document of the pictures `pictureName(0)` and so on. */
export interface ToPdfRequest {
  readonly does: 'to-pdf';
  readonly count: number;
  /** Points of the pages, in their order; of what is not here the picture says it. */
  readonly sizes: readonly Size[] | undefined;
  /** Whether there is something to draw text with. */
  readonly hasFonts: boolean;
}

/** Packs a picture, to show that the library works here. */
export interface ProbeRequest {
  readonly does: 'probe';
}

/** What the child answers to documents and pictures: either what it made or why not. */
export type MadeReply =
  | { readonly pageCount: number; readonly warnings: readonly string[] }
  | { readonly refused: Refusal };

/** What the child answers to a probe. */
export interface ProbeReply {
  /** Bytes of the picture that it packed. */
  readonly bytes: number;
}

/** Name of the document in the box. */
export const inputName = '1.pdf';

/** Name of a picture in the box, by its position. */
export function pictureName(index: number): string {
  return `picture-${index + 1}`;
}

/** Name of the result in the box and in the job's directory. */
export const resultName = 'result.pdf';
