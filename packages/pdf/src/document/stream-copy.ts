import type { PdfFile } from '../file/file.ts';
import type { RawObject } from '../file/reading.ts';
import type { FileWriter } from '../file/writer.ts';
import type { PdfDictionary } from '../objects/object.ts';
import type { ByteBuffer } from '../syntax/byte-buffer.ts';

/** Streams up to this size pass through memory; larger ones are copied from file to file. */
const SMALL_STREAM_BYTES = 64 * 1024;
/** Encrypted streams up to this size are decrypted at once, larger ones in pieces of this size. */
const DECRYPT_BYTES = 1024 * 1024;

/** Where the data of a stream lies in the old file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** The dictionary of the stream that is being copied. */
export interface StreamHead {
  /** Builds it, strings decrypted. */
  dictionary(): PdfDictionary;
  /**
   * Begins the stream with its entries, all but /Length, which the caller adds with the `>>`; or with those of another
   * dictionary in its place.
   */
  begin(dictionary?: PdfDictionary): ByteBuffer;
}

/** Copies one stream into a new file, decrypted where it was encrypted; one that cannot be decrypted becomes `null`. */
export function copyStream(
  file: PdfFile,
  writer: FileWriter,
  raw: RawObject,
  extent: Extent,
  head: StreamHead,
  number: number,
): void {
  file.reading.work.spend(extent.length);
  const { length } = extent;
  const dictionary = file.security === undefined ? undefined : head.dictionary();
  const cipher = dictionary === undefined ? false : file.streamCipher(dictionary);
  if (dictionary === undefined || cipher === false) {
    head.begin().ascii(`/Length ${length}>>`);
    writer.beginData();
    copyData(file, writer, extent);
    return writer.endStream();
  }
  if (!file.security!.opens(cipher)) return leaveOut(file, writer, number);
  const begin = (): ByteBuffer =>
    head.begin(typeof cipher === 'string' ? file.withoutCryptFilter(dictionary) : undefined);
  if (length > DECRYPT_BYTES) return decryptInPieces(file, writer, raw, extent, cipher, begin);
  const plain = file.security!.decryptStream(raw.number, raw.generation, dataOf(file, extent), cipher);
  begin().ascii(`/Length ${plain.length}>>`);
  writer.beginData();
  writer.data(plain);
  writer.endStream();
}

function leaveOut(file: PdfFile, writer: FileWriter, number: number): void {
  file.reading.warnings.add('An attachment needs a password; it was left out.');
  writer.begin(number).ascii('null');
  writer.end();
}

function copyData(file: PdfFile, writer: FileWriter, extent: Extent): void {
  const { window } = file.reading;
  if (extent.length > SMALL_STREAM_BYTES && !window.holds(extent.offset, extent.length))
    return writer.copy(window.source, extent.offset, extent.length);
  writer.data(dataOf(file, extent));
}

/** The data as it lies in the file; valid until the next bytes are read. */
function dataOf({ reading: { window } }: PdfFile, { offset, length }: Extent): Uint8Array {
  window.need(offset, length);
  return window.bytes.subarray(offset - window.origin, offset - window.origin + length);
}

/** The length is known only afterwards, so it is an object that follows. */
function decryptInPieces(
  file: PdfFile,
  writer: FileWriter,
  raw: RawObject,
  { offset, length }: Extent,
  cipher: string | undefined,
  begin: () => ByteBuffer,
): void {
  const decryptor = file.security!.streamDecryptor(raw.number, raw.generation, cipher);
  const lengthNumber = writer.allocate();
  begin().ascii(`/Length ${lengthNumber} 0 R>>`);
  writer.beginData();
  let written = 0;
  const write = (bytes: Uint8Array): void => {
    writer.data(bytes);
    written += bytes.length;
  };
  for (let done = 0; done < length; done += DECRYPT_BYTES) {
    const piece = { offset: offset + done, length: Math.min(DECRYPT_BYTES, length - done) };
    write(decryptor.update(dataOf(file, piece)));
  }
  write(decryptor.final());
  writer.endStream();
  writer.begin(lengthNumber).integer(written);
  writer.end();
}
