import type { FileWriter } from '../file/writer.ts';
import { baseAddress } from './carriers/catalog-base.ts';
import { annotations } from './carriers/annotations.ts';
import { catalogEntries } from './carriers/catalog.ts';
import { Destinations } from './carriers/destinations.ts';
import { labels } from './carriers/labels.ts';
import { FieldUses } from './carriers/forms-actions.ts';
import { forms } from './carriers/forms.ts';
import { layers } from './carriers/layers.ts';
import { metadata } from './carriers/metadata.ts';
import { names } from './carriers/names.ts';
import { outlines, type OutlineMode } from './carriers/outlines.ts';
import { structure } from './carriers/structure.ts';
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

/** What a caller may choose of how documents become one. */
export interface CarrierOptions {
  /** Outlines one after the other (`join`), or each under the title of its document (`by-document`). */
  readonly outlines: OutlineMode;
  /** Titles of the documents, for outlines by document. */
  readonly titles: readonly (string | undefined)[];
}

/** A part of the catalog that can be lost without the others. */
export interface CatalogPart {
  /** What it is and what happens to it, for a warning: `The outline was`. */
  readonly what: string;
  /** Keys of the catalog, and /Info of the trailer, without which a document does not have it. None if nothing can do without it. */
  readonly keys: readonly string[];
  readonly carrier: Carrier;
}

/** Entries of the catalog that are values rather than trees. */
const VALUES = ['PageMode', 'PageLayout', 'ViewerPreferences', 'OpenAction', 'AA', 'Lang', 'Extensions'];

/** The carriers of one merge, in order. */
export function catalogParts(options: CarrierOptions): CatalogPart[] {
  const destinations = new Destinations();
  const uses = new FieldUses();
  const part = (what: string, keys: readonly string[], carrier: Carrier): CatalogPart => ({
    what,
    keys,
    carrier,
  });
  return [
    part('The names and attachments were', ['Names', 'Dests'], names(destinations, uses)),
    part('The outline was', ['Outlines'], outlines(options.outlines, options.titles)),
    part('The page labels were', ['PageLabels'], labels()),
    part('Entries of the catalog were', [...VALUES, 'OutputIntents', 'AF'], catalogEntries(destinations)),
    part('The base address was', ['URI'], baseAddress()),
    part('The information and metadata were', ['Metadata', 'Info'], metadata()),
    part('The form was', ['AcroForm'], forms(uses)),
    part('The layers were', ['OCProperties'], layers()),
    part('The tags were', ['StructTreeRoot', 'MarkInfo'], structure()),
    part('The article threads were', ['Threads'], threads()),
    part('Annotations were', [], annotations()),
  ];
}
