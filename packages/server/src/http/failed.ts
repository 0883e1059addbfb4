import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../errors.ts';
import { drain } from './drain.ts';
import type { Edge } from './options.ts';
import { sendFailure } from './respond.ts';

/** What each refused request was refused for, for the log. */
export const refusals = new WeakMap<FastifyRequest, Failure>();

/** Answers whatever was thrown: a row of the table of failures, or `internal`, whose cause only the log hears. */
export function answerError(
  edge: Edge,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const failure = toFailure(error, request.id);
  refusals.set(request, failure);
  if (failure.row === 'internal' && !isGone(request)) logBug(edge, error, request);
  logDamage(edge, failure, request);
  drain(request.raw);
  return sendFailure(edge, request, reply, failure);
}

/** Stored bytes that are not what was stored are for the operator to look at. */
export function logDamage(edge: Edge, error: unknown, request: FastifyRequest): void {
  if (!(error instanceof Failure) || error.row !== 'fileDamaged') return;
  edge.log.error('stored file is damaged', { request: request.id, detail: error.detail });
}

function toFailure(error: unknown, requestId: string): Failure {
  if (error instanceof Failure && error.row !== 'internal') return error;
  // What Fastify itself refuses is always about the path: it reads neither query nor body here.
  if (isFastifyError(error) && (error.statusCode ?? 500) < 500) return new Failure('pathUnknown');
  return new Failure('internal', { request: requestId }, { cause: error });
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('FST_');
}

/** A client that went away in the middle of its body is no mistake of ours. */
function isGone({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}

function logBug(edge: Edge, error: unknown, request: FastifyRequest): void {
  edge.log.error('request failed', {
    request: request.id,
    error: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? error.stack : undefined,
    cause: error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined,
    detail: error instanceof Failure ? error.detail : undefined,
  });
}
