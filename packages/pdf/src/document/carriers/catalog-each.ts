import { PdfError } from '../../errors.ts';
import type { DocumentCopy } from '../copy.ts';

/** With more documents than this, each is let go of while others are read. */
export const OPEN_MAX = 16;

/** What went wrong with some of the documents, by their index; the errors of PdfError have `input` set. */
export class DocumentsError extends Error {
  readonly failures: ReadonlyMap<number, unknown>;

  constructor(failures: ReadonlyMap<number, unknown>) {
    super('Some of the documents failed.');
    this.failures = failures;
  }

  /** The first of them. */
  get first(): unknown {
    return [...this.failures.values()][0];
  }
}

/** Whether an error is not the documents' fault: the disk is full, a file is gone. */
export function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

/**
 * Does something with each document of which anything is kept, and keeps few of many files open. Throws DocumentsError after
 * the last one if some failed.
 */
export function eachCopy(
  copies: readonly DocumentCopy[],
  step: (copy: DocumentCopy, index: number) => void,
): void {
  const failures = new Map<number, unknown>();
  for (const [index, copy] of copies.entries()) {
    if (!copy.keepsAll && copy.selection.pages.length === 0) continue;
    try {
      step(copy, index);
    } catch (error) {
      if (isOfSystem(error)) throw error;
      if (error instanceof PdfError) error.input ??= index;
      failures.set(index, error);
    }
    if (copies.length > OPEN_MAX) copy.document.file.release();
  }
  if (failures.size > 0) throw new DocumentsError(failures);
}
