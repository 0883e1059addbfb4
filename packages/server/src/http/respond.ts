import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallAnswer } from '../calls/call.ts';
import { type Failure, failures } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { outcomeMembers } from '../jobs/state.ts';
import type { Edge } from './options.ts';

/** Phrases for the statuses that HTTP does not know; some clients show nothing else. */
const phrases: Readonly<Record<number, string>> = {
  441: 'Password Missing Or Wrong',
  442: 'Document Damaged',
  443: 'Forbidden By Document',
  444: 'Profiles Not Valid',
  445: 'Took Too Long',
  446: 'Files Missing',
  447: 'Template Not Valid',
  448: 'Link Or HTML Not Valid',
  449: 'Page Index Out Of Range',
  450: 'Page Range Not Valid',
  452: 'Link Not Valid',
  454: 'Parameters Not Valid',
};
const retryAfterS: Readonly<Record<number, string>> = { 429: '1', 503: '2' };
const exposed =
  'content-length, content-disposition, content-range, etag, location, preference-applied, retry-after, x-request-id';

type Headers = Record<string, string>;
type Members = Readonly<Record<string, unknown>>;

/** The envelope of a call that is answered at once. `tenant`: who hears what is left of its credits. */
export async function sendAnswer(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: CallAnswer,
  tenant: number | undefined,
): Promise<FastifyReply> {
  return sendJson(edge, request, reply, answer.httpStatus, {
    ...answer.members,
    error: answer.members.error ?? answer.httpStatus >= 400,
    status: answer.members.status ?? answer.httpStatus,
    ...(tenant === undefined ? {} : { remainingCredits: await edge.remainingCredits(tenant) }),
  });
}

/** The envelope of an accepted job: `url` is where the result will be. 202 only for those who asked for it: others know 200. */
export async function sendAccepted(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job,
  url: string,
  status: 200 | 202,
): Promise<FastifyReply> {
  return sendJson(edge, request, reply, status, {
    url,
    jobId: job.id,
    error: false,
    status,
    name: job.resultName,
    credits: job.credits,
    remainingCredits: await edge.remainingCredits(job.tenant),
  });
}

/** The envelope of a job that was waited for and succeeded; `result` are the members that hold what it made. */
export async function sendDone(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job,
  result: Members,
): Promise<FastifyReply> {
  return sendJson(edge, request, reply, 200, {
    ...outcomeMembers(job),
    ...result,
    error: false,
    status: 200,
    duration: (job.endedAt?.getTime() ?? 0) - job.createdAt.getTime(),
    remainingCredits: await edge.remainingCredits(job.tenant),
  });
}

/** The envelope of every error, whoever found it. `more` stands beside the message. */
export function sendFailure(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  failure: Pick<Failure, 'status' | 'message'>,
  more: Members = {},
): FastifyReply {
  return sendJson(edge, request, reply, failure.status, errorMembers(failure.status, failure.message, more));
}

function errorMembers(status: number, message: string, more: Members): Members {
  return { ...more, error: true, status, message };
}

/**
 * One small write with its length: 139 client programs parse the first chunk that they get. `reply.send` of a text hands head
 * and body to the socket together.
 */
function sendJson(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  members: Members,
): FastifyReply {
  const headers = common(edge, request);
  headers['content-type'] = 'application/json';
  headers['cache-control'] = 'no-store';
  const retryAfter = retryAfterS[status];
  if (retryAfter !== undefined) headers['retry-after'] = retryAfter;
  return begin(reply, status, headers).send(JSON.stringify(members));
}

/** Headers alone. */
export function sendEmpty(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: Headers,
): FastifyReply {
  return begin(reply, status, { ...common(edge, request), ...headers }).send();
}

/** A file or a page: bytes in one piece, or as a stream whose length the headers tell. */
export function sendBytes(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: Headers,
  bytes: string | Buffer | NodeJS.ReadableStream,
): FastifyReply {
  return begin(reply, status, { ...common(edge, request), ...headers }).send(bytes);
}

/** The same envelope for what the HTTP parser refuses, before there is a request: a whole answer, which ends the connection. */
export function rawFailure(status: number, message: string): string {
  const body = JSON.stringify(errorMembers(status, message, {}));
  const phrase = {
    400: 'Bad Request',
    408: 'Request Timeout',
    414: 'URI Too Long',
    431: 'Request Header Fields Too Large',
  }[status];
  return [
    `HTTP/1.1 ${status} ${phrase ?? 'Error'}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'access-control-allow-origin: *',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

/** The failure of a job as its row tells it. */
export function failureOf(job: Job): Pick<Failure, 'status' | 'message'> {
  return job.failure ?? { status: failures.internal.status, message: 'The job was stopped before its end.' };
}

function begin(reply: FastifyReply, status: number, headers: Headers): FastifyReply {
  const phrase = phrases[status];
  if (phrase !== undefined) reply.raw.statusMessage = phrase;
  return reply.code(status).headers(headers);
}

function common(edge: Edge, request: FastifyRequest): Headers {
  const headers: Headers = { 'access-control-allow-origin': '*', 'x-request-id': request.id };
  if (request.headers.origin !== undefined) headers['access-control-expose-headers'] = exposed;
  if (edge.stopping) headers.connection = 'close';
  return headers;
}
