import { once } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { hostOf } from './link.ts';
import { AddressRefused } from './refused.ts';

export interface Address {
  readonly address: string;
  readonly family: number;
}
export interface DialOptions {
  /** Addresses that passed the check; the first that answers is taken. */
  readonly addresses: readonly Address[];
  /** Judges who is at the other end, before a byte is sent. */
  mayTalkTo(address: string): boolean;
  readonly signal: AbortSignal;
  /** Whether TLS is spoken; for https where it is left out. */
  readonly secure?: boolean | undefined;
}

/** Some names have hundreds of addresses; nobody waits for all of them. */
const addressesMax = 8;
/** Node gives up an address after 250 ms where there is another one: too soon for one on the other side of the world. */
const attemptMs = 2_000;

/**
 * A connection to the host of a link, with TLS for https, at one of the addresses and never by the name: whatever that stands
 * for by now. Throws AddressRefused, and what the connection throws.
 */
export async function dial(url: URL, options: DialOptions): Promise<Socket> {
  const { addresses, mayTalkTo, signal, secure = url.protocol === 'https:' } = options;
  const host = hostOf(url);
  const socket = connect({
    host,
    port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    lookup: pinned(addresses.slice(0, addressesMax)),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptMs,
    noDelay: true,
  });
  // Between two listeners an error must not end the process.
  socket.on('error', () => {});
  try {
    await once(socket, 'connect', { signal });
    const peer = socket.remoteAddress ?? '';
    if (!mayTalkTo(peer)) throw new AddressRefused(host, peer);
    return secure ? await secured(socket, host, signal) : socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function secured(socket: Socket, host: string, signal: AbortSignal): Promise<Socket> {
  // An address is no name for SNI, but is looked for in the certificate all the same.
  const names = isIP(host) === 0 ? { host, servername: host } : { host };
  const secure = connectTls({ socket, ...names, ALPNProtocols: ['http/1.1'] });
  secure.on('error', () => {});
  await once(secure, 'secureConnect', { signal });
  return secure;
}

/** Answers every look-up with the addresses that were checked. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}
