import { createHash } from 'node:crypto';
import { readAttachment } from '../document/facts/attachment-data.ts';
import {
  attachments as findAttachments,
  type Attachment,
  type AttachmentInfo,
} from '../document/facts/attachments.ts';
import { Facts } from '../document/facts/facts.ts';
import { PdfError } from '../errors.ts';
import type { Sink } from '../file/sink.ts';
import type { Source } from '../file/source.ts';
import type { Limits } from '../limits.ts';
import { openOne } from './open.ts';

/** How a document is opened, and which of its attachments are written where. */
export interface AttachmentsOptions {
  /** Opens an encrypted document; the empty one is tried in any case. */
  readonly password?: string | undefined;
  /** An attachment that is compressed must decode to no more than `decodedBytesMax`. */
  readonly limits?: Partial<Limits> | undefined;
  /** Answers where an attachment goes, `index` from 0; undefined for one that is not wanted. Without it none is written. */
  readonly sink?: ((attachment: AttachmentInfo, index: number) => Sink | undefined) | undefined;
}

/** An attachment, and what became of it. */
export interface ExtractedAttachment extends AttachmentInfo {
  /** Bytes that were written; undefined if it was not wanted, or could not be read. */
  readonly written: number | undefined;
  /** Whether they have the checksum that the document tells; undefined if it tells none, or nothing was written. */
  readonly isIntact: boolean | undefined;
}

/** The attachments of a document. */
export interface AttachmentsResult {
  /** Of the document. */
  readonly pageCount: number;
  readonly attachments: readonly ExtractedAttachment[];
  /** What was repaired, cut or could not be read, in short sentences. */
  readonly warnings: readonly string[];
}

/**
 * Lists the files that are embedded in a document, and writes those that are wanted, decrypted and decoded. One that cannot be read
 * has its sink discarded, and a warning. Throws PdfError if the document cannot be opened. The source is left to the
 * caller to close.
 */
export function attachments(source: Source, options: AttachmentsOptions = {}): AttachmentsResult {
  const document = openOne(source, options);
  const facts = new Facts(document);
  const found = facts.section('The attachments', [], () => findAttachments(facts));
  facts.file.reading.work.renew();
  const extracted = found.map((attachment, index): ExtractedAttachment => {
    const sink = options.sink?.(attachment.info, index);
    const none = { ...attachment.info, written: undefined, isIntact: undefined };
    return (sink && extract(facts, attachment, index, sink)) ?? none;
  });
  return {
    pageCount: document.pages.length,
    attachments: extracted,
    warnings: facts.file.reading.warnings.list(),
  };
}

function extract(
  facts: Facts,
  { info, data }: Attachment,
  index: number,
  sink: Sink,
): ExtractedAttachment | undefined {
  const hash = createHash('md5');
  const what = `Attachment ${index + 1}`;
  let written = 0;
  try {
    readAttachment(facts, data, (bytes) => {
      hash.update(bytes);
      written += bytes.length;
      sink.write(bytes);
    });
    sink.finish();
  } catch (error) {
    sink.discard();
    if (!(error instanceof PdfError)) throw error;
    facts.warn(`${what} could not be read: ${error.message}`);
    return undefined;
  }
  const isIntact = info.checksum === undefined ? undefined : hash.digest('hex') === info.checksum;
  if (isIntact === false) facts.warn(`${what} does not have the checksum that the document tells.`);
  if (info.size !== undefined && info.size !== written)
    facts.warn(`${what} has ${written} bytes, and the document tells of ${info.size}.`);
  return { ...info, written, isIntact };
}
