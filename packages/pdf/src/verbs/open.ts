import { OPEN_MAX } from '../document/carriers/catalog-each.ts';
import { openDocument, type Document } from '../document/document.ts';
import { PdfError } from '../errors.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { Warnings } from '../warnings.ts';

/** A document that a verb reads. */
export interface Input {
  readonly source: Source;
  /** Opens an encrypted document; the empty one is tried in any case. */
  readonly password?: string | undefined;
}

/** Documents that are open. */
export interface Opened {
  readonly documents: readonly Document[];
  /** What was repaired until now, each with its document if there are several. */
  warnings(): string[];
}

/**
 * Opens all documents; of many, only few files stay open. Throws PdfError with `input` set, `damaged` if there is no
 * document.
 */
export function openAll(inputs: readonly Input[], limits: Partial<Limits> | undefined): Opened {
  const bounds = { ...defaultLimits, ...limits };
  const warnings = inputs.map((_, index) => new Warnings(inputs.length > 1 ? `Document ${index + 1}: ` : ''));
  const documents = inputs.map(({ source, password = '' }, index) =>
    blaming(index, () => {
      const document = openDocument(source, { password, limits: bounds, warnings: warnings[index]! });
      if (inputs.length > OPEN_MAX) document.file.release();
      return document;
    }),
  );
  if (documents.length === 0) throw new PdfError('damaged', 'There is no document.');
  return { documents, warnings: () => warnings.flatMap((each) => each.list()) };
}

/** Opens one document; what was repaired is known to `document.file.reading.warnings`. Throws PdfError. */
export function openOne(
  source: Source,
  options: { readonly password?: string | undefined; readonly limits?: Partial<Limits> | undefined },
): Document {
  const { password = '', limits } = options;
  return openDocument(source, {
    password,
    limits: { ...defaultLimits, ...limits },
    warnings: new Warnings(),
  });
}

/** Finishes the sink after a step that writes to it, or discards it on any error. */
export function finishing<Result>(sink: Sink, step: () => Result): Result {
  try {
    const result = step();
    sink.finish();
    return result;
  } catch (error) {
    sink.discard();
    throw error;
  }
}

/** Says of a PdfError which input it is about. */
function blaming<Result>(input: number, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (error instanceof PdfError) error.input ??= input;
    throw error;
  }
}
