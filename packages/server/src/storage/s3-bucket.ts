import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { setTimeout } from 'node:timers/promises';
import type { Range } from './check.ts';
import { explainS3, isMissing, isTransient, type S3Location } from './s3-failed.ts';
import { StorageError } from './failed.ts';

/** How patient the client is. */
export interface Patience {
  /** Of one request. */
  readonly attempts: number;
  /** The longest pause before the second attempt; it doubles up to `pauseMsMax`. */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  /** A connection on which nothing moves for so long is given up. */
  readonly idleMs: number;
}

export const patient: Patience = { attempts: 6, pauseMs: 100, pauseMsMax: 5_000, idleMs: 30_000 };

/** What is sent as the body of one request: made anew for each attempt, with the digests that it must have on arrival. */
export interface Body {
  readonly sizeBytes: number;
  readonly sha256: string;
  open(): { readonly stream: Readable | Uint8Array; close(): Promise<void> };
}

export interface Listed {
  readonly name: string;
  readonly sizeBytes: number;
  /** The entity tag as the server writes it. */
  readonly tag: string;
  readonly storedAt: Date;
}
export interface Part {
  readonly etag: string;
  readonly number: number;
}
export interface Upload {
  readonly name: string;
  readonly id: string;
  readonly begunAt: Date;
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const connectMs = 10_000;
const socketsMax = 1_000;
const deleteMax = 1_000;

/**
 * One bucket below one prefix: names are without it. Each request is tried again with growing pauses, and what it throws at last is a
 * StorageError with a sentence for the operator. Nothing of the credentials is kept or logged here: the client finds them itself.
 */
export type Bucket = ReturnType<typeof openBucket>;

/** Connects to nothing yet. */
export function openBucket(location: S3Location, patience: Patience) {
  const { bucket: Bucket, prefix, endpoint, region } = location;
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Other servers than Amazon's rarely care; the client wants one.
    ...(region === undefined ? (endpoint === undefined ? {} : { region: 'us-east-1' }) : { region }),
    // Other servers refuse checksums at the end of a body. The digest of each body is signed anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    maxAttempts: 1,
    // Without one, it writes some things to the console.
    logger: silent,
    requestHandler: {
      connectionTimeout: connectMs,
      socketTimeout: patience.idleMs,
      httpAgent: { keepAlive: true, maxSockets: socketsMax },
      httpsAgent: { keepAlive: true, maxSockets: socketsMax },
    },
  });
  const at = (name: string) => ({ Bucket, Key: prefix + name });

  /** Bodies are streams, which the client itself would not send twice. */
  async function tried<T>(attempt: () => Promise<T>, attempts = patience.attempts): Promise<T> {
    for (let count = 1; ; count++) {
      try {
        return await attempt();
      } catch (error) {
        if (count >= attempts || !isTransient(error)) throw explainS3(error, location);
        await pauseBefore(count, patience);
      }
    }
  }

  async function orNull<T>(work: Promise<T>): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      if (isMissing(error instanceof StorageError ? error.cause : error)) return null;
      throw error;
    }
  }

  async function sent<T>(
    body: Body,
    attempt: (stream: Readable | Uint8Array, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { stream, close } = body.open();
    const ended = new AbortController();
    let broken: unknown;
    if (!(stream instanceof Uint8Array))
      stream.once('error', (error) => {
        broken = error;
        ended.abort();
      });
    try {
      return await attempt(stream, ended.signal);
    } catch (error) {
      throw broken ?? error;
    } finally {
      await close();
    }
  }

  return {
    async head(name: string): Promise<{ readonly sizeBytes: number } | null> {
      const answer = await orNull(tried(() => client.send(new HeadObjectCommand(at(name)))));
      return answer && { sizeBytes: answer.ContentLength ?? 0 };
    },

    /**
     * The body has to be read or destroyed; its errors are those of the connection. `sizeBytes` is that of the body. With a tag, null
     * where the object has another one.
     */
    async get(
      name: string,
      range?: Range,
      tag?: string,
    ): Promise<{ readonly sizeBytes: number; readonly body: Readable } | null> {
      const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end}`;
      const answer = await orNull(
        tried(() => client.send(new GetObjectCommand({ ...at(name), Range, IfMatch: tag }))),
      );
      return answer && { sizeBytes: answer.ContentLength ?? 0, body: answer.Body as Readable };
    },

    /** Gives the entity tag. */
    put(name: string, body: Body): Promise<string> {
      return tried(() =>
        sent(body, async (Body, abortSignal) => {
          const command = new PutObjectCommand({
            ...at(name),
            Body,
            ContentLength: body.sizeBytes,
            ContentType: 'application/octet-stream',
          });
          command.middlewareStack.add(withDigest(body.sha256), { step: 'build', name: 'octavoDigest' });
          return tagOf(await client.send(command, { abortSignal }));
        }),
      );
    },

    /**
     * Copies an object to a new name, if it has this tag, and gives the tag of the copy. Null where it is gone or has another one; but
     * some servers do not look at the tag.
     */
    copy({ name, tag }: Listed, to: string): Promise<string | null> {
      const command = {
        ...at(to),
        CopySource: `${Bucket}/${prefix}${name}`,
        CopySourceIfMatch: tag,
        // Of what the client said of the bytes nothing stays.
        MetadataDirective: 'REPLACE',
        ContentType: 'application/octet-stream',
      } as const;
      return orNull(
        tried(async () => {
          const { CopyObjectResult = {} } = await client.send(new CopyObjectCommand(command));
          return tagOf(CopyObjectResult);
        }),
      );
    },

    async beginUpload(name: string): Promise<string> {
      const ContentType = 'application/octet-stream';
      const { UploadId = '' } = await tried(() =>
        client.send(new CreateMultipartUploadCommand({ ...at(name), ContentType })),
      );
      return UploadId;
    },

    putPart(name: string, upload: string, number: number, body: Body): Promise<string> {
      return tried(() =>
        sent(body, async (Body, abortSignal) => {
          const command = new UploadPartCommand({
            ...at(name),
            UploadId: upload,
            PartNumber: number,
            Body,
            ContentLength: body.sizeBytes,
          });
          command.middlewareStack.add(withDigest(body.sha256), { step: 'build', name: 'octavoDigest' });
          return tagOf(await client.send(command, { abortSignal }));
        }),
      );
    },

    /** Null where there is no such upload: also where an earlier attempt has ended it, and its answer was lost. */
    endUpload(name: string, upload: string, parts: readonly Part[]): Promise<string | null> {
      const Parts = parts.map(({ etag, number }) => ({ ETag: `"${etag}"`, PartNumber: number }));
      return orNull(
        tried(async () =>
          tagOf(
            await client.send(
              new CompleteMultipartUploadCommand({
                ...at(name),
                UploadId: upload,
                MultipartUpload: { Parts },
              }),
            ),
          ),
        ),
      );
    },

    async abortUpload(name: string, upload: string): Promise<void> {
      await orNull(
        tried(() => client.send(new AbortMultipartUploadCommand({ ...at(name), UploadId: upload }))),
      );
    },

    async *uploads(): AsyncGenerator<Upload, void, undefined> {
      let KeyMarker: string | undefined;
      let UploadIdMarker: string | undefined;
      do {
        const page = await tried(() =>
          client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix, KeyMarker, UploadIdMarker })),
        );
        for (const { Key = '', UploadId = '', Initiated = new Date(0) } of page.Uploads ?? [])
          if (Key.startsWith(prefix))
            yield { name: Key.slice(prefix.length), id: UploadId, begunAt: Initiated };
        KeyMarker = page.IsTruncated === true ? page.NextKeyMarker : undefined;
        UploadIdMarker = page.NextUploadIdMarker;
      } while (KeyMarker !== undefined);
    },

    /** When the last part of an upload came; undefined where there is none. */
    async lastPartAt(name: string, upload: string): Promise<Date | undefined> {
      let last: Date | undefined;
      let PartNumberMarker: string | undefined;
      do {
        const page = await orNull(
          tried(() => client.send(new ListPartsCommand({ ...at(name), UploadId: upload, PartNumberMarker }))),
        );
        for (const { LastModified } of page?.Parts ?? [])
          if (LastModified !== undefined && (last === undefined || LastModified > last)) last = LastModified;
        PartNumberMarker = page?.IsTruncated === true ? page.NextPartNumberMarker : undefined;
      } while (PartNumberMarker !== undefined);
      return last;
    },

    /** Names in order. */
    async *list(start: string, after?: string): AsyncGenerator<Listed, void, undefined> {
      const StartAfter = after === undefined ? undefined : prefix + after;
      for await (const { Contents = [] } of pages({ Prefix: prefix + start, StartAfter }))
        for (const { Key = '', Size = 0, ETag = '', LastModified = new Date(0) } of Contents)
          yield { name: Key.slice(prefix.length), sizeBytes: Size, tag: ETag, storedAt: LastModified };
    },

    /** The first segments of all names, in order. */
    async *folders(): AsyncGenerator<string, void, undefined> {
      for await (const { CommonPrefixes = [] } of pages({ Prefix: prefix, Delimiter: '/' }))
        for (const { Prefix = '' } of CommonPrefixes) yield Prefix.slice(prefix.length, -1);
    },

    async delete(names: readonly string[], attempts?: number): Promise<void> {
      for (let first = 0; first < names.length; first += deleteMax) {
        const Objects = names.slice(first, first + deleteMax).map((name) => ({ Key: prefix + name }));
        await tried(async () => {
          const command = new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } });
          command.middlewareStack.add(withMd5, { step: 'build', name: 'octavoMd5', priority: 'low' });
          const { Errors = [] } = await client.send(command);
          const wrong = Errors.find(({ Code }) => Code !== 'NoSuchKey');
          if (wrong !== undefined)
            throw Object.assign(new Error(wrong.Message ?? 'not deleted'), {
              name: wrong.Code ?? 'InternalError',
            });
        }, attempts);
      }
    },

    /** A link to an object, that needs no credentials. */
    link(name: string, seconds: number, contentType: string, disposition: string): Promise<string> {
      return getSignedUrl(
        client,
        new GetObjectCommand({
          ...at(name),
          ResponseContentType: contentType,
          ResponseContentDisposition: disposition,
          ResponseCacheControl: 'private, no-cache',
        }),
        { expiresIn: seconds },
      );
    },

    /** A link for a PUT of exactly this type and length, that needs no credentials. */
    async uploadLink(name: string, seconds: number, contentType: string, sizeBytes: number): Promise<string> {
      try {
        return await getSignedUrl(
          client,
          new PutObjectCommand({ ...at(name), ContentType: contentType, ContentLength: sizeBytes }),
          {
            expiresIn: seconds,
            // Without it, the type is not signed.
            signableHeaders: new Set(['host', 'content-type', 'content-length']),
          },
        );
      } catch (error) {
        throw explainS3(error, location);
      }
    },
  };

  async function* pages(more: {
    readonly Prefix: string;
    readonly Delimiter?: string;
    readonly StartAfter?: string | undefined;
  }) {
    let ContinuationToken: string | undefined;
    do {
      const page = await tried(() =>
        client.send(new ListObjectsV2Command({ Bucket, ...more, ContinuationToken })),
      );
      yield page;
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }
}

/** Waits before another attempt after so many: a random time, so that many who failed together do not come back together. */
export async function pauseBefore(count: number, { pauseMs, pauseMsMax }: Patience): Promise<void> {
  await setTimeout(Math.random() * Math.min(pauseMsMax, pauseMs * 2 ** (count - 1)));
}

interface Headed {
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}
type Handler<Args, Result> = (args: Args) => Promise<Result>;

/** The server compares the body with it, and the client need not read a stream twice to find it. */
function withDigest(sha256: string) {
  return <Args extends { readonly request: unknown }, Result>(
    next: Handler<Args, Result>,
  ): Handler<Args, Result> =>
    (args) => {
      (args.request as Headed).headers['x-amz-content-sha256'] = sha256;
      return next(args);
    };
}

/** Servers of another age know no other checksum of a list of names. */
function withMd5<Args extends { readonly request: unknown }, Result>(
  next: Handler<Args, Result>,
): Handler<Args, Result> {
  return (args) => {
    const { headers, body } = args.request as Headed;
    for (const name of Object.keys(headers))
      if (/^x-amz-(?:sdk-)?checksum-/i.test(name)) delete headers[name];
    if (typeof body === 'string' || body instanceof Uint8Array)
      headers['content-md5'] = createHash('md5').update(body).digest('base64');
    return next(args);
  };
}

/** Hexadecimal digits, where it is a digest. */
export function tagOf({ ETag = '' }: { readonly ETag?: string | undefined }): string {
  return ETag.replace(/^W\//, '').replaceAll('"', '').toLowerCase();
}
