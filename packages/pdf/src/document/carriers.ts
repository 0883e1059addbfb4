import type { FileWriter } from '../file/writer.ts';
import { layers } from './carriers/layers.ts';
import { threads } from './carriers/threads.ts';
import type { DocumentCopy } from './copy.ts';

/** Entries of the result's catalog and trailer besides the pages. */
export interface Carried {
  /** Entries of the catalog as text, such as `/Lang(en)`. */
  catalog: string;
  /** Object number of the document information, if there is one. */
  info: number | undefined;
}

/**
 * Carries one thing that belongs to a document as a whole into the result. One is made for each merge, so it may keep what
 * it found in `prepare` for `carry`.
 */
export interface Carrier {
  /** Looks at the documents before anything is copied, and adds edits where they need some (`DocumentCopy.edits`). */
  prepare?(copies: readonly DocumentCopy[], writer: FileWriter): void;
  /**
   * Sees the copies of all documents, whose pages have been copied, and may write objects and copy more of what it needs by
   * `DocumentCopy.reference`.
   */
  carry(copies: readonly DocumentCopy[], writer: FileWriter, carried: Carried): void;
}

/** The document information of the first document (ISO 32000-2, 14.3.3). */
const information = (): Carrier => ({
  carry: (copies, _writer, carried) => {
    carried.info = copies[0]?.information();
  },
});

/** All carriers in order. */
const carriers: readonly (() => Carrier)[] = [information, layers, threads];

/** The carriers of one merge. */
export function catalogCarriers(): Carrier[] {
  return carriers.map((make) => make());
}
