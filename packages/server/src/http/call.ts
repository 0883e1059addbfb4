import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call, CallAnswer, CallTools } from '../calls/call.ts';
import { Failure } from '../errors.ts';
import { keptMinutes } from '../operations/fields.ts';
import { baseOf } from './base.ts';
import type { Edge } from './options.ts';
import { readRequest } from './request.ts';
import { sendAnswer } from './respond.ts';

/** Answers the URL of a call, without a job. */
export async function answerCall(
  edge: Edge,
  call: Call,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const answer = await handle(edge, call, request).catch((error: unknown) => insteadOf(call, error));
  return sendAnswer(edge, request, reply, answer, call.needsKey);
}

async function handle(edge: Edge, call: Call, request: FastifyRequest): Promise<CallAnswer> {
  if (edge.stopping && call.needsKey) throw new Failure('stopping');
  const read = await readRequest(edge, request.raw, call.needsKey);
  try {
    return await call.handle(read.fields, toolsOf(edge, request, read.tenant));
  } finally {
    // No call takes a file; a part that came all the same is not kept.
    await read.discard();
  }
}

function insteadOf(call: Call, error: unknown): CallAnswer {
  const answer = error instanceof Failure ? call.instead(error) : null;
  if (answer === null) throw error;
  return answer;
}

function toolsOf(edge: Edge, request: FastifyRequest, tenant: number): CallTools {
  const { queue, links, files, clock, version, settings } = edge;
  return {
    tenant,
    queue,
    links,
    files,
    clock,
    version,
    uploadLinkMinutes: settings.uploadLinkMinutes,
    keptMinutes: (expiration) => keptMinutes(expiration, settings),
    health: () => edge.health(),
    linkTo: (kind, token, label) => `${baseOf(edge, request.raw)}/${kind}/${token}/${label}`,
  };
}
