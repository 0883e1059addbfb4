import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { failures } from '../errors.ts';
import type { Edge } from './options.ts';
import { rawFailure } from './respond.ts';
import type { ParserError } from './unencoded.ts';

/** Answers what is no HTTP, with the same envelope as everything else, and closes the connection. */
export function refuseUnparsed(
  edge: Edge,
  answers: WeakMap<Duplex, ServerResponse>,
  mended: (error: ParserError, socket: Duplex) => boolean,
): (error: ParserError, socket: Duplex) => void {
  return (error, socket) => {
    if (mended(error, socket)) return;
    const { status, message } = answerTo(error);
    edge.log.debug('request could not be parsed', { status, code: error.code });
    // An answer that has begun must not get a second one in its middle.
    const answer = answers.get(socket);
    if (!socket.writable || (answer?.headersSent === true && !answer.writableFinished))
      return void socket.destroy();
    socket.end(rawFailure(status, message));
  };
}

function answerTo(error: ParserError): { readonly status: number; readonly message: string } {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      // A query is one long line, headers are many short ones.
      return error.rawPacket?.subarray(0, error.bytesParsed).includes('\r\n')
        ? { status: 431, message: 'The headers of the request are too long.' }
        : { status: 414, message: failures.queryTooLong.says };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'The request came too slowly.' };
    default:
      return { status: 400, message: 'The request is not valid HTTP.' };
  }
}
