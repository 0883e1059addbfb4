import { openDocument, type Document } from '../document/document.ts';
import { writeWhole } from '../document/whole.ts';
import { firstId } from '../file/encryption.ts';
import { laterVersion } from '../file/header.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { FileWriter } from '../file/writer.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { Warnings } from '../warnings.ts';
import { identifier } from './identifier.ts';

/** How one document is opened. */
export interface RewriteOptions {
  /** Opens an encrypted document; the empty one is tried in any case. */
  readonly password?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** What became of one document. */
export interface RewriteResult {
  readonly pageCount: number;
  /** Version of the result. */
  readonly version: string;
  /** What was repaired, in short sentences. */
  readonly warnings: readonly string[];
}

/**
 * Writes one document anew, with all it has and not encrypted. `check` may refuse what was opened. Throws PdfError; the
 * sink is finished, or discarded on any error.
 */
export function rewrite(
  source: Source,
  sink: Sink,
  options: RewriteOptions,
  check?: (document: Document, warnings: Warnings) => void,
): RewriteResult {
  const limits = { ...defaultLimits, ...options.limits };
  const warnings = new Warnings();
  try {
    const document = openDocument(source, { password: options.password ?? '', limits, warnings });
    check?.(document, warnings);
    const { file, pages } = document;
    const objectStreams = file.hasStreams;
    const version = objectStreams ? laterVersion(document.version, '1.5') : document.version;
    const writer = new FileWriter(sink, version, objectStreams);
    const now = identifier([source]);
    const first = firstId(file.trailer, (object) => file.resolve(object));
    writer.finish({ ...writeWhole(document, writer), id: [first.length > 0 ? first : now, now] });
    sink.finish();
    return { pageCount: pages.length, version, warnings: warnings.list() };
  } catch (error) {
    sink.discard();
    throw error;
  }
}
