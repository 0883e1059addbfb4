import type { FileWriter } from '../file/writer.ts';
import type { DocumentCopy } from './copy.ts';

/** Entries of the result's catalog and trailer besides the pages. */
export interface Carried {
  /** Entries of the catalog as text, such as `/Lang(en)`. */
  catalog: string;
  /** Object number of the document information, if there is one. */
  info: number | undefined;
}

/**
 * Carries one thing that belongs to a document as a whole into the result. It sees the copies of all documents, whose
 * pages have been copied, and may write objects and copy more of what it needs by `DocumentCopy.reference`.
 */
export type CatalogCarrier = (copies: readonly DocumentCopy[], writer: FileWriter, carried: Carried) => void;

/** The document information of the first document (ISO 32000-2, 14.3.3). */
const information: CatalogCarrier = (copies, _writer, carried) => {
  carried.info = copies[0]?.information();
};

/** All carriers in order. Outlines, destinations, forms, labels, layers, tags and attachments take their place here. */
export const catalogCarriers: readonly CatalogCarrier[] = [information];
