import type { Failure } from '../errors.ts';
import type { Files } from '../jobs/files.ts';
import type { Job, Queue } from '../jobs/job.ts';
import type { DeliveryRecords } from '../jobs/records.ts';
import type { FileLink, Links } from '../links/links.ts';
import {
  type Field,
  type RawFields,
  readFields,
  type Source,
  type UploadedPart,
  type Values,
} from '../operations/fields.ts';
import type { Clock } from '../platform/clock.ts';
import type { TemplateReader } from '../templates/templates.ts';

export type CallMethod = 'GET' | 'POST' | 'DELETE';

/** One URL that is answered at once, without a job. */
export interface Call {
  /** Without `/v1`. `{name}` stands for a part of it that is the value of the field of this name. */
  readonly path: `/${string}`;
  readonly methods: readonly CallMethod[];
  readonly group: string;
  readonly title: string;
  readonly about: string;
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  /** JSON Schema of its good answer. */
  readonly answer: Readonly<Record<string, unknown>>;
  /** False where anybody may ask, with no API key; `admin` where only an admin's key will do, on every server. */
  readonly needsKey: boolean | 'admin';
  readonly examples: readonly CallExample[];
  /** Throws a Failure. */
  handle(fields: RawFields, tools: CallTools): Promise<CallAnswer>;
  /** What this call says in place of the usual error answer; null for the usual one. */
  instead(failure: Failure): CallAnswer | null;
}

/** Members of the answer; the edge adds `error`, `status` and `remainingCredits` where they are not given. */
export interface CallAnswer {
  readonly httpStatus: number;
  readonly members: Readonly<Record<string, unknown>>;
}

/** A request that shows the call, and what must come of it; the example tests run each by every method of the call. */
export interface CallExample {
  readonly title: string;
  /**
   * Field values. `sample:<name>` stands for the link of a document that the test uploads, `part:<name>` for it as a part of a form
   * (then by POST alone), `base64:<name>` for it as a data URI, `job:<name>` for the id of a job that has merged it.
   */
  readonly request: Readonly<Record<string, string>>;
  /** Members of the answer. */
  readonly expect: Readonly<Record<string, unknown>>;
}

/** All that a call can reach. */
export interface CallTools {
  /** How it is called. */
  readonly method: CallMethod;
  /** Who asks; 0 where calls need no key. */
  readonly tenant: number;
  readonly queue: Queue;
  readonly links: Links;
  readonly files: Files;
  readonly deliveries: DeliveryRecords;
  readonly templates: TemplateReader;
  readonly clock: Clock;
  readonly uploadLinkMinutes: number;
  /**
   * The job when it has ended; or as it is when the time has passed, or as long as the server lets an answer wait, or when client or
   * server are about to go.
   */
  waitForEnd(job: Job, ms: number): Promise<Job>;
  /** The member that holds the result of a job, where its answer holds it and it is small; else none. */
  readInline(job: Job): Promise<Readonly<Record<string, unknown>>>;
  /** Of one file. */
  readonly uploadBytesMax: number;
  /** Whether uploads may go past the server, see `Files.uploadLink`. */
  readonly directUploads: boolean;
  /** How long a file is kept for which a call asked by `expiration`. Throws the Failure `fieldInvalid`. */
  keptMinutes(expiration: number): number;
  /** Gives the bytes of a source to `take` as they come, and its name, hostile text. Throws a Failure. */
  read<T>(source: Source, reading: CallReading, take: Take<T>): Promise<T>;
  /** Stores bytes as an upload of who asks, kept for so many minutes. Throws a Failure; then nothing is stored. */
  store(bytes: AsyncIterable<Uint8Array>, minutes: number): Promise<FileLink>;
  /** A part that came with the call stays, for so many minutes; all others are deleted when the call has ended. */
  keep(part: UploadedPart, minutes: number): Promise<FileLink>;
  readonly version: string;
  health(): Promise<Health>;
  /** A link with the scheme and host by which the request came. */
  linkTo(kind: 'files' | 'upload', token: string, label: string): string;
}

/** How a source is read. */
export interface CallReading {
  /** The field that names it, for failures. */
  readonly field: string;
  /** For HTTP basic authentication; empty means none. */
  readonly username: string;
  readonly password: string;
}
/** Takes bytes as they come, and what they are called. */
export type Take<T> = (bytes: AsyncIterable<Uint8Array>, name: string) => Promise<T>;

/** Whether the server can take work, and what it found about each part. */
export interface Health {
  readonly ready: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, Field<unknown>>>;

/** Makes a call out of its one definition: fields, words and handler. */
export function defineCall<F extends Fields>(
  definition: Omit<Call, 'fields' | 'handle' | 'instead'> & {
    readonly fields: F;
    handle(values: Values<F>, tools: CallTools): Promise<CallAnswer>;
    instead?(failure: Failure): CallAnswer | null;
  },
): Call {
  return {
    instead: () => null,
    ...definition,
    handle: (raw, tools) => definition.handle(readFields(definition.fields, raw), tools),
  };
}
