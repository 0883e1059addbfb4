import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, type FailureName } from '../errors.ts';
import type { Job, NewJob } from '../jobs/job.ts';
import { resultUrl } from '../jobs/state.ts';
import { keptMinutes } from '../operations/job-fields.ts';
import { type NamedSource, type Operation, type ParsedCall, resultName } from '../operations/operation.ts';
import { readResult } from './result.ts';
import { baseOf } from './base.ts';
import { waitForEnd } from './ending.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { Edge } from './options.ts';
import { preferencesOf } from './prefer.ts';
import { type ReadRequest, readRequest } from './request.ts';
import { failureOf, sendAccepted, sendDone, sendFailure } from './respond.ts';

/** Answers the URL of an operation: makes a job, and waits for it unless the client wants to ask later. */
export async function answerOperation(
  edge: Edge,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = idempotencyKeyOf(request.raw);
  const read = await readRequest(edge, request.raw, {
    needsKey: true,
    fields: operation.fields,
    keepsParts: false,
  });
  const base = baseOf(edge, request.raw);
  const { call, accepted } = await accept(edge, operation, read, base, key);
  const url = resultUrl(accepted, base);
  const { respondAsync, waitMs } = preferencesOf(request.raw);
  const sendPreferred = () => {
    reply.headers({ location: `${base}/jobs/${accepted.id}`, 'preference-applied': 'respond-async' });
    return sendAccepted(edge, request, reply, accepted, url, 202);
  };
  if (respondAsync && (call.job.async || waitMs === undefined)) return sendPreferred();
  if (call.job.async) return sendAccepted(edge, request, reply, accepted, url, 200);

  const patienceMs = Math.min(waitMs ?? Infinity, edge.settings.syncWaitMs);
  const job = await waitForEnd(edge, edge.waits, accepted, patienceMs, reply);
  if (waitMs === patienceMs) reply.header('preference-applied', `wait=${waitMs / 1_000}`);
  if (job.status === 'success')
    return sendDone(
      edge,
      request,
      reply,
      job,
      await readResult(edge, operation.shapeOf(call), { job, url, call }),
    );
  if (job.status === 'failed' || job.status === 'aborted')
    return sendFailure(edge, request, reply, failureOf(job));
  if (respondAsync) return sendPreferred();
  const tooLong = new Failure('tookTooLong', { limit: `${patienceMs / 1000} seconds` });
  // The client hears the id too: the job goes on, and job/check knows it.
  return sendFailure(edge, request, reply, tooLong, { jobId: job.id, url });
}

/** What the call names of our files stays as it is from the look at it until the job's row says that it needs it. */
async function accept(
  edge: Edge,
  operation: Operation,
  read: ReadRequest,
  base: string,
  key: string | undefined,
): Promise<{ readonly call: ParsedCall; readonly accepted: Job }> {
  const needs: string[] = [];
  try {
    const parsed = operation.parse(read.fields);
    const expiration = keptMinutes(parsed.job.expiration, edge.settings);
    const call = { ...parsed, job: { ...parsed.job, expiration } };
    const fresh: NewJob = {
      base,
      tenant: read.tenant,
      operation: operation.path,
      call,
      needs,
      resultName: resultName(operation.shapeOf(call), call.job.name),
    };
    const checkAll = async () => {
      await check(edge, operation.sources(call), read.tenant, needs);
      const { callback } = call.job;
      if (callback !== '')
        await check(edge, [{ source: { kind: 'link', link: callback } }], read.tenant, needs, 'callback');
    };
    if (key === undefined) {
      await checkAll();
      return { call, accepted: await edge.queue.accept(fresh) };
    }
    const { job, isNew } = await acceptOnce(edge, fresh, key, checkAll);
    if (!isNew) await read.files.discard(true);
    return { call, accepted: job };
  } catch (error) {
    // Where the database did not answer, the job may have been accepted all the same.
    if (!(error instanceof Failure && error.row === 'databaseDown')) await read.files.discard(true);
    throw error;
  } finally {
    edge.releaseSources(needs);
  }
}

/** A call that was accepted before has its job, also where it would not be accepted now: its sources may have expired since. */
async function acceptOnce(
  edge: Edge,
  fresh: NewJob,
  key: string,
  checkAll: () => Promise<void>,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  try {
    await checkAll();
    return await edge.queue.acceptOnce(fresh, key);
  } catch (error) {
    if (!(error instanceof Failure) || saysEnough.includes(error.row)) throw error;
    const job = await edge.queue.findByKey(fresh, key);
    if (job === null) throw error;
    return { job, isNew: false };
  }
}

const saysEnough: readonly FailureName[] = ['keyReused', 'keyJobExpired', 'databaseDown'];

/** Waits for all of them, also when one is refused: what is held has to be known. */
async function check(
  edge: Edge,
  sources: readonly NamedSource[],
  tenant: number,
  needs: string[],
  field?: string,
): Promise<void> {
  const looks = await Promise.allSettled(
    sources.map(({ source, place }) =>
      edge.checkSource(source, tenant, field).catch((error: unknown) => {
        throw place !== undefined && error instanceof Failure ? error.within(place) : error;
      }),
    ),
  );
  for (const look of looks) if (look.status === 'fulfilled' && look.value !== null) needs.push(look.value);
  const refused = looks.find((look) => look.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
}
