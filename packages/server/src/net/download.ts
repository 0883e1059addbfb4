import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Failure, limitText } from '../errors.ts';
import type { Log } from '../platform/log.ts';
import type { Allowed } from './allowed.ts';
import { readAllowed } from './allowed.ts';
import { basic, hasUser, isWeb, readLink } from './link.ts';
import { nameOf } from './name.ts';
import { paced } from './pace.ts';
import { AddressRefused, causeOf, Unreachable } from './refused.ts';
import { get, type Resolve, systemResolve } from './request.ts';

export interface DownloadOptions {
  /** Networks and prefixes of links that may be reached besides public addresses: OCTAVO_ALLOW_SOURCES. */
  readonly allow: readonly string[];
  readonly bytesMax: number;
  /** For the whole of one download, redirects included. */
  readonly timeoutMs: number;
  /** Longest silence of the other side, and the time for the head of each answer: 30 s where it is left out. */
  readonly idleMsMax?: number;
  /** Who sends less than this for as long as that is sent away: 1 KB where it is left out. */
  readonly bytesPerSecondMin?: number;
  readonly log?: Log;
  /** How host names are looked up, for tests. */
  readonly resolve?: Resolve;
}
/** Who asks for a file. */
export interface Asking {
  /** For HTTP basic authentication; empty means none. */
  readonly username: string;
  readonly password: string;
  readonly signal: AbortSignal;
}
export interface DownloadTarget extends Asking {
  /** Where the bytes go: a path where nothing is yet. */
  readonly path: string;
}
/** Takes the bytes of a file as they come, and what the other side calls it; hostile both. */
export type Take<T> = (bytes: AsyncIterable<Uint8Array>, name: string) => Promise<T>;
export interface Downloaded {
  readonly sizeBytes: number;
  /** What the other side calls the file; hostile text. */
  readonly name: string;
}

const idleMsMaxDefault = 30_000;
const bytesPerSecondMinDefault = 1_024;
const redirectsMax = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * The only door out, for links of strangers. Throws the Failures `linkInvalid`, `sourceRefused`, `sourceUnreachable` and
 * `uploadTooLarge`, what `take` throws, and the reason of `signal` when that aborts. Throws at once, with a sentence for the
 * operator, where an entry of `allow` cannot be read.
 */
export function createFetch(options: DownloadOptions) {
  const allowed = readAllowed(options.allow);
  const tooLong = `it took longer than ${options.timeoutMs / 1_000} seconds`;
  return async <T>(link: string, asking: Asking, take: Take<T>): Promise<T> => {
    const url = readLink(link, 'url');
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = AbortSignal.any([asking.signal, timeout]);
    try {
      const response = await follow(url, asking, { ...options, allowed, signal });
      try {
        return await take(chunksOf(response, options), nameOf(url, response.headers['content-disposition']));
      } finally {
        response.destroy();
      }
    } catch (error) {
      asking.signal.throwIfAborted();
      throw failureOf(timeout.aborted ? new Unreachable(tooLong) : error, options.log);
    }
  };
}

/** The same with the bytes in a new file; when it throws, nothing is left at the path. */
export function createDownload(options: DownloadOptions) {
  const fetch = createFetch(options);
  return (link: string, target: DownloadTarget): Promise<Downloaded> =>
    fetch(link, target, async (bytes, name) => ({ sizeBytes: await save(bytes, target.path), name }));
}

type FollowOptions = DownloadOptions & { readonly allowed: Allowed; readonly signal: AbortSignal };

/** Follows redirects, each checked like the first link, to an answer with the file. */
async function follow(first: URL, asking: Asking, options: FollowOptions): Promise<IncomingMessage> {
  const { allowed, signal, resolve = systemResolve, idleMsMax: headMsMax = idleMsMaxDefault } = options;
  let credentials = basic(asking.username, asking.password);
  let url = first;
  for (let count = 0; count <= redirectsMax; count += 1) {
    const headers = { 'user-agent': 'octavo', ...credentials };
    const response = await get(url, { allowed, resolve, headers, headMsMax, signal });
    const next = redirectOf(response, url);
    if (next === null) return acceptable(response, options.bytesMax);
    response.destroy();
    // They were meant for the first host, and stay away from all others and from whatever those lead to.
    if (next.origin !== url.origin) credentials = {};
    url = next;
  }
  throw new Unreachable('it redirects too often');
}

function redirectOf(response: IncomingMessage, from: URL): URL | null {
  const { statusCode = 0, headers } = response;
  if (!redirects.has(statusCode)) return null;
  const next = headers.location === undefined ? null : URL.parse(headers.location, from.href);
  const wrong =
    next === null
      ? new Unreachable('it redirects to nowhere')
      : isWeb(next)
        ? hasUser(next) && new AddressRefused(next.hostname, 'a user name in a redirect')
        : new AddressRefused(next.hostname, `the scheme ${next.protocol}`);
  if (!wrong) return next;
  response.destroy();
  throw wrong;
}

function acceptable(response: IncomingMessage, bytesMax: number): IncomingMessage {
  const { statusCode = 0, headers } = response;
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const refuse = (error: Error) => {
    response.destroy();
    throw error;
  };
  if (statusCode !== 200) refuse(new Unreachable(`the server answered ${statusCode}`));
  // A few bytes can unpack to gigabytes: only what can be counted as it comes is taken.
  if (encoding !== 'identity' && encoding !== '') refuse(new Unreachable('the server sent it compressed'));
  const transfer = (headers['transfer-encoding'] ?? 'chunked').trim().toLowerCase();
  if (transfer !== 'chunked') refuse(new Unreachable('the server sent it compressed'));
  if (Number(headers['content-length'] ?? 0) > bytesMax) refuse(tooLarge(bytesMax));
  return response;
}

/** Writes the body to a new file. What cannot be had whole leaves no file. */
async function save(bytes: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of bytes) {
      sizeBytes += chunk.length;
      await file.writeFile(chunk);
    }
    return sizeBytes;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** The body, counted as it comes, announced or not. */
async function* chunksOf(
  response: IncomingMessage,
  {
    bytesMax,
    idleMsMax = idleMsMaxDefault,
    bytesPerSecondMin = bytesPerSecondMinDefault,
  }: Pick<DownloadOptions, 'bytesMax' | 'idleMsMax' | 'bytesPerSecondMin'>,
): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  for await (const chunk of paced(response, { idleMsMax, bytesPerSecondMin })) {
    sizeBytes += chunk.length;
    if (sizeBytes > bytesMax) throw tooLarge(bytesMax);
    yield chunk;
  }
}

function tooLarge(bytesMax: number): Failure {
  return new Failure('uploadTooLarge', { limit: limitText(bytesMax) });
}

/** The row that a client may see: the same for every address. The log has the rest. */
function failureOf(error: unknown, log: Log | undefined): unknown {
  if (error instanceof AddressRefused) {
    const { host, address } = error;
    log?.warn('a source was refused', { host, address });
    return new Failure('sourceRefused', { field: 'url' }, { detail: address, cause: error });
  }
  if (!(error instanceof Unreachable)) return error;
  const detail = causeOf(error);
  log?.info('a source could not be fetched', { reason: error.message, detail });
  const extra = detail === undefined ? {} : { detail };
  return new Failure(
    'sourceUnreachable',
    { field: 'url', reason: error.message },
    { ...extra, cause: error },
  );
}
