import type { Refusal } from '../../sandbox/refusal.ts';
import type { Encryption } from '../capabilities.ts';

/** What the engine asks its child to do with documents. */
export type Act =
  | {
      readonly does: 'merge';
      /** What each document is called, in their order. */
      readonly titles: readonly string[];
      readonly outlines: 'join' | 'by-document';
    }
  | { readonly does: 'split'; readonly pages: string }
  | { readonly does: 'delete-pages'; readonly pages: string }
  | { readonly does: 'keep-pages'; readonly pages: string }
  | { readonly does: 'rotate-pages'; readonly pages: string; readonly angle: number }
  | { readonly does: 'encrypt'; readonly encryption: Encryption }
  | { readonly does: 'decrypt' }
  | { readonly does: 'info' }
  | { readonly does: 'attachments' }
  | {
      readonly does: 'attach';
      /** What is said of the files that follow the document, in their order. */
      readonly files: readonly {
        readonly name: string;
        readonly mediaType: string | undefined;
        /** ISO 8601. */
        readonly modified: string | undefined;
      }[];
    };

/** An act on the documents `inputName(0)` and so on. */
export type OctavoRequest = Act & {
  /** For those that are encrypted; empty means none. */
  readonly password: string;
};

/** One kind of request. */
export type RequestOf<Does extends Act['does']> = Extract<OctavoRequest, { readonly does: Does }>;

/** What the child answers: either what it made or why not. */
export type OctavoReply =
  | {
      readonly pageCount: number;
      readonly warnings: readonly string[];
      /** Where it made several files: which, and what each is called, in their order. */
      readonly parts?: readonly Part[];
    }
  | { readonly refused: Refusal };

/** One file of several: its name in the box, and what it is called. */
export interface Part {
  readonly as: string;
  readonly name: string;
}

/** Name of a document in the box, by its position. */
export function inputName(index: number): string {
  return `${index + 1}.pdf`;
}

/** Name of the one result in the box and in the job's directory. */
export const resultName = 'result.pdf';

/** Name of the file with the facts of a document, as JSON: they may be longer than a message. */
export const factsName = 'facts.json';

/** Name of one of several results, by its position. */
export function partName(index: number): string {
  return `part-${index + 1}`;
}

/** Files that one call may make. */
export const partsMax = 10_000;

/** Files that one call may attach: what is said of them fits into one message. */
export const attachedMax = 1_000;
