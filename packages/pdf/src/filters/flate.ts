import { constants, inflateRawSync, inflateSync } from 'node:zlib';
import { PdfError } from '../errors.ts';
import { isWhiteSpace } from './characters.ts';
import { inflateSoundPart, type SoundPart } from './inflate.ts';
import { outputLimit } from './output.ts';

/** Node refuses a larger `maxOutputLength` on some platforms; no buffer of this package comes near it. */
const outputLengthMax = 0x7fffffff;

/**
 * Decodes FlateDecode data (ISO 32000-2, 7.4.4). Of data that is cut short, has a wrong checksum, a wrong or no zlib
 * header, or errors inside, everything before the error is returned; bytes after the end are ignored. Throws
 * `damaged` if nothing can be had.
 */
export function decodeFlate(bytes: Uint8Array, bytesMax: number): Uint8Array {
  // Without the header the checksum is not looked at: it is the most common damage, and the only one zlib can pass.
  const sound =
    inflate(inflateSync, bytes, bytesMax) ??
    (isHeader(bytes, 0) ? inflate(inflateRawSync, bytes.subarray(2), bytesMax) : undefined);
  // zlib does not tell an empty stream from one that was cut before its first byte.
  return sound === undefined || sound.length === 0 ? salvage(bytes, bytesMax) : sound;
}

/** What zlib makes of the bytes, or undefined where it sees an error. */
function inflate(method: typeof inflateSync, bytes: Uint8Array, bytesMax: number): Uint8Array | undefined {
  try {
    const result = method(bytes, {
      // Takes data that is cut short for what it gives.
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: Math.max(1, Math.min(bytesMax, outputLengthMax)),
      chunkSize: chunkSizeFor(bytes.length),
    });
    if (result.length > bytesMax) throw outputLimit(bytesMax);
    return new Uint8Array(result.buffer, result.byteOffset, result.length);
  } catch (error) {
    if (error instanceof PdfError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw outputLimit(bytesMax);
    return undefined;
  }
}

/** Pieces in which zlib returns its output: one piece for most streams, so that nothing has to be joined. */
function chunkSizeFor(bytesCompressed: number): number {
  return Math.min(Math.max(8 * bytesCompressed, 16 * 1024), 1024 * 1024);
}

/** The best of the readings that the damaged bytes allow: a complete one, else the longest. */
function salvage(bytes: Uint8Array, bytesMax: number): Uint8Array {
  if (bytes.length === 0) return bytes;
  let best: SoundPart = { bytes: new Uint8Array(0), complete: false };
  for (const start of dataStarts(bytes)) {
    const part = inflateSoundPart(bytes, start, bytesMax);
    if (part.complete) return part.bytes;
    if (part.bytes.length > best.bytes.length) best = part;
  }
  if (best.bytes.length === 0) throw new PdfError('damaged', 'Flate data cannot be inflated.');
  return best.bytes;
}

/** Where the deflate data may begin: after a sound header, else after a wrong one, after none, or after blanks. */
function dataStarts(bytes: Uint8Array): number[] {
  if (isHeader(bytes, 0)) return [2];
  let blanks = 0;
  while (blanks < bytes.length && isWhiteSpace(bytes[blanks]!)) blanks++;
  return blanks > 0 && isHeader(bytes, blanks) ? [blanks + 2] : [2, 0];
}

/** A zlib header for deflate with a right check value (RFC 1950, 2.2). */
function isHeader(bytes: Uint8Array, at: number): boolean {
  const method = bytes[at] ?? 0;
  const flags = bytes[at + 1] ?? 0;
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}
