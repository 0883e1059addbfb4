import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call, CallAnswer, CallMethod, CallTools } from '../calls/call.ts';
import { Failure } from '../errors.ts';
import { linkTo } from '../links/links.ts';
import type { RawFields } from '../operations/fields.ts';
import { keptMinutes } from '../operations/job-fields.ts';
import { baseOf } from './base.ts';
import { waitForEnd } from './ending.ts';
import type { Edge } from './options.ts';
import { type ReadRequest, readRequest } from './request.ts';
import { sendAnswer } from './respond.ts';
import { readInline } from './result.ts';

/** Answers the URL of a call, without a job. */
export async function answerCall(
  edge: Edge,
  call: Call,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const gone = new AbortController();
  const end = () => gone.abort();
  edge.waits.add(gone);
  reply.raw.once('close', end);
  let tenant = 0;
  const answer = await handle(edge, call, request, reply, gone.signal, (known) => (tenant = known))
    .catch((error: unknown) => insteadOf(call, error))
    .finally(() => {
      edge.waits.delete(gone);
      reply.raw.off('close', end);
    });
  return sendAnswer(edge, request, reply, answer, call.needsKey === true ? tenant : undefined);
}

async function handle(
  edge: Edge,
  call: Call,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
  know: (tenant: number) => void,
): Promise<CallAnswer> {
  if (edge.stopping && call.needsKey) throw new Failure('stopping');
  const { needsKey, fields } = call;
  const read = await readRequest(edge, request.raw, { needsKey, fields, keepsParts: true });
  know(read.tenant);
  let failed = true;
  try {
    const answer = await call.handle(
      withPath(read.fields, request),
      toolsOf(edge, request, reply, read, signal),
    );
    failed = false;
    return answer;
  } catch (error) {
    throw signal.aborted ? new Failure('stopping') : error;
  } finally {
    await read.files.discard(failed);
  }
}

/** What stands in the path counts, whatever else was sent under its name. */
function withPath(fields: RawFields, { params }: FastifyRequest): RawFields {
  const inPath = Object.entries(params as Readonly<Record<string, string>>);
  return inPath.length === 0
    ? fields
    : new Map([...fields, ...inPath.map(([name, value]) => [name, [value]] as const)]);
}

function insteadOf(call: Call, error: unknown): CallAnswer {
  const answer = error instanceof Failure ? call.instead(error) : null;
  if (answer === null) throw error;
  return answer;
}

function toolsOf(
  edge: Edge,
  request: FastifyRequest,
  reply: FastifyReply,
  { tenant, files: own }: ReadRequest,
  signal: AbortSignal,
): CallTools {
  const { queue, links, files, deliveries, templates, clock, version, settings } = edge;
  return {
    method: request.method as CallMethod,
    tenant,
    queue,
    links,
    files,
    deliveries,
    templates,
    clock,
    version,
    uploadLinkMinutes: settings.uploadLinkMinutes,
    waitForEnd: (job, ms) =>
      waitForEnd(edge, edge.polls, job, edge.stopping ? 0 : Math.min(ms, settings.syncWaitMs), reply),
    readInline: (job) => readInline(edge, job),
    uploadBytesMax: settings.uploadBytesMax,
    directUploads: settings.directUploads,
    keptMinutes: (expiration) => keptMinutes(expiration, settings),
    read: (source, reading, take) => edge.readSource(source, { ...reading, tenant, signal }, take),
    store: async (bytes, minutes) => own.keep(await own.store(bytes, minutes), minutes),
    async keep(part, minutes) {
      const link = links.read(part.token);
      if (link === null) throw new Error('a part has a token of ours');
      return own.keep(link, minutes);
    },
    health: () => edge.health(),
    linkTo: (kind, token, label) => linkTo(baseOf(edge, request.raw), kind, token, label),
  };
}
