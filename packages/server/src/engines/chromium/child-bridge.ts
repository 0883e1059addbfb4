import { type ClientHttp2Session, connect } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { door } from '../../sandbox/child-door.ts';

/** All that this box has of a network: a port on which the browser finds its proxy. */
export interface Bridge {
  readonly port: number;
  /** Whether connections are carried. */
  isOpen: boolean;
  /** Why the proxy did not connect to these hosts; with ports as the browser says them. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

export type Verdict = 'refused' | 'unreachable';

const verdictsMax = 1_000;

/** Listens in this box alone. Each connection becomes a stream of HTTP/2 over the door, which the server gives to its proxy. */
export async function openBridge(): Promise<Bridge> {
  const verdicts = new Map<string, Verdict>();
  let session: ClientHttp2Session | undefined;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (!bridge.isOpen) return void socket.destroy();
    session ??= openSession();
    carry(socket, session, (host, verdict) => {
      if (verdicts.size < verdictsMax) verdicts.set(host, verdict);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bridge: Bridge = { port: (server.address() as AddressInfo).port, isOpen: false, verdicts };
  return bridge;
}

function openSession(): ClientHttp2Session {
  return connect('http://proxy', { createConnection: door }).on('error', () => {});
}

function carry(
  socket: Socket,
  session: ClientHttp2Session,
  tell: (host: string, verdict: Verdict) => void,
): void {
  if (session.closed || session.destroyed) return void socket.destroy();
  const stream = session.request({ ':method': 'CONNECT', ':authority': 'proxy' });
  stream.on('error', () => socket.destroy());
  stream.on('close', () => socket.destroy());
  socket.on('close', () => stream.destroy());
  let host: string | undefined;
  socket.once('data', (chunk: Buffer) => {
    const [, tunnel, plain] =
      /^(?:CONNECT (\S+)|[A-Z]+ http:\/\/([^/ ]+)\S*) /.exec(chunk.toString('latin1')) ?? [];
    host = tunnel ?? plain;
  });
  stream.once('data', (chunk: Buffer) => {
    const [, verdict] =
      /^HTTP\/1\.1 \d+ [^]*\r\nx-octavo-proxy: (\w+)\r\n/.exec(chunk.toString('latin1')) ?? [];
    if (host !== undefined && (verdict === 'refused' || verdict === 'unreachable')) tell(host, verdict);
  });
  socket.pipe(stream).pipe(socket);
}
