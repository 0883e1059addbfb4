import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { Allowed } from './allowed.ts';
import { type Address, dial } from './dial.ts';
import { hostOf } from './link.ts';
import { AddressRefused, Unreachable, unreachable } from './refused.ts';

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

/** Asks the system, with its hosts file, as every program does. */
export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

export interface ReachOptions {
  readonly allowed: Allowed;
  readonly resolve: Resolve;
  /** Whether TLS is spoken; by the scheme of the link where it is left out. */
  readonly secure?: boolean | undefined;
  /** For the connection and the head of the answer, however busily that comes. */
  readonly headMsMax: number;
  readonly signal: AbortSignal;
}
export interface AskOptions extends ReachOptions {
  readonly headers: Readonly<Record<string, string>>;
}

const headBytesMax = 16_384;

/**
 * One GET, following nothing. The host's addresses are looked up once, all of them have to pass, and the connection goes to one
 * of them. Throws AddressRefused or Unreachable, and the reason of `signal`.
 */
export function get(url: URL, options: AskOptions): Promise<IncomingMessage> {
  return ask(url, options, undefined);
}

/** One POST, by the same rules. */
export function post(url: URL, options: AskOptions, body: string): Promise<IncomingMessage> {
  return ask(url, options, body);
}

function ask(url: URL, options: AskOptions, body: string | undefined): Promise<IncomingMessage> {
  return withReached(url, options, (socket, signal) => send(url, socket, { ...options, signal }, body));
}

/** A connection to the host of a link and nothing on it, with TLS where `secure` says so. Throws as `get` does. */
export function reach(url: URL, options: ReachOptions): Promise<Socket> {
  return withReached(url, options, async (socket) => socket);
}

/** Gives `take` a connection to a host whose addresses have all passed, within the time for the head. */
async function withReached<T>(
  url: URL,
  options: ReachOptions,
  take: (socket: Socket, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const addresses = await addressesOf(url, options);
  const mayTalkTo = (address: string) => options.allowed.address(url, address);
  // One that may not be reached is no accident among others: whoever owns the name means to get there.
  if (!addresses.every(({ address }) => mayTalkTo(address)))
    throw new AddressRefused(hostOf(url), addresses.map(({ address }) => address).join(' '));
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Unreachable('it went silent')), options.headMsMax);
  const signal = AbortSignal.any([options.signal, late.signal]);
  try {
    const { secure } = options;
    return await take(await dial(url, { addresses, mayTalkTo, signal, secure }), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AddressRefused ? error : unreachable(error);
  } finally {
    clearTimeout(timer);
  }
}

async function addressesOf(url: URL, { resolve, signal }: ReachOptions): Promise<readonly Address[]> {
  const hostname = hostOf(url);
  const family = isIP(hostname);
  if (family !== 0) return [{ address: hostname, family }];
  const found = await unlessAborted(resolve(hostname), signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Unreachable('its host name is not known', { cause: error });
  });
  if (found.length === 0) throw new Unreachable('its host name is not known');
  return found;
}

/** The system's look-up cannot be ended, but left alone. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** One request on a connection of its own, which ends with it. */
function send(
  url: URL,
  socket: Socket,
  { headers, signal }: Pick<AskOptions, 'headers' | 'signal'>,
  body: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        method: body === undefined ? 'GET' : 'POST',
        path: url.pathname + url.search,
        setHost: false,
        headers: { host: url.host, 'accept-encoding': 'identity', accept: '*/*', ...headers },
        createConnection: () => socket,
        maxHeaderSize: headBytesMax,
        insecureHTTPParser: false,
        signal,
      },
      resolve,
    );
    sent.on('error', reject);
    // Whoever answers with another protocol ends the request without an answer and without an error.
    sent.on('upgrade', () => sent.destroy(new Unreachable('it does not speak HTTP as it should')));
    sent.on('close', () => reject(new Unreachable('the connection failed')));
    sent.end(body);
  });
}
