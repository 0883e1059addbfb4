import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pieceBytes, piecesOf } from './check.ts';
import { StorageError } from './failed.ts';
import type { Body, Bucket, Part } from './s3-bucket.ts';

const megabyte = 1024 * 1024;
/** Up to this in one request, above it in parts of it; of a very large file in larger ones, as there may be 10,000 of them. */
const partBytesMin = 16 * megabyte;
const partsMax = 10_000;
const partsAtOnce = 4;

/** Stores files from local disk in a bucket. */
export interface Uploader {
  /** Throws where the object is not there, whole, afterwards; then nothing of it is left, as far as the server can be reached. */
  store(name: string, fd: number, sizeBytes: number): Promise<void>;
  /** Ids of the uploads in parts that are under way here. */
  readonly running: ReadonlySet<string>;
}

export function createUploader(bucket: Bucket): Uploader {
  const running = new Set<string>();

  async function whole(name: string, fd: number, sizeBytes: number): Promise<boolean> {
    const { body, md5 } = await bodyOf(fd, 0, sizeBytes);
    return isStored(name, sizeBytes, (await bucket.put(name, body)) === md5.toString('hex'));
  }

  async function inParts(name: string, fd: number, sizeBytes: number): Promise<boolean> {
    const upload = await bucket.beginUpload(name);
    running.add(upload);
    try {
      const { parts, md5 } = await putParts(name, upload, fd, sizeBytes);
      const etag = await bucket.endUpload(name, upload, parts);
      return await isStored(name, sizeBytes, etag === `${md5}-${parts.length}`);
    } catch (error) {
      await bucket.abortUpload(name, upload).catch(() => {});
      throw error;
    } finally {
      running.delete(upload);
    }
  }

  async function putParts(
    name: string,
    upload: string,
    fd: number,
    sizeBytes: number,
  ): Promise<{ readonly parts: Part[]; readonly md5: string }> {
    const partBytes = Math.max(partBytesMin, Math.ceil(sizeBytes / partsMax / megabyte) * megabyte);
    const count = Math.ceil(sizeBytes / partBytes);
    const parts: Part[] = [];
    const md5s: Buffer[] = [];
    const state = { next: 0, failed: false };
    async function work(): Promise<void> {
      while (state.next < count && !state.failed) {
        const index = state.next++;
        const start = index * partBytes;
        try {
          const { body, md5 } = await bodyOf(fd, start, Math.min(sizeBytes, start + partBytes));
          parts[index] = { etag: await bucket.putPart(name, upload, index + 1, body), number: index + 1 };
          md5s[index] = md5;
        } catch (error) {
          state.failed = true;
          throw error;
        }
      }
    }
    const workers = Array.from({ length: Math.min(partsAtOnce, count) }, work);
    // All have to end first: the file is closed then.
    await Promise.allSettled(workers);
    await Promise.all(workers);
    return { parts, md5: createHash('md5').update(Buffer.concat(md5s)).digest('hex') };
  }

  /** A tag is no digest where the server encrypts by a key of its own, and unknown where an answer was lost. */
  async function isStored(name: string, sizeBytes: number, isTagged: boolean): Promise<boolean> {
    return isTagged || (await bucket.head(name))?.sizeBytes === sizeBytes;
  }

  return {
    running,
    async store(name, fd, sizeBytes) {
      try {
        const stored = await (sizeBytes <= partBytesMin ? whole : inParts)(name, fd, sizeBytes);
        if (!stored)
          throw new StorageError('The S3 server took a file, and does not have it, or not all of it.');
      } catch (error) {
        // An answer may have been lost, and what was not acknowledged should not be found.
        await bucket.delete([name], 1).catch(() => {});
        throw error;
      }
    },
  };
}

/** A part of an open file, read once for its digests, and once more for each attempt to send it. */
async function bodyOf(
  fd: number,
  start: number,
  end: number,
): Promise<{ readonly body: Body; readonly md5: Buffer }> {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for await (const piece of piecesOf(fd, end, start)) {
    sha256.update(piece);
    md5.update(piece);
  }
  const body = { sizeBytes: end - start, sha256: sha256.digest('hex'), open: () => openBody(fd, start, end) };
  return { body, md5: md5.digest() };
}

function openBody(fd: number, start: number, end: number): ReturnType<Body['open']> {
  if (start === end) return { stream: new Uint8Array(), close: async () => {} };
  const stream = Readable.from(piecesOf(fd, end, start), { objectMode: false, highWaterMark: pieceBytes });
  return {
    stream,
    async close() {
      // A read that is under way ends before the file may be closed.
      stream.destroy();
      if (!stream.closed) await once(stream, 'close');
    },
  };
}
