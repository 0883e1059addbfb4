import {
  createServer as createHttp,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Edge } from './options.ts';
import { createMender, isMended } from './unencoded.ts';
import { refuseUnparsed } from './unparsed.ts';

/** Open sockets, and how to close them. */
export interface Listeners {
  readonly port: number;
  readonly addresses: readonly string[];
  close(graceMs: number, onLate: () => void): Promise<void>;
}

const keepAliveMs = 75_000;
const freePortTries = 5;

/** Opens one server for each address of the host: clients resolve `localhost` to 127.0.0.1 or to ::1, as their system likes. */
export async function listen(edge: Edge, handler: RequestListener): Promise<Listeners> {
  const { host, port } = edge.settings;
  const hosts = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  for (let tries = 1; ; tries++) {
    try {
      return await listenOn(edge, handler, hosts, port);
    } catch (error) {
      // A free port on 127.0.0.1 may be taken on ::1.
      if (port === 0 && codeOf(error) === 'EADDRINUSE' && tries < freePortTries) continue;
      throw new Error(sentenceFor(error, host, port), { cause: error });
    }
  }
}

async function listenOn(
  edge: Edge,
  handler: RequestListener,
  hosts: readonly string[],
  port: number,
): Promise<Listeners> {
  const servers: Server[] = [];
  try {
    for (const host of hosts) {
      const server = createServer(edge, handler);
      const bound = servers[0] === undefined ? port : (servers[0].address() as AddressInfo).port;
      if (await bind(server, host, bound, servers.length > 0)) servers.push(server);
    }
  } catch (error) {
    await Promise.all(servers.map((server) => closeServer(server)));
    throw error;
  }
  const bound = servers.map((server) => server.address() as AddressInfo);
  return {
    port: (bound[0] as AddressInfo).port,
    addresses: bound.map(({ address }) => address),
    close: (graceMs, onLate) => closeAll(servers, graceMs, onLate),
  };
}

function createServer(edge: Edge, handler: RequestListener): Server {
  const { tls, headerBytesMax, headersMsMax, idleMsMax } = edge.settings;
  const options = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: headersMsMax,
    connectionsCheckingInterval: Math.min(headersMsMax, 5_000),
    // No limit on the whole: 2 GB over a slow line take hours. What stands still is closed by `timeout`.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    // A request without a Host is answered; its links then name the address that it came to.
    requireHostHeader: false,
    noDelay: true,
  };
  const answers = new WeakMap<Duplex, ServerResponse>();
  const heard: RequestListener = (request, response) => {
    answers.set(request.socket, response);
    if (isMended(request.socket)) response.shouldKeepAlive = false;
    handler(request, response);
  };
  const server = tls === undefined ? createHttp(options, heard) : createHttps({ ...options, ...tls }, heard);
  server.timeout = idleMsMax;
  // An Expect that is not known is ignored; 100-continue is answered by Node at once.
  server.on('checkExpectation', heard);
  const mender = createMender(server, tls === undefined ? 'connection' : 'secureConnection');
  server.on('clientError', refuseUnparsed(edge, answers, mender));
  return server;
}

/** False where the machine has no such address, which is no error for the second one. */
function bind(server: Server, host: string, port: number, mayMiss: boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (mayMiss && ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error) ?? '')) resolve(false);
      else reject(error);
    });
    server.listen({ host, port, backlog: 1_024 }, () => {
      server.removeAllListeners('error');
      resolve(true);
    });
  });
}

async function closeAll(servers: readonly Server[], graceMs: number, onLate: () => void): Promise<void> {
  const closed = Promise.all(servers.map((server) => closeServer(server)));
  const late = setTimeout(() => {
    onLate();
    // What the late ones are told leaves first.
    setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, lastWordsMs);
  }, graceMs);
  await closed;
  clearTimeout(late);
}

const lastWordsMs = 500;

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function sentenceFor(error: unknown, host: string, port: number): string {
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is taken by another program: stop it, or set OCTAVO_PORT.`,
    EACCES: `This user may not listen on port ${port}: set OCTAVO_PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: set OCTAVO_HOST.`,
    ENOTFOUND: `The host ${host} has no address: set OCTAVO_HOST.`,
  };
  return sentences[codeOf(error) ?? ''] ?? `Cannot listen on ${host}, port ${port}: ${String(error)}.`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
