import { PdfError } from '../../errors.ts';
import type { DocumentCopy } from '../copy.ts';

/** With more documents than this, each is let go of while others are read. */
export const OPEN_MAX = 16;

/**
 * Does something with each document of which anything is kept; says of a PdfError which one it is about, and keeps few of
 * many files open.
 */
export function eachCopy(
  copies: readonly DocumentCopy[],
  step: (copy: DocumentCopy, index: number) => void,
): void {
  for (const [index, copy] of copies.entries()) {
    if (!copy.keepsAll && copy.selection.pages.length === 0) continue;
    try {
      step(copy, index);
    } catch (error) {
      if (error instanceof PdfError) error.input ??= index;
      throw error;
    }
    if (copies.length > OPEN_MAX) copy.document.file.release();
  }
}
