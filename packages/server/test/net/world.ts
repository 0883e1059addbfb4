import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDownload, type Downloaded, type DownloadOptions } from '../../src/net/download.ts';
import { createLog } from '../../src/platform/log.ts';
import type { Resolve } from '../../src/net/request.ts';

/** A listener of the world inside, which nobody may reach. */
export interface Canary extends AsyncDisposable {
  readonly port: number;
  /** Connections that were made to it, whatever was said on them. */
  readonly hits: number;
}

/** Listens on addresses of this machine, all on one port, and answers whoever comes. */
export async function startCanary(addresses: readonly string[] = ['127.0.0.1', '::1']): Promise<Canary> {
  let hits = 0;
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let port = 0;
  for (const host of addresses) {
    const server = createServer((socket) => {
      hits += 1;
      sockets.add(socket.on('error', () => {}));
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\ncanary');
    });
    await once(server.listen({ port, host, ipv6Only: host.includes(':') }), 'listening');
    ({ port } = server.address() as { port: number });
    servers.push(server);
  }
  return {
    port,
    get hits() {
      return hits;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** What a server of the world outside says on a connection, once the head of a request has come. */
export type Says = (socket: Socket, request: { readonly path: string; readonly head: string }) => void;

/** Such a server, whose bytes are written as they stand. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  readonly base: string;
  /** Heads of the requests that came. */
  readonly heads: readonly string[];
}

/** Starts one on 127.0.0.1. */
export async function startRaw(says: Says): Promise<RawServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    let head = '';
    const read = (bytes: Buffer) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', read).resume();
      heads.push(head);
      says(socket, { path: head.split(' ')[1] ?? '', head });
    };
    socket.on('data', read);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    base: `http://127.0.0.1:${port}`,
    heads,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Names that a resolver knows, with their addresses: one list for each time that it is asked, of which the last stays. */
export type Names = Readonly<Record<string, readonly (readonly string[])[]>>;

/** A resolver that knows these names, those below `localhost`, and no others. */
export function resolverOf(names: Names): { readonly resolve: Resolve; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async resolve(hostname) {
      const times = asked.filter((name) => name === hostname).length;
      asked.push(hostname);
      const name = hostname.replace(/\.$/, '');
      const known = /(?:^|\.)localhost$/.test(name) ? [['127.0.0.1', '::1']] : names[name];
      const answer = known?.[Math.min(times, known.length - 1)];
      if (answer === undefined) throw Object.assign(new Error(`unknown ${hostname}`), { code: 'ENOTFOUND' });
      return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
}

/** A door out, with a directory for what comes in by it. */
export interface Door extends AsyncDisposable {
  get(link: string, username?: string, password?: string): Promise<Downloaded>;
  /** Everything that was logged. */
  readonly logged: string[];
  /** Files that lie in the directory. */
  files(): Promise<string[]>;
}

/** Opens one that lets nothing of this machine through, unless told so. */
export async function openDoor(own: Partial<DownloadOptions> = {}): Promise<Door> {
  const directory = await mkdtemp(join(tmpdir(), 'octavo-door-'));
  const logged: string[] = [];
  const log = createLog({ level: 'debug', format: 'text', write: (line) => logged.push(line), now: () => 0 });
  const download = createDownload({ allow: [], bytesMax: 100_000, timeoutMs: 20_000, log, ...own });
  let count = 0;
  return {
    logged,
    get: (link, username = '', password = '') =>
      download(link, {
        path: join(directory, String(++count)),
        username,
        password,
        signal: new AbortController().signal,
      }),
    files: () => readdir(directory),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
