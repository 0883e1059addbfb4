import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, limitText } from '../errors.ts';
import { readParts } from './body/multipart.ts';
import { ByteReader } from './body/reader.ts';
import type { Edge } from './options.ts';
import { bytesOf } from './request.ts';
import { sendEmpty } from './respond.ts';

/**
 * Answers PUT of an upload link, and POST for those who mistake it. Any type, with a length or in chunks, as often as the
 * client likes; acknowledged with an empty 200 once the bytes are durable.
 */
export async function answerUpload(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const link = edge.links.read((request.params as { token: string }).token);
  if (link?.putUntil === undefined) throw new Failure('uploadLinkInvalid');
  if (link.putUntil <= edge.clock.now()) throw new Failure('uploadLinkExpired');
  refuse(request.raw, edge.settings.uploadBytesMax);
  const file = await edge.files.put(
    link,
    fileIn(request.raw),
    edge.settings.uploadBytesMax,
    lengthOf(request.raw),
  );
  return sendEmpty(edge, request, reply, 200, { etag: `"${file.etag}"` });
}

/** What can be known before the body is read. */
function refuse({ headers }: IncomingMessage, uploadBytesMax: number): void {
  if (headers['content-range'] !== undefined) {
    throw new Failure('bodyInvalid', { reason: 'a file has to be sent whole, without Content-Range' });
  }
  if (Number(headers['content-length'] ?? 0) > uploadBytesMax) {
    throw new Failure('uploadTooLarge', { limit: limitText(uploadBytesMax) });
  }
}

/** Undefined where the client sends chunks. */
function lengthOf({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/**
 * The body as it is. Two kinds of client PUT a multipart form: S3 would store the form, which no operation can read, so its
 * first file is taken instead. Only where header and first line agree: a file may begin with two hyphens too.
 */
function fileIn(request: IncomingMessage): AsyncIterable<Uint8Array> {
  const boundary = /^multipart\/form-data\s*;.*\bboundary="?([^";]+)/i.exec(
    request.headers['content-type'] ?? '',
  )?.[1];
  return boundary === undefined ? bytesOf(request) : partOrAll(new ByteReader(bytesOf(request)), boundary);
}

async function* partOrAll(reader: ByteReader, boundary: string): AsyncGenerator<Uint8Array, void, undefined> {
  const opening = Buffer.from(`--${boundary.trim()}`, 'latin1');
  await reader.atLeast(opening.length);
  if (reader.held.subarray(0, opening.length).equals(opening)) return yield* firstFile(reader);
  yield* reader.chunks();
}

/** The rest is read too: a form that is cut off later on was not sent whole. */
async function* firstFile(reader: ByteReader): AsyncGenerator<Uint8Array, void, undefined> {
  let found = false;
  for await (const part of readParts(reader)) {
    if (found || part.fileName === null) continue;
    found = true;
    yield* part.bytes;
  }
  if (!found) throw new Failure('bodyInvalid', { reason: 'its multipart form has no file' });
  while (await reader.more()) reader.take(reader.held.length);
}
