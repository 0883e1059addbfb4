import { createHash } from 'node:crypto';
import { type NewAttachment, writeAttachments } from '../document/embedded-files.ts';
import { laterVersion } from '../file/header.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { rewrite, type RewriteOptions, type RewriteResult } from './rewrite.ts';

/**
 * Writes a document with all that it has, and with files embedded in it besides those that it has. A name that is taken becomes
 * `name (2).ext`. Files of any size are copied piece by piece, packed where that pays and they are not too large for readers. The same
 * inputs give the same bytes; an encrypted document comes out decrypted. Throws PdfError; the sink is finished, or discarded on any
 * error. The files are closed, the source is left to the caller to close.
 */
export function attach(
  source: Source,
  files: readonly NewAttachment[],
  sink: Sink,
  options: RewriteOptions = {},
): RewriteResult {
  return rewrite(source, sink, options, ({ root, version, file }, warnings) => {
    if (file.security !== undefined) warnings.add('The document was encrypted; the result is not.');
    if (files.length === 0) return {};
    return {
      version: laterVersion(version, '1.7'),
      sources: files.map((each) => each.source),
      prepare: ({ edits }) => edits.onObject(root, (catalog) => catalog.set('Names', undefined)),
      complete: (copy, writer) => writeAttachments(copy, writer, files, () => createHash('md5')),
    };
  });
}
