import type { Server } from 'node:http';
import { Duplex } from 'node:stream';

/** What the HTTP parser says of bytes that it cannot read. */
export interface ParserError extends Error {
  readonly code?: string;
  /** The chunk that it was given. */
  readonly rawPacket?: Buffer;
  /** Where in it the mistake is. */
  readonly bytesParsed?: number;
}

/**
 * Letters beyond ASCII and blanks arrive in request lines as they are: curl, PHP and Java write what they were given, and the
 * contract says of `name` that it may come so. Node's parser refuses them, and has no setting for it. Such a line is escaped,
 * and the connection given to the server once more, behind a stream of its own.
 */
export function createMender(
  server: Server,
  event: 'connection' | 'secureConnection',
): (error: ParserError, socket: Duplex) => boolean {
  const mended = new WeakMap<Duplex, MendedConnection>();
  return (error, socket) => {
    const connection = mended.get(socket);
    if (connection !== undefined) return connection.hear(error);
    const bytes = mend(error);
    if (bytes === null) return false;
    const made = new MendedConnection(socket, bytes);
    mended.set(socket, made);
    server.emit(event, made);
    return true;
  };
}

/** Whether the request came through the mender. Its connection serves this one request. */
export function isMended(socket: Duplex): boolean {
  return socket instanceof MendedConnection;
}

/** The chunk with its request line escaped, or null where that is not what is wrong. */
function mend({ code, rawPacket, bytesParsed }: ParserError): Buffer | null {
  if (rawPacket === undefined || (code !== 'HPE_INVALID_URL' && code !== 'HPE_INVALID_CONSTANT')) return null;
  const end = rawPacket.indexOf('\r\n');
  // A mistake further on is one of a request behind this one, which was answered already.
  if (end < 0 || bytesParsed === undefined || bytesParsed > end) return null;
  const line = /^([A-Z]{3,7}) (\/[\x20-\x7e\x80-\xff]*) (HTTP\/1\.[01])$/.exec(
    rawPacket.toString('latin1', 0, end),
  );
  if (line === null) return null;
  const target = (line[2] as string).replaceAll(/[^\x21-\x7e]/g, escape);
  return Buffer.concat([Buffer.from(`${line[1]} ${target} ${line[3]}`, 'latin1'), rawPacket.subarray(end)]);
}

function escape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Stands between a socket and a second parser. The first parser is at an end, and tells each further chunk as an error. */
class MendedConnection extends Duplex {
  readonly #socket: Duplex;

  constructor(socket: Duplex, first: Buffer) {
    super();
    this.#socket = socket;
    socket.once('close', () => this.destroy());
    this.push(first);
  }

  hear({ code, rawPacket }: ParserError): true {
    if (rawPacket !== undefined) {
      if (!this.push(rawPacket)) this.#socket.pause();
    } else if (code !== 'ERR_HTTP_REQUEST_TIMEOUT') {
      this.push(null);
    }
    return true;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
