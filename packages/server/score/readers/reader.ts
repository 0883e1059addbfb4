import type { Cells } from '../fixtures/fixture.ts';

/** Something that reads documents. */
export interface Reader {
  readonly name: string;
  /** `path` is a file with the same bytes. */
  read(document: { readonly bytes: Uint8Array; readonly path: string }): Promise<Reading>;
  close?(): void;
}

/** What a reader makes of a document, as far as it can make it. */
export interface Reading {
  /** The words. */
  readonly text?: string;
  /** The words in the order in which they are read, where the reader has a mode for it. */
  readonly inOrder?: string;
  readonly tables?: readonly Cells[];
  /** All that stands on the pages, in rows and columns. */
  readonly grid?: Cells;
}
