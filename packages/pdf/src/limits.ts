/** Upper bounds for one call of a verb. Passing one throws a PdfError of code `limit`, where nothing else is said. */
export interface Limits {
  /** Highest object number of one document. A cross-reference table that claims more is not trusted but rebuilt. */
  readonly objectsMax: number;
  /** Nesting of arrays and dictionaries inside one object. What is deeper becomes `null`, with a warning. */
  readonly nestingMax: number;
  /** Bytes of one object, the data of a stream left aside. */
  readonly objectBytesMax: number;
  /** Levels of the page tree. */
  readonly treeDepthMax: number;
  /** Pages of one document. */
  readonly pagesMax: number;
  /** Bytes of one decoded stream that has to be decoded to read the file (cross-reference and object streams). */
  readonly decodedBytesMax: number;
  /** Bytes of all such streams of one document together. */
  readonly decodedBytesTotalMax: number;
  /** Filters on one such stream. */
  readonly filtersMax: number;
  /** Sections that are linked by /Prev, one for each incremental update. */
  readonly revisionsMax: number;
  /** Bytes read and written for one document, as a multiple of its own size (decoded streams included). */
  readonly workFactorMax: number;
  /** The same for the smallest document, in bytes; it comes on top. */
  readonly workBytesMin: number;
}

/** Bounds that no ordinary document comes near, and that a box of 300 MB can bear. */
export const defaultLimits: Limits = {
  objectsMax: 8_388_607,
  nestingMax: 256,
  objectBytesMax: 16 * 1024 * 1024,
  treeDepthMax: 1_000,
  pagesMax: 200_000,
  decodedBytesMax: 64 * 1024 * 1024,
  decodedBytesTotalMax: 512 * 1024 * 1024,
  filtersMax: 25,
  revisionsMax: 10_000,
  workFactorMax: 32,
  workBytesMin: 64 * 1024 * 1024,
};
