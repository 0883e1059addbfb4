import type { Call, CallReading, Health, Take } from '../calls/call.ts';
import type { Files } from '../jobs/files.ts';
import type { Queue } from '../jobs/job.ts';
import type { DeliveryRecords } from '../jobs/records.ts';
import type { Links } from '../links/links.ts';
import type { PageFile } from '../openapi/page.ts';
import type { Source } from '../operations/fields.ts';
import type { Operation } from '../operations/operation.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Storage } from '../storage/storage.ts';
import type { TemplateReader } from '../templates/templates.ts';
import type { TextBudget } from './body/budget.ts';

/** All that the edge needs from the rest of the server. */
export interface HttpOptions {
  /** By path, without `/v1`. */
  readonly operations: ReadonlyMap<string, Operation>;
  readonly calls: readonly Call[];
  /** Served as they are, without a key: the API page and `/openapi.json`. */
  readonly pages: readonly PageFile[];
  readonly queue: Queue;
  readonly storage: Storage;
  readonly links: Links;
  /** Gives the tenant of an API key, 0 where calls need none. Throws `keyRefused`. */
  authenticate(key: string | undefined): number | Promise<number>;
  /** The same for the calls of admins, on every server. Throws `keyRefused` and `adminKeyNeeded`. */
  authenticateAdmin(key: string | undefined): number | Promise<number>;
  readonly files: Files;
  readonly deliveries: DeliveryRecords;
  readonly templates: TemplateReader;
  /** What the tenant has left, told in answers. */
  remainingCredits(tenant: number): Promise<number>;
  /**
   * Throws a Failure for a source that must not be read, before the job is accepted; it names the field, `url` by default. Gives the
   * key of a file of ours, which stays as it is until it is released.
   */
  checkSource(source: Source, tenant: number, field?: string): Promise<string | null>;
  releaseSources(keys: readonly string[]): void;
  /** Gives the bytes of a source to `take` as they come, and its name. Throws a Failure, and what `take` throws. */
  readSource<T>(
    source: Source,
    reading: CallReading & { readonly tenant: number; readonly signal: AbortSignal },
    take: Take<T>,
  ): Promise<T>;
  health(): Promise<Health>;
  readonly version: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly settings: HttpSettings;
}

/** Where to listen, and every limit of the edge. */
export interface HttpSettings {
  /** `localhost` listens on 127.0.0.1 and on ::1. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Base of the links in answers; where it is absent, the scheme and host of the request. */
  readonly publicUrl?: string | undefined;
  /** How long a call without `async` waits for its job. */
  readonly syncWaitMs: number;
  /** Of one file. */
  readonly uploadBytesMax: number;
  /** Of all text fields of a request together; for files that are base64 in JSON or a form, that is about 4/3 of their bytes. */
  readonly fieldBytesMax: number;
  /** Of the text fields of all requests that are being read. */
  readonly textBytesMax: number;
  readonly uploadLinkMinutes: number;
  /** How long an uploaded file is kept, where the client asks for nothing else. */
  readonly fileMinutes: number;
  /** The longest that a client may ask for. */
  readonly fileMinutesMax: number;
  /** Where storage has links of its own, a download is answered by a redirect to one. */
  readonly redirectsDownloads: boolean;
  /** Where storage has links of its own, an upload whose length is known goes to one. */
  readonly directUploads: boolean;
  /** Request line and headers together. */
  readonly headerBytesMax: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersMsMax: number;
  /** A connection on which no byte moves for so long is closed. Longer than `syncWaitMs`. There is no limit on the total. */
  readonly idleMsMax: number;
}

/** What compose need not say. */
export const httpDefaults = {
  syncWaitMs: 25_000,
  uploadBytesMax: 2 * 1024 * 1024 * 1024,
  fieldBytesMax: 64 * 1024 * 1024,
  textBytesMax: 256 * 1024 * 1024,
  uploadLinkMinutes: 30,
  fileMinutes: 60,
  fileMinutesMax: 7 * 24 * 60,
  redirectsDownloads: false,
  directUploads: false,
  headerBytesMax: 256 * 1024,
  headersMsMax: 30_000,
  idleMsMax: 120_000,
} as const satisfies Partial<HttpSettings>;

/** The options, and what changes while the server runs. */
export interface Edge extends HttpOptions {
  /** Set when the server stops: no new work, and connections close after their answer. */
  stopping: boolean;
  readonly texts: TextBudget;
  /** Calls that wait for their job. Aborted when the time for stopping is over. */
  readonly waits: Set<AbortController>;
  /** Those who look after a job and would look again. Aborted as soon as the server stops. */
  readonly polls: Set<AbortController>;
}
