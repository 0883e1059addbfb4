import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../errors.ts';
import { label } from '../links/links.ts';
import type { StoredFile } from '../storage/storage.ts';
import { logDamage } from './failed.ts';
import { claimedType, contentTypeOf } from './media.ts';
import type { Edge } from './options.ts';
import { type ByteRange, readRange } from './range.ts';
import { sendBytes, sendEmpty } from './respond.ts';

type Headers = Record<string, string>;

/** Whoever is redirected follows at once; a file that expires meanwhile is gone all the same. */
const redirectSeconds = 300;

/** Answers GET and HEAD of a file. The link is the proof: no key is asked for, and none is looked at. */
export async function answerDownload(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { token, label: name } = request.params as { token: string; label?: string };
  const link = edge.links.read(token);
  const file = link === null ? null : await edge.files.find(link);
  if (file === null) throw new Failure('fileUnknown');

  const named = label(name ?? '', 'file');
  const headers = headersOf(file, named);
  if (isUnchanged(request.headers, file)) return sendEmpty(edge, request, reply, 304, headers);
  if (request.method === 'GET' && edge.settings.redirectsDownloads && edge.storage.link !== undefined) {
    const location = await edge.storage.link(file.key, {
      seconds: redirectSeconds,
      contentType: claimedType(named),
      disposition: headers['content-disposition'] ?? '',
    });
    return sendEmpty(edge, request, reply, 302, { location, 'cache-control': 'no-store' });
  }
  const range = request.method === 'GET' ? rangeOf(request.headers, file) : 'whole';
  if (range === 'outside') {
    reply.header('content-range', `bytes */${file.sizeBytes}`);
    throw new Failure('rangeUnsatisfiable');
  }
  return sendFile(edge, request, reply, { file, headers, range, named });
}

function headersOf(file: StoredFile, name: string): Headers {
  return {
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    // An upload may be sent again under the same link, so a copy has to be asked about.
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    etag: `"${file.etag}"`,
    'last-modified': file.storedAt.toUTCString(),
  };
}

type Conditions = FastifyRequest['headers'];

/** RFC 9110, 13.1: a tag is asked for first, and compared without regard to weakness. */
function isUnchanged(conditions: Conditions, file: StoredFile): boolean {
  const tags = conditions['if-none-match'];
  if (tags !== undefined)
    return (
      tags.trim() === '*' ||
      tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${file.etag}"`)
    );
  const since = Date.parse(conditions['if-modified-since'] ?? '');
  return wholeSeconds(file.storedAt) <= since;
}

/** RFC 9110, 13.1.5: the range counts only where the client's copy is of the same file. */
function rangeOf(conditions: Conditions, file: StoredFile): ByteRange | 'whole' | 'outside' {
  const condition = conditions['if-range'];
  if (
    typeof condition === 'string' &&
    condition !== `"${file.etag}"` &&
    Date.parse(condition) !== wholeSeconds(file.storedAt)
  ) {
    return 'whole';
  }
  return readRange(conditions.range, file.sizeBytes);
}

function wholeSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}

async function sendFile(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    file,
    headers,
    range,
    named,
  }: { file: StoredFile; headers: Headers; range: ByteRange | 'whole'; named: string },
): Promise<FastifyReply> {
  const { start, end } = range === 'whole' ? { start: 0, end: file.sizeBytes - 1 } : range;
  headers['content-length'] = String(end - start + 1);
  if (range !== 'whole') headers['content-range'] = `bytes ${start}-${end}/${file.sizeBytes}`;
  const status = range === 'whole' ? 200 : 206;
  const isHead = request.method === 'HEAD';
  // A part says nothing of the type. Of a large file the head alone promises nothing; a small one has to be whole for that too.
  if (range !== 'whole') headers['content-type'] = await typeOf(edge, file, named);
  const bytes = await edge.storage.read(file.key, range === 'whole' ? undefined : range);
  if (bytes === null) throw new Failure('fileUnknown');
  if (range === 'whole') headers['content-type'] = contentTypeOf(named, await headOf(bytes, file));
  if (isHead || file.sizeBytes === 0) {
    bytes.destroy();
    return sendEmpty(edge, request, reply, status, headers);
  }
  endShort(bytes, end - start + 1, reply);
  // The head is out by then, so the connection is cut; the log says why.
  bytes.once('error', (error) => logDamage(edge, error, request));
  return sendBytes(edge, request, reply, status, headers, bytes);
}

async function typeOf(edge: Edge, file: StoredFile, named: string): Promise<string> {
  const bytes = await edge.storage.read(file.key);
  if (bytes === null) throw new Failure('fileUnknown');
  try {
    return contentTypeOf(named, await headOf(bytes, file));
  } finally {
    bytes.destroy();
  }
}

/** The first bytes of a stream, which stay in it. */
async function headOf(bytes: Readable, { sizeBytes }: StoredFile): Promise<Buffer> {
  if (sizeBytes === 0) return Buffer.alloc(0);
  if (bytes.readableLength === 0) await once(bytes, 'readable');
  const head = bytes.read() as Buffer | null;
  if (head === null) return Buffer.alloc(0);
  bytes.unshift(head);
  return head;
}

/** A file that was replaced since it was measured may be shorter; the client must not take the next answer for its rest. */
function endShort(bytes: Readable, length: number, reply: FastifyReply): void {
  let left = length;
  bytes.on('data', (chunk: Buffer) => {
    left -= chunk.length;
  });
  bytes.once('end', () => {
    if (left !== 0) reply.raw.destroy();
  });
}
