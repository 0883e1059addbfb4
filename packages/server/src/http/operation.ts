import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { label } from '../links/links.ts';
import { type Operation, type ParsedCall, resultName } from '../operations/operation.ts';
import { baseOf } from './base.ts';
import type { Edge } from './options.ts';
import { type ReadRequest, readRequest } from './request.ts';
import { failureOf, sendAccepted, sendDone, sendFailure } from './respond.ts';

/** Answers the URL of an operation: makes a job, and waits for it unless the client wants to ask later. */
export async function answerOperation(
  edge: Edge,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const read = await readRequest(edge, request.raw, true);
  const call = await parse(edge, operation, read);
  const base = baseOf(edge, request.raw);
  const accepted = await edge.queue.accept({
    base,
    tenant: read.tenant,
    operation: operation.path,
    call,
    resultName: resultName(operation, call.job.name),
  });
  const last = label(accepted.resultName, `result.${operation.makes}`);
  const url = `${base}/files/${accepted.resultToken}/${last}`;
  if (call.job.async) return sendAccepted(edge, request, reply, accepted, url);

  const job = await waitForEnd(edge, accepted, reply);
  if (job.status === 'success') return sendDone(edge, request, reply, job, url);
  if (job.status === 'failed' || job.status === 'aborted')
    return sendFailure(edge, request, reply, failureOf(job));
  const tooLong = new Failure('tookTooLong', { limit: `${edge.settings.syncWaitMs / 1000} seconds` });
  // The client hears the id too: the job goes on, and job/check knows it.
  return sendFailure(edge, request, reply, tooLong, { jobId: job.id, url });
}

/** After this the call can only fail for want of a database. */
async function parse(edge: Edge, operation: Operation, read: ReadRequest): Promise<ParsedCall> {
  try {
    const call = operation.parse(read.fields);
    await Promise.all(operation.sources(call).map((source) => edge.checkSource(source, read.tenant)));
    const { callback } = call.job;
    if (callback !== '') await edge.checkSource({ kind: 'link', link: callback }, read.tenant, 'callback');
    return call;
  } catch (error) {
    await read.discard();
    throw error;
  }
}

/** Ends early when the client goes away, or when the server has no more time to stop. */
async function waitForEnd(edge: Edge, accepted: Job, reply: FastifyReply): Promise<Job> {
  const wait = new AbortController();
  const end = () => wait.abort();
  edge.waits.add(wait);
  reply.raw.once('close', end);
  try {
    return (await edge.queue.waitForEnd(accepted.id, edge.settings.syncWaitMs, wait.signal)) ?? accepted;
  } finally {
    edge.waits.delete(wait);
    reply.raw.off('close', end);
  }
}
