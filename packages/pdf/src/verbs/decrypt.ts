import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import { rewrite, type RewriteOptions, type RewriteResult } from './rewrite.ts';

/**
 * Writes a document without its encryption, with all else that it has. A document that is not encrypted is written too,
 * with a warning. Throws PdfError; the sink is finished, or discarded on any error. The source is left to the caller to
 * close.
 */
export function decrypt(source: Source, sink: Sink, options: RewriteOptions = {}): RewriteResult {
  return rewrite(source, sink, options, ({ file }, warnings) => {
    if (file.security === undefined) warnings.add('The document was not encrypted.');
    return {};
  });
}
