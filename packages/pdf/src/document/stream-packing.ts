import type { PdfFile } from '../file/file.ts';
import type { RawObject } from '../file/reading.ts';
import { packStream, type PackedStream } from '../file/repacking.ts';
import type { PdfDictionary } from '../objects/object.ts';
import { PdfStream } from '../objects/stream.ts';
import type { Extent } from './stream-copy.ts';

/** Streams of more bytes, as they are stored or without their filters, are left as they are: they would fill the memory. */
const STORED_BYTES_MAX = 16 * 1024 * 1024;
const DECODED_BYTES_MAX = 32 * 1024 * 1024;
/** Bytes without filters of all streams of one document: as many in any case, and as many times its size. */
const ALL_BYTES_MIN = 64 * 1024 * 1024;
const ALL_BYTES_FACTOR = 16;

/** What becomes of a stream that can be made smaller; undefined for the others. */
export type Repack = (
  file: PdfFile,
  raw: RawObject,
  extent: Extent,
  dictionary: PdfDictionary,
) => PackedStream | undefined;

/** Packs the streams of one document by Flate at a level of 1 to 9, as far as time and memory allow. */
export function repacking(level: number, fileBytes: number): Repack {
  let left = ALL_BYTES_MIN + fileBytes * ALL_BYTES_FACTOR;
  return (file, raw, extent, dictionary) => {
    const storedBytesMax = Math.min(STORED_BYTES_MAX, file.reading.limits.decodedBytesMax);
    if (extent.length > storedBytesMax || left <= 0) return undefined;
    file.reading.work.spend(extent.length);
    const stream = new PdfStream(dictionary, extent.offset, extent.length);
    const data = file.streamBytes(stream, raw.number, raw.generation);
    // Looking counts too: data that gives too much is undone until then.
    left -= data.length;
    const options = { level, decodedBytesMax: Math.min(DECODED_BYTES_MAX, Math.max(left, 0)) };
    return packStream(
      { dictionary, data },
      (object) => file.resolve(object),
      options,
      (bytes) => {
        left -= bytes;
      },
    );
  };
}
