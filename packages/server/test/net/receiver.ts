import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a receiver of callbacks was sent. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
/** A server of the world outside that hears callbacks. */
export interface Receiver extends AsyncDisposable {
  /** Link to a path of it. */
  at(path: string): string;
  readonly received: readonly Received[];
  /** Resolves when so many have come. */
  count(least: number): Promise<void>;
}

/** Starts one on loopback. Answers what `answer` does, with 200 by default, once the body is read. */
export async function startReceiver(
  answer: (response: ServerResponse, number: number) => void = (response) => response.end('ok'),
): Promise<Receiver> {
  const received: Received[] = [];
  const watchers = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    received.push({ method: request.method, path: request.url, headers: request.headers, body });
    answer(response, received.length);
    for (const watch of watchers) watch();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    received,
    at: (path) => `http://127.0.0.1:${port}${path}`,
    count: (least) =>
      new Promise((resolve) => {
        const watch = () => received.length >= least && resolve();
        watchers.add(watch);
        watch();
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
