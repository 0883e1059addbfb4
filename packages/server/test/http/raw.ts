import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** One answer, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly phrase: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** All that came with the first read of the socket. */
  readonly first: Buffer;
  /** Answers of the kind 1xx that came before. */
  readonly informed: readonly number[];
  // oxlint-disable-next-line typescript/no-explicit-any
  json(): any;
}

/** A connection on which bytes are written as they stand here. */
export class RawClient {
  readonly socket: Socket;
  readonly #reads: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    this.#reads = socket.iterator({ destroyOnReturn: false });
  }

  static async open(port: number, tls?: { ca: string }, host = '127.0.0.1'): Promise<RawClient> {
    const socket =
      tls === undefined ? connect(port, host) : connectTls({ port, host, servername: 'localhost', ...tls });
    await once(socket, tls === undefined ? 'connect' : 'secureConnect');
    return new RawClient(socket);
  }

  /** Text goes out as Latin-1: a character is a byte. */
  write(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next answer, whole; of HEAD without a body. */
  async answer(options: { head?: boolean } = {}): Promise<RawAnswer> {
    const informed: number[] = [];
    let first: Buffer = this.#held;
    for (;;) {
      const end = this.#held.indexOf('\r\n\r\n');
      if (end < 0) {
        const chunk = await this.#more();
        if (first.length === 0) first = chunk;
        continue;
      }
      const [line, ...lines] = this.#held.toString('latin1', 0, end).split('\r\n');
      this.#held = this.#held.subarray(end + 4);
      const [, status, phrase] = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(line as string) as unknown as [
        string,
        string,
        string,
      ];
      if (status.startsWith('1')) {
        informed.push(Number(status));
        first = this.#held;
        continue;
      }
      const headers = Object.fromEntries(lines.map((one) => split(one)));
      const empty = options.head === true || status === '204' || status === '304';
      const length = empty ? 0 : Number(headers['content-length']);
      if (Number.isNaN(length)) throw new Error(`An answer without a length: ${line}`);
      while (this.#held.length < length) await this.#more();
      const body = this.#held.subarray(0, length);
      this.#held = this.#held.subarray(length);
      return {
        status: Number(status),
        phrase,
        headers,
        body,
        first,
        informed,
        json: () => JSON.parse(body.toString()),
      };
    }
  }

  /** What has come so far, where that is an answer of the kind 1xx; it is not part of the next answer. */
  async interim(): Promise<string> {
    while (!this.#held.includes('\r\n\r\n')) await this.#more();
    const end = this.#held.indexOf('\r\n\r\n') + 4;
    const text = this.#held.toString('latin1', 0, end);
    this.#held = this.#held.subarray(end);
    return text;
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    for (;;) {
      const next = await this.#reads.next().catch(() => ({ done: true }));
      if (next.done === true) return;
    }
  }

  close(): void {
    this.socket.destroy();
  }

  async #more(): Promise<Buffer> {
    const next = await this.#reads.next();
    if (next.done === true)
      throw new Error(`The connection was closed after: ${this.#held.toString('latin1')}`);
    this.#held = Buffer.concat([this.#held, next.value]);
    return next.value;
  }
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Sends one request on a connection of its own. */
export async function send(
  port: number,
  bytes: string | Buffer,
  options: { head?: boolean } = {},
): Promise<RawAnswer> {
  const client = await RawClient.open(port);
  try {
    client.write(bytes);
    return await client.answer(options);
  } finally {
    client.close();
  }
}

/** A request with its length; `body` is Latin-1 text or bytes. */
export function withBody(line: string, headers: readonly string[], body: string | Buffer): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const head = [`${line} HTTP/1.1`, 'Host: h', ...headers, `Content-Length: ${bytes.length}`, '', ''].join(
    '\r\n',
  );
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** A request without a body and without a length. */
export function bare(line: string, ...headers: string[]): string {
  return [`${line} HTTP/1.1`, 'Host: h', ...headers, '', ''].join('\r\n');
}
