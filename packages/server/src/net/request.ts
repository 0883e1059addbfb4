import { lookup } from 'node:dns/promises';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import type { Allowed } from './allowed.ts';

/** The host of a link has no address that it may lead to. `address` is for the log alone. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly address: string;
  constructor(address: string) {
    super('The link leads to an address that is not allowed.');
    this.address = address;
  }
}
/** The other side did not answer as it should. The message is fit for a client. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface Address {
  readonly address: string;
  readonly family: number;
}
/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

/** Asks the system, with its hosts file, as every program does. */
export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

export interface AskOptions {
  readonly allowed: Allowed;
  readonly resolve: Resolve;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest silence of the other side. */
  readonly idleMsMax: number;
  readonly signal: AbortSignal;
}

/**
 * One GET, following nothing. The host's addresses are looked up once and checked, and the connection goes to one of those
 * that passed: whatever the name stands for a moment later. Throws AddressRefused or Unreachable.
 */
export function get(url: URL, options: AskOptions): Promise<IncomingMessage> {
  return ask(url, options, undefined);
}

/** One POST, by the same rules. */
export function post(url: URL, options: AskOptions, body: string): Promise<IncomingMessage> {
  return ask(url, options, body);
}

async function ask(url: URL, options: AskOptions, body: string | undefined): Promise<IncomingMessage> {
  const addresses = await addressesOf(url, options);
  const allowed = addresses.filter(({ address }) => options.allowed.address(url, address));
  if (allowed.length === 0) throw new AddressRefused(addresses.map(({ address }) => address).join(' '));
  return send(url, allowed, options, body);
}

async function addressesOf(url: URL, { resolve, signal }: AskOptions): Promise<readonly Address[]> {
  // The URL parser has brought every spelling of an IPv4 address (decimal, octal, hexadecimal) into the usual one.
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
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

function send(
  url: URL,
  addresses: readonly Address[],
  options: AskOptions,
  body: string | undefined,
): Promise<IncomingMessage> {
  const { headers, idleMsMax, signal } = options;
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const settings: RequestOptions = {
    method: body === undefined ? 'GET' : 'POST',
    protocol: url.protocol,
    hostname,
    port: url.port,
    path: url.pathname + url.search,
    // One connection for one request: none is kept that was checked for another link.
    agent: false,
    headers: { 'accept-encoding': 'identity', accept: '*/*', ...headers },
    lookup: pinned(addresses),
    timeout: idleMsMax,
    signal,
  };
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    const sent = request(settings, (response) => resolve((answer = response)));
    sent.on('timeout', () => (answer ?? sent).destroy(new Unreachable('it went silent')));
    sent.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : unreachable(error)));
    sent.end(body);
  });
}

/** Answers every look-up with the addresses that were checked. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}

/** The error of a connection as a client may hear it: without addresses. */
export function unreachable(error: unknown): Unreachable {
  if (error instanceof Unreachable) return error;
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const says = /CERT|TLS|SSL|SIGNED/.test(code) ? 'its certificate is not trusted' : 'the connection failed';
  return new Unreachable(says, { cause: error });
}
