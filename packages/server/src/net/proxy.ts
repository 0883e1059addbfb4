import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { performServerHandshake } from 'node:http2';
import { Duplex, type Readable } from 'node:stream';
import type { Log } from '../platform/log.ts';
import { readAllowed } from './allowed.ts';
import { hasUser, hostOf } from './link.ts';
import { AddressRefused } from './refused.ts';
import { reach, type Resolve, systemResolve } from './request.ts';

export interface ProxyOptions {
  /** Networks and prefixes of links that may be reached besides public addresses: OCTAVO_ALLOW_SOURCES. */
  readonly allow: readonly string[];
  /** Of all that comes in by one stream. */
  readonly bytesMax: number;
  readonly log: Log;
  /** Gives a file of this server that a link stands for, whatever its host; null for any other link. */
  readonly own?: (url: URL) => Promise<Readable | null>;
  readonly resolve?: Resolve;
  /** For each connection to be made, and its longest silence. */
  readonly idleMsMax?: number;
}

/** At one time, of one stream: browsers open no more to a proxy. */
const connectionsMax = 64;
const headBytesMax = 16_384;
/** Refusals of one stream that are logged: a page can try thousands of addresses. */
const loggedMax = 8;

/** Says in an answer of the proxy itself why it is none of the other side: `refused` or `unreachable`. */
export const verdictHeader = 'x-octavo-proxy';

/** Headers that speak of one connection (RFC 9110, 7.6.1), and must not be handed on. */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The only door out for a browser in a box, which it reaches by one stream: over it goes HTTP/2, in which each stream that CONNECT
 * opens is a connection to an HTTP proxy. That forwards requests for `http:`, and opens tunnels for all else, by the rules of `get`: a
 * name is looked up once, all its addresses have to pass, and only they are dialled. All that comes is from a hostile place.
 */
export function createProxy(options: ProxyOptions): (stream: Duplex) => void {
  const allowed = readAllowed(options.allow);
  return (stream) => {
    let bytesLeft = options.bytesMax;
    let logged = 0;
    const end = new AbortController();
    const session = performServerHandshake(stream, {
      maxSessionMemory: 4,
      settings: { maxConcurrentStreams: connectionsMax },
    });
    const proxy = serve({
      ...options,
      reach: (url, secure) =>
        reach(url, {
          allowed,
          resolve: options.resolve ?? systemResolve,
          headMsMax: options.idleMsMax ?? idleMsUsual,
          signal: end.signal,
          secure,
        }),
      count(bytes) {
        bytesLeft -= bytes;
        if (bytesLeft < 0) session.destroy();
      },
      refused({ host, address }) {
        if ((logged += 1) <= loggedMax) options.log.warn('a page was refused an address', { host, address });
      },
    });
    session.on('stream', (one, headers) => {
      if (headers[':method'] !== 'CONNECT') return one.close();
      one.on('error', () => {});
      one.respond({ ':status': 200 });
      // Texts that are written to a stream of HTTP/2 together with bytes are garbled (seen with Node 24.21): here they become bytes first.
      proxy.emit('connection', Duplex.from({ readable: one, writable: one }));
    });
    session.on('error', () => {});
    session.on('close', () => {
      end.abort();
      proxy.closeAllConnections();
      stream.destroy();
    });
    stream.on('close', () => session.destroy());
  };
}

const idleMsUsual = 30_000;

/** What the proxy of one stream works with. */
interface Parts extends Pick<ProxyOptions, 'own' | 'idleMsMax'> {
  reach(url: URL, secure: boolean): ReturnType<typeof reach>;
  /** Bytes that came from outside. */
  count(bytes: number): void;
  refused(error: AddressRefused): void;
}

function serve(parts: Parts): Server {
  const proxy = createServer({ maxHeaderSize: headBytesMax }, (incoming, response) => {
    forward(incoming, response, parts).catch((error: unknown) => {
      const { status, verdict } = judge(error, parts);
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { [verdictHeader]: verdict, connection: 'close' }).end();
    });
  });
  proxy.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => {});
    tunnel(incoming, client, head, parts).catch((error: unknown) => {
      const { status, verdict } = judge(error, parts);
      client.end(`HTTP/1.1 ${status} No\r\n${verdictHeader}: ${verdict}\r\ncontent-length: 0\r\n\r\n`);
    });
  });
  proxy.on('clientError', (_, client) => client.destroy());
  return proxy;
}

function judge(error: unknown, { refused }: Parts): { readonly status: number; readonly verdict: string } {
  if (!(error instanceof AddressRefused)) return { status: 502, verdict: 'unreachable' };
  refused(error);
  return { status: 403, verdict: 'refused' };
}

/** One request for a link that is spoken without TLS, on a connection of its own. */
async function forward(incoming: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const url = URL.parse(incoming.url ?? '');
  if (url === null || url.protocol !== 'http:' || hasUser(url))
    throw new AddressRefused(url?.hostname ?? '', 'no link of a page');
  const own = await parts.own?.(url);
  if (own) {
    // Of what kind it is, a browser sees.
    response.writeHead(200, { 'access-control-allow-origin': '*' });
    return pour(own, response, parts);
  }
  const socket = await parts.reach(url, false);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(
      {
        method: incoming.method,
        path: url.pathname + url.search,
        setHost: false,
        headers: { ...endToEnd(incoming), host: url.host, connection: 'close' },
        createConnection: () => socket,
        maxHeaderSize: headBytesMax,
        timeout: parts.idleMsMax ?? idleMsUsual,
      },
      resolve,
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', reject);
    sent.on('close', () => reject(new Error('no answer')));
    response.on('close', () => sent.destroy());
    incoming.on('error', () => sent.destroy()).pipe(sent);
  });
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer));
  return pour(answer, response, parts);
}

async function pour(bytes: Readable, response: ServerResponse, { count }: Parts): Promise<void> {
  bytes.on('data', (chunk: Buffer) => count(chunk.length));
  bytes.on('error', () => response.destroy());
  response.on('close', () => bytes.destroy());
  bytes.pipe(response);
}

function endToEnd({ headers }: IncomingMessage): IncomingMessage['headers'] {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ofConnection.has(name) && !named.includes(name)),
  );
}

/** A connection whose bytes nobody here reads: mostly TLS. */
async function tunnel(incoming: IncomingMessage, client: Duplex, head: Buffer, parts: Parts): Promise<void> {
  // The scheme is the likely one: entries of OCTAVO_ALLOW_SOURCES that are links are compared with it.
  const url = URL.parse(`https://${incoming.url ?? ''}/`);
  if (url === null || hasUser(url) || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new AddressRefused(url === null ? '' : hostOf(url), 'no host with a port');
  const socket = await parts.reach(url, false);
  if (client.destroyed) return void socket.destroy();
  socket.setTimeout(parts.idleMsMax ?? idleMsUsual, () => socket.destroy());
  client.write('HTTP/1.1 200 OK\r\n\r\n');
  socket.write(head);
  socket.on('data', (chunk: Buffer) => parts.count(chunk.length));
  socket.on('error', () => client.destroy());
  socket.on('close', () => client.destroy());
  client.on('close', () => socket.destroy());
  socket.pipe(client).pipe(socket);
}
