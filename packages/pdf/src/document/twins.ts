import { DataComparison } from '../file/data-comparison.ts';
import type { PdfFile } from '../file/file.ts';
import type { DocumentCopy } from './copy.ts';
import { ResourceWalk } from './resource-walk.ts';

/** Earlier files of the same size that one is compared with. */
const COMPARED_MAX = 4;
/** Bytes at the end of files that are compared first: files of one program differ there by identifiers and dates. */
const END_BYTES = 1024;

/** Finds documents that are the same file, byte by byte. */
export class TwinSearch {
  /** The first of each file, by its size. */
  readonly #bySize = new Map<number, DocumentCopy[]>();
  readonly #data = new DataComparison();

  /**
   * Adds a document, and answers the first of those before it whose file is the same and was read in the same way; `open` is
   * called before the file of another document is read.
   */
  add(copy: DocumentCopy, open: (other: DocumentCopy) => void): DocumentCopy | undefined {
    const { file } = copy.document;
    const { size } = file.reading.window;
    const known = this.#bySize.get(size);
    if (known === undefined) {
      this.#bySize.set(size, [copy]);
      return undefined;
    }
    for (const other of known) {
      open(other);
      if (this.#isSame(other.document.file, file))
        // A table that was rebuilt between one object and the next may lead to others.
        return other.document.file.rebuilt === file.rebuilt ? other : undefined;
    }
    if (known.length < COMPARED_MAX) known.push(copy);
    return undefined;
  }

  #isSame({ reading: a }: PdfFile, { reading: b }: PdfFile): boolean {
    if (a.window.source === b.window.source) return true;
    // Small files are read whole here, and copied from there.
    for (const { window } of [a, b]) window.need(0, 1);
    const { size } = b.window;
    const end = Math.max(0, size - END_BYTES);
    return this.#data.isEqual(a, end, b, end, size - end) && this.#data.isEqual(a, 0, b, 0, size);
  }
}

/**
 * Lets references of a document to what its pages show (resources and contents, with all that they refer to) mean the
 * objects of another, which is the same file and has been copied.
 */
export function shareResources(copy: DocumentCopy, twin: DocumentCopy): void {
  const walk = new ResourceWalk(copy.document, {
    isValue(number, scan) {
      if (copy.numberOf(number) !== 0 || copy.isLeftOut(number) || twin.numberOf(number) === 0) return false;
      return !copy.edits.concerns(number, scan) && !twin.edits.concerns(number, scan);
    },
    leave(number, isClosed) {
      if (isClosed) copy.claim(number, twin.numberOf(number));
    },
  });
  walk.pages();
}
