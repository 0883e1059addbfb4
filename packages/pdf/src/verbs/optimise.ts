import { dropUnused } from '../document/content/prune.ts';
import { type ContentUses, contentUses } from '../document/content/uses.ts';
import type { DocumentCopy } from '../document/copy.ts';
import type { Document } from '../document/document.ts';
import { equalValues } from '../document/equal-values.ts';
import { replacing, type Replacements } from '../document/pictures/replace.ts';
import { repacking } from '../document/stream-packing.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { finishing, openOne } from './open.ts';
import { SIGNED, type RewriteOptions, type RewriteResult, writeAnew } from './rewrite.ts';

/** How a document is made smaller. */
export interface OptimiseOptions extends RewriteOptions {
  /** Level of Flate, 1 (fast) to 9 (small); 9 as if nothing is said. */
  readonly level?: number | undefined;
  /** Takes out of resources what no content names: fonts, pictures and states that nothing shows. */
  readonly dropUnused?: boolean | undefined;
  /** What takes the place of pictures, where that is smaller. */
  readonly replace?: Replacements | undefined;
}

/** What was gained. */
export interface OptimiseResult extends RewriteResult {
  /** Bytes of the document as it came. */
  readonly bytesBefore: number;
  /** Bytes of the result. */
  readonly bytesAfter: number;
}

/**
 * Writes a document with all that it has in fewer bytes: objects in object streams, equal ones once, none that nothing
 * reaches, and data packed by Flate where it was not packed, or not as well. Pictures stay as they are, but for those that
 * `replace` answers for. The result is never
 * larger: where nothing is gained, it is the file itself, byte by byte. Only an encrypted document, which comes out
 * decrypted, and a damaged one are written anew in any case. Throws PdfError; the sink is finished, or discarded on any
 * error. The source is left to the caller to close.
 */
export function optimise(source: Source, sink: Sink, options: OptimiseOptions = {}): OptimiseResult {
  return finishing(sink, () => {
    const document = openOne(source, options);
    const equal = equalValues(document);
    const uses = options.dropUnused === true ? contentUses(document, equal) : undefined;
    return writeSmaller({ document, equal, uses }, source, sink, options);
  });
}

/** A document that is open, and what is known of it. */
export interface Known {
  readonly document: Document;
  /** For objects that are equal to an earlier one, the number of that one. */
  readonly equal: ReadonlyMap<number, number>;
  /** What its contents use; undefined where nothing is to be dropped, or where looking costs too much. */
  readonly uses: ContentUses | undefined;
}

/** The same of a document that is open; the sink is left to the caller to finish. */
export function writeSmaller(
  known: Known,
  source: Source,
  sink: Sink,
  { level: asked = 9, replace }: OptimiseOptions,
): OptimiseResult {
  const level = Math.min(9, Math.max(1, Math.round(asked)));
  const { document } = known;
  const { file, version } = document;
  if (file.security !== undefined)
    file.reading.warnings.add('The document was encrypted; the result is not.');
  const counting = new CountingSink(sink);
  const written = writeAnew(document, source, counting, {
    objectStreams: true,
    deflateLevel: level,
    prepare: (copy) => prepare(copy, known, level, replace),
  });
  const isSmaller = counting.bytes < source.size;
  if (isSmaller || file.security !== undefined || file.rebuilt)
    return { ...written, bytesBefore: source.size, bytesAfter: counting.bytes };
  sink.discard();
  sink.copy(source, 0, source.size);
  // The signatures of the file itself hold.
  const warnings = written.warnings.filter((warning) => warning !== SIGNED);
  return { ...written, version, warnings, bytesBefore: source.size, bytesAfter: source.size };
}

function prepare(
  copy: DocumentCopy,
  { document: { file }, equal, uses }: Known,
  level: number,
  replace: Replacements | undefined,
): void {
  const repack = repacking(level, file.reading.window.size);
  copy.repack = replace === undefined ? repack : replacing(replace, repack);
  if (uses !== undefined) dropUnused(copy, uses);
  copy.replaceEqual((number) => {
    const first = equal.get(number) ?? 0;
    return first === 0 ? 0 : copy.reference(first, file.table.generation(first));
  });
}

/** Counts what goes to a sink, which is finished by someone else. */
class CountingSink implements Sink {
  bytes = 0;
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    this.#sink.write(bytes);
    this.bytes += bytes.length;
  }

  copy(source: Source, offset: number, length: number): void {
    this.#sink.copy(source, offset, length);
    this.bytes += length;
  }

  finish(): void {}

  discard(): void {
    this.#sink.discard();
  }
}
