import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What happens to one request on its way. */
export type Fault =
  /** Answered with this status and this code, and not passed on. */
  | { readonly status: number; readonly code: string; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is reset: before anything is passed on, or after the server has done it all and before its answer is. */
  | 'reset'
  | 'lost'
  /** The server never hears of it, and the client hears nothing. */
  | 'silence'
  /** The head and the first half of the body come, then the connection is reset, or nothing comes any more. */
  | 'half'
  | 'half and silence'
  /** Half of what the client sends is passed on, then both connections are reset. */
  | 'half sent'
  /** A byte of what the client sends is another one. */
  | 'changed'
  /** The entity tag of the answer, in its head or its body, is no digest, as where a server encrypts by a key of its own. */
  | 'tag';

export interface Passed {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

/** Stands between a client and a real S3 server. */
export interface FaultyS3 {
  readonly endpoint: string;
  /** Asked for each request. */
  fault: (request: Passed) => Fault | undefined | Promise<undefined>;
  readonly seen: (Passed & { readonly socket: Socket })[];
  close(): Promise<void>;
}

export async function faultyS3(server: string): Promise<FaultyS3> {
  const upstream = new URL(server);
  const agent = new Agent({ keepAlive: true });
  const seen: (Passed & { readonly socket: Socket })[] = [];
  const proxy = createServer(async (from, to) => {
    const passed = { method: from.method ?? '', path: from.url ?? '' };
    seen.push({ ...passed, socket: from.socket });
    const fault = await faulty.fault(passed);
    if (fault === 'silence') from.resume();
    else if (fault === 'reset') from.socket.resetAndDestroy();
    else if (typeof fault === 'object') answer(from, to, fault);
    else pass(from, to, fault);
  });

  function pass(from: IncomingMessage, to: ServerResponse, fault: Exclude<Fault, object> | undefined): void {
    const { method, url: path, headers } = from;
    // The host is signed, so it stays that of the proxy.
    const on = request({ host: upstream.hostname, port: upstream.port, method, path, headers, agent });
    on.on('error', () => from.socket.destroy());
    from.on('error', () => on.destroy());
    on.on('response', (response) => {
      if (fault === 'lost') {
        response.resume().once('end', () => from.socket.resetAndDestroy());
        return;
      }
      const tag = fault === 'tag' ? { etag: '"0123456789abcdef"' } : {};
      to.writeHead(response.statusCode ?? 500, { ...response.headers, ...tag });
      if (fault === 'tag')
        return void response
          .on('data', (chunk: Buffer) =>
            to.write(chunk.toString('latin1').replace(/(?<=<ETag>)[^<]{16}/, '0123456789abcdef'), 'latin1'),
          )
          .once('end', () => to.end());
      if (fault !== 'half' && fault !== 'half and silence') return void response.pipe(to);
      const half = Math.floor(Number(response.headers['content-length'] ?? 0) / 2);
      let left = half;
      response.on('data', (chunk: Buffer) => {
        to.write(chunk.subarray(0, Math.max(0, left)));
        left -= chunk.length;
      });
      response.once('end', () => {
        // What was written has to be out, or the reset takes it back.
        if (fault === 'half') to.write('', () => setImmediate(() => from.socket.resetAndDestroy()));
      });
    });
    if (fault === 'changed') {
      from.once('data', (chunk: Buffer) => (chunk[0] = (chunk[0] as number) ^ 1));
      return void from.pipe(on);
    }
    if (fault !== 'half sent') return void from.pipe(on);
    let left = Math.floor(Number(headers['content-length'] ?? 0) / 2);
    from.on('data', (chunk: Buffer) => {
      if (left <= 0) return;
      on.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      on.destroy();
      from.socket.resetAndDestroy();
    });
  }

  const faulty = {
    endpoint: '',
    fault: (_request: Passed): Fault | undefined | Promise<undefined> => undefined,
    seen,
    async close() {
      proxy.close();
      proxy.closeAllConnections();
      agent.destroy();
      await once(proxy, 'close');
    },
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  faulty.endpoint = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
  return faulty;
}

function answer(
  from: IncomingMessage,
  to: ServerResponse,
  { status, code, headers }: Extract<Fault, object>,
): void {
  from.resume().once('end', () => {
    to.writeHead(status, { 'content-type': 'application/xml', ...headers });
    to.end(
      from.method === 'HEAD'
        ? undefined
        : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
    );
  });
}
