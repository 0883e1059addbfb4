import type { Encryption } from '../crypt/encryption.ts';
import type { Document } from '../document/document.ts';
import { PdfError } from '../errors.ts';
import { isSigned } from '../document/signatures.ts';
import { type Additions, writeWhole } from '../document/whole.ts';
import { firstId } from '../file/encryption.ts';
import { laterVersion } from '../file/header.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { FileWriter } from '../file/writer.ts';
import type { Limits } from '../limits.ts';
import type { Warnings } from '../warnings.ts';
import { identifier } from './identifier.ts';
import { finishing, openOne } from './open.ts';

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

/** The warning about a document that is signed and that anything has changed in. */
export const SIGNED = 'The document was signed; its signatures do not hold in the result.';

/** What is to be otherwise in the document that is written. */
export interface Changes extends Additions {
  /** Version, that of the document if it is not given; object streams ask for 1.5 in any case. */
  readonly version?: string;
  /** Whether objects go into object streams; as in the document if it is not given. */
  readonly objectStreams?: boolean;
  /** For object streams and the cross-reference, 1 to 9. */
  readonly deflateLevel?: number;
  /** Makes the encryption for the first half of the result's /ID; without it the result is not encrypted. */
  encryption?(fileId: Uint8Array): Encryption;
  /** What goes into the identifier besides the document. */
  readonly sources?: readonly Source[];
}

/**
 * Writes one document anew, with all it has. `plan` looks at what was opened and answers what changes. Throws PdfError; the
 * sink is finished, or discarded on any error.
 */
export function rewrite(
  source: Source,
  sink: Sink,
  options: RewriteOptions,
  plan: (document: Document, warnings: Warnings) => Changes,
): RewriteResult {
  return finishing(sink, () => {
    const document = openOne(source, options);
    return writeAnew(document, source, sink, plan(document, document.file.reading.warnings));
  });
}

/** The same of a document that is open; the sink is left to the caller to finish. */
export function writeAnew(document: Document, source: Source, sink: Sink, changes: Changes): RewriteResult {
  const { file, pages } = document;
  // Without its key it would lose what is encrypted.
  if (file.security?.openedBy === 'nobody')
    throw new PdfError('password', 'A part of the document is encrypted, and the password does not open it.');
  const { warnings } = file.reading;
  if (isSigned(document)) warnings.add(SIGNED);
  const { objectStreams = file.hasStreams } = changes;
  const own = changes.version ?? document.version;
  const version = objectStreams ? laterVersion(own, '1.5') : own;
  const now = identifier([source, ...(changes.sources ?? [])]);
  const first = firstId(file.trailer, (object) => file.resolve(object));
  const id = [first.length > 0 ? first : now, now] as const;
  const encryption = changes.encryption?.(id[0]);
  const writer = new FileWriter(sink, version, objectStreams, encryption, changes.deflateLevel);
  writer.finish({ ...writeWhole(document, writer, changes), id });
  return { pageCount: pages.length, version, warnings: warnings.list() };
}
