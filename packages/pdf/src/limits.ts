/** Upper bounds for one call of a verb. Passing one throws a PdfError of code `limit`. */
export interface Limits {
  /** Objects in one document, also those that a cross-reference table only claims. */
  readonly objectsMax: number;
  /** Nesting of arrays and dictionaries inside one object. */
  readonly nestingMax: number;
  /** Levels of the page tree. */
  readonly treeDepthMax: number;
  /** Pages of one document. */
  readonly pagesMax: number;
  /** Bytes of one decoded stream that has to be decoded to read the file (cross-reference and object streams). */
  readonly decodedBytesMax: number;
  /** Bytes of all such streams of one document together. */
  readonly decodedBytesTotalMax: number;
  /** Filters on one stream. */
  readonly filtersMax: number;
  /** Sections that are linked by /Prev, one for each incremental update. */
  readonly revisionsMax: number;
}

export const defaultLimits: Limits = {
  objectsMax: 8_388_607,
  nestingMax: 256,
  treeDepthMax: 1_000,
  pagesMax: 200_000,
  decodedBytesMax: 256 * 1024 * 1024,
  decodedBytesTotalMax: 1024 * 1024 * 1024,
  filtersMax: 25,
  revisionsMax: 10_000,
};
