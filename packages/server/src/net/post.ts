import type { IncomingMessage } from 'node:http';
import { Failure } from '../errors.ts';
import { readAllowed } from './allowed.ts';
import { readLink } from './link.ts';
import { AddressRefused, Unreachable } from './refused.ts';
import { post, type Resolve, systemResolve } from './request.ts';

export interface PostOptions {
  /** As for downloads: OCTAVO_ALLOW_SOURCES. */
  readonly allow: readonly string[];
  /** For the whole of one POST, until its answer has come. */
  readonly timeoutMs: number;
  /** How host names are looked up, for tests. */
  readonly resolve?: Resolve;
}
/** What came of one POST: a status, or why there is none, in words for the log. `refused`: no other try can do better. */
export type Posted =
  | { readonly status: number; readonly retryAfter?: string }
  | { readonly failed: string; readonly refused: boolean };

/** More of an answer is of no use, but who is cut off in the middle of a short one may take that for an error. */
const answerBytesMax = 4_096;

/**
 * The door out for callbacks, with the checks of downloads and more headers where they are given. Redirects are not followed.
 * Throws the reason of `stop` alone, and at once, with a sentence for the operator, where an entry of `allow` cannot be read.
 */
export function createPost(options: PostOptions) {
  const allowed = readAllowed(options.allow);
  const { timeoutMs, resolve = systemResolve } = options;
  return async (
    link: string,
    json: string,
    stop: AbortSignal,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Posted> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([stop, timeout]);
    try {
      const url = readLink(link, 'callback');
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'octavo',
        ...more,
      };
      const response = await post(url, { allowed, resolve, headers, headMsMax: timeoutMs, signal }, json);
      await drain(response);
      return statusOf(response);
    } catch (error) {
      stop.throwIfAborted();
      return timeout.aborted ? { failed: 'it took too long', refused: false } : reasonOf(error);
    }
  };
}

function statusOf({ statusCode = 0, headers }: IncomingMessage): Posted {
  const retryAfter = headers['retry-after'];
  return retryAfter === undefined ? { status: statusCode } : { status: statusCode, retryAfter };
}

/** Reads a short answer to its end and no more of a long one. Its status has come: what happens to the rest changes nothing. */
async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      if (bytes > answerBytesMax) break;
    }
  } catch {
    // Broken off, or too slow.
  }
  response.destroy();
}

/** In words that name neither the link nor its host. */
function reasonOf(error: unknown): Posted {
  if (error instanceof AddressRefused)
    return { failed: `the address ${error.address} is not allowed`, refused: true };
  if (error instanceof Failure) return { failed: 'it is no link', refused: true };
  if (!(error instanceof Unreachable)) throw error;
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  return { failed: code === undefined ? error.message : `${error.message} (${code})`, refused: false };
}
