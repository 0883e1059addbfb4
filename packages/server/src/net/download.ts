import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Failure } from '../errors.ts';
import type { Log } from '../platform/log.ts';
import type { Allowed } from './allowed.ts';
import { readAllowed } from './allowed.ts';
import { basic, isWeb, readLink, userOf } from './link.ts';
import { nameOf } from './name.ts';
import type { AskOptions, Resolve } from './request.ts';
import { AddressRefused, get, systemResolve, Unreachable, unreachable } from './request.ts';

export interface DownloadOptions {
  /** Networks and prefixes of links that may be reached besides public addresses: OCTAVO_ALLOW_SOURCES. */
  readonly allow: readonly string[];
  readonly bytesMax: number;
  /** For the whole of one download, redirects included. */
  readonly timeoutMs: number;
  /** Longest silence of the other side: 30 s where it is left out. */
  readonly idleMsMax?: number;
  readonly log?: Log;
  /** How host names are looked up, for tests. */
  readonly resolve?: Resolve;
}
export interface DownloadTarget {
  /** Where the bytes go: a path where nothing is yet. */
  readonly path: string;
  /** For HTTP basic authentication; empty means none. */
  readonly username: string;
  readonly password: string;
  readonly signal: AbortSignal;
}
export interface Downloaded {
  readonly sizeBytes: number;
  /** What the other side calls the file; hostile text. */
  readonly name: string;
}

const redirectsMax = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * The only door out, for links of strangers. Throws the Failures `linkInvalid`, `sourceRefused`, `sourceUnreachable` and
 * `uploadTooLarge`, and the reason of `signal` when that aborts; then nothing is left at the path. Throws at once, with a
 * sentence for the operator, where an entry of `allow` cannot be read.
 */
export function createDownload(options: DownloadOptions) {
  const allowed = readAllowed(options.allow);
  return async (link: string, target: DownloadTarget): Promise<Downloaded> => {
    const url = readLink(link, 'url');
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = AbortSignal.any([target.signal, timeout]);
    try {
      const response = await follow(url, target, { ...options, allowed, signal });
      const sizeBytes = await save(response, target.path, options.bytesMax);
      return { sizeBytes, name: nameOf(url, response.headers['content-disposition']) };
    } catch (error) {
      target.signal.throwIfAborted();
      throw failureOf(timeout.aborted ? new Unreachable('it took too long') : error, options.log);
    }
  };
}

type FollowOptions = DownloadOptions & { readonly allowed: Allowed; readonly signal: AbortSignal };

/** Follows redirects, each checked like the first link, to an answer with the file. */
async function follow(first: URL, target: DownloadTarget, options: FollowOptions): Promise<IncomingMessage> {
  const { allowed, signal, resolve = systemResolve, idleMsMax = 30_000 } = options;
  let url = first;
  for (let count = 0; count <= redirectsMax; count += 1) {
    const headers = { 'user-agent': 'octavo', ...credentials(url, first, target) };
    const response = await get(url, { allowed, resolve, headers, idleMsMax, signal } satisfies AskOptions);
    const next = redirectOf(response, url);
    if (next === null) return acceptable(response, options.bytesMax);
    response.destroy();
    url = next;
  }
  throw new Unreachable('it redirects too often');
}

/** Credentials for the host of the link alone, and never from https back to http. */
function credentials(
  url: URL,
  first: URL,
  { username, password }: DownloadTarget,
): Readonly<Record<string, string>> {
  const secured =
    first.protocol === 'http:' && url.protocol === 'https:' && first.port === '' && url.port === '';
  if (url.hostname !== first.hostname || (url.origin !== first.origin && !secured)) return {};
  const [user, pass] = username === '' && password === '' ? userOf(first) : [username, password];
  return basic(user, pass);
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | null {
  if (!redirects.has(statusCode)) return null;
  const next = headers.location === undefined ? null : URL.parse(headers.location, from.href);
  if (next === null) throw new Unreachable('it redirects to nowhere');
  if (!isWeb(next)) throw new AddressRefused(`the scheme ${next.protocol}`);
  return next;
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
  if (Number(headers['content-length'] ?? 0) > bytesMax) refuse(tooLarge(bytesMax));
  return response;
}

/** Writes the body to a new file. What cannot be had whole leaves no file. */
async function save(response: IncomingMessage, path: string, bytesMax: number): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    response.destroy();
    throw error;
  });
  let sizeBytes = 0;
  try {
    for await (const chunk of chunksOf(response)) {
      sizeBytes += chunk.length;
      if (sizeBytes > bytesMax) throw tooLarge(bytesMax);
      await file.writeFile(chunk);
    }
    return sizeBytes;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    response.destroy();
    await file.close();
  }
}

/** The body, with the errors of its connection told apart from those of the disk. */
async function* chunksOf(response: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch (error) {
    throw unreachable(error);
  }
}

function tooLarge(bytesMax: number): Failure {
  return new Failure('uploadTooLarge', { limit: `${Math.floor(bytesMax / 1024 / 1024)} MB` });
}

/** The row that a client may see; the log has the rest. */
function failureOf(error: unknown, log: Log | undefined): unknown {
  if (error instanceof AddressRefused) {
    log?.warn('a source was refused', { address: error.address });
    return new Failure('sourceRefused', { field: 'url' }, { detail: error.address, cause: error });
  }
  if (!(error instanceof Unreachable)) return error;
  const detail = error.cause instanceof Error ? error.cause.message : undefined;
  log?.info('a source could not be fetched', { reason: error.message, detail });
  const extra = detail === undefined ? {} : { detail };
  return new Failure(
    'sourceUnreachable',
    { field: 'url', reason: error.message },
    { ...extra, cause: error },
  );
}
