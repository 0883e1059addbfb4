import type { Refusal } from '../../sandbox/refusal.ts';
import type { PictureSettings } from '../capabilities.ts';

/** What the engine asks its child. */
export type PicturesRequest = OptimiseRequest | ProbeRequest;

/** Makes `inputName` smaller. */
export interface OptimiseRequest {
  readonly does: 'optimise';
  readonly pictures: PictureSettings;
  /** After so long the rest of the pictures stays as it is, so that the document is written in time. */
  readonly picturesMsMax: number;
  /** For a document that is encrypted; empty means none. */
  readonly password: string;
}

/** Packs a picture, to show that the library works here. */
export interface ProbeRequest {
  readonly does: 'probe';
}

/** What the child answers to a document: either what it made or why not. */
export type OptimiseReply =
  | { readonly pageCount: number; readonly warnings: readonly string[] }
  | { readonly refused: Refusal };

/** What the child answers to a probe. */
export interface ProbeReply {
  /** Bytes of the picture that it packed. */
  readonly bytes: number;
}

/** Name of the document in the box. */
export const inputName = '1.pdf';

/** Name of the result in the box and in the job's directory. */
export const resultName = 'result.pdf';
