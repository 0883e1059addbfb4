import { filterSteps } from '../../file/filter-steps.ts';
import type { Facts, LocatedStream } from './facts.ts';

/** Bytes that are read at once of data that need no decoding. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Gives the data of an attachment, decrypted and decoded, to `write`: in pieces where it is stored as it is, so that a file of any size
 * passes, else at once. Throws PdfError `limit` or `damaged`, perhaps after some pieces.
 */
export function readAttachment(facts: Facts, data: LocatedStream, write: (bytes: Uint8Array) => void): void {
  const { file } = facts;
  const { stream, number, generation } = data;
  const { window, work, limits } = file.reading;
  const { dictionary, offset, length } = stream;
  if (filterSteps(dictionary, (object) => file.resolve(object), limits).length > 0)
    return write(facts.bytes(data));
  const cipher = file.streamCipher(dictionary);
  const decryptor = cipher === false ? undefined : file.security?.streamDecryptor(number, generation, cipher);
  work.spend(length);
  for (let done = 0; done < length; done += PIECE_BYTES) {
    const count = Math.min(PIECE_BYTES, length - done);
    window.need(offset + done, count);
    const start = offset + done - window.origin;
    const piece = window.bytes.subarray(start, start + count);
    write(decryptor === undefined ? piece : decryptor.update(piece));
  }
  if (decryptor !== undefined) write(decryptor.final());
}
