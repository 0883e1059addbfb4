import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../errors.ts';
import { type Opened, pieceBytes } from './check.ts';
import { type Bucket, type Patience, pauseBefore } from './s3-bucket.ts';
import { explainS3, isTransient, type S3Location } from './s3-failed.ts';

/** Who reads slowly loses the connection often, and gets further each time. */
const progressBytesMin = 64 * 1024;

/** An object, and how it is asked for. */
export interface Where {
  readonly name: string;
  /** Where it has to be the one with this tag. */
  readonly tag?: string;
  readonly patience: Patience;
  readonly location: S3Location;
}

/**
 * An object, whose connection is made anew where it breaks in the middle. `first` is the body of the whole. Reading throws `fileUnknown`
 * where it is gone.
 */
export function openedObject(bucket: Bucket, where: Where, sizeBytes: number, first?: Readable): Opened {
  let body = first;
  // Nobody listens before it is read, and after it was given up.
  body?.on('error', () => {});

  async function bodyAt(at: number, end: number): Promise<Readable> {
    const from = at === 0 && end === sizeBytes ? body : undefined;
    body = undefined;
    if (from !== undefined) return from;
    const got = await bucket.get(where.name, { start: at, end: end - 1 }, where.tag);
    if (got === null) throw new Failure('fileUnknown');
    body = got.body.on('error', () => {});
    return body;
  }

  /** Who gets no further in so many attempts gives up. */
  async function* chunks(end: number, start: number): AsyncGenerator<Uint8Array, void, undefined> {
    let at = start;
    let failures = 0;
    let progress = 0;
    while (at < end) {
      try {
        const from = await bodyAt(at, end);
        body = from;
        for await (const chunk of from as AsyncIterable<Uint8Array>) {
          const wanted = chunk.subarray(0, end - at);
          at += wanted.length;
          progress += wanted.length;
          yield wanted;
        }
        // It is shorter than it was said to be.
        if (at < end) throw Object.assign(new Error('The answer was cut.'), { code: 'ECONNRESET' });
      } catch (error) {
        if (!isTransient(error)) throw error;
        failures = progress >= progressBytesMin ? 1 : failures + 1;
        progress = 0;
        if (failures >= where.patience.attempts) throw explainS3(error, where.location);
        body = undefined;
        await pauseBefore(failures, where.patience);
      }
    }
  }

  return {
    sizeBytes,
    small: () => buffer(chunks(sizeBytes, 0)),
    pieces: (end, start) => cut(chunks(end, start)),
    async close() {
      body?.destroy();
    },
  };
}

/** The same bytes in whole pieces. */
async function* cut(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let piece = Buffer.allocUnsafeSlow(pieceBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(chunk.length - at, pieceBytes - filled);
      piece.set(chunk.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < pieceBytes) continue;
      yield piece;
      piece = Buffer.allocUnsafeSlow(pieceBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
