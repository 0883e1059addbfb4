import type { Failure, FailureName } from '../../errors.ts';
import type { Job } from '../../jobs/job.ts';
import { label } from '../../links/links.ts';
import { field } from '../../operations/fields.ts';
import { type CallAnswer, type CallTools, defineCall } from '../call.ts';

/** Failures that pass by themselves. A client that heard of them would give up a job that goes on. */
const passing: readonly FailureName[] = ['databaseDown', 'stopping', 'overloaded'];
/** Failures that say nothing of the job: they are answered as everywhere else. */
const general: readonly FailureName[] = ['keyRefused', 'internal', 'methodUnknown'];

/** The one call whose `status` is a text, and whose answer is HTTP 200 whatever happened to the job. */
export default defineCall({
  path: '/job/check',
  methods: ['GET', 'POST'],
  group: 'System',
  title: 'State of a job',
  about:
    'Always HTTP 200 with a text in `status`: `working` while the job waits or runs, then `success`, `failed` or `aborted`. A job that is not known reads `working`, or `unknown` with `force`.',
  needsKey: true,
  fields: {
    jobid: {
      ...field.text('The `jobId` that the accepting call answered.'),
      required: true,
      expected: 'the jobId of an earlier call',
    },
    force: field.boolean('Say `unknown` of a job that is not known.', false),
  },
  answer: {
    type: 'object',
    properties: {
      error: { type: 'boolean' },
      status: { enum: ['working', 'success', 'failed', 'aborted', 'unknown'] },
      message: { type: 'string' },
      jobId: { type: 'string' },
      url: { type: 'string', format: 'uri', description: 'Present on `success`.' },
      name: { type: 'string' },
      pageCount: { type: 'integer' },
      jobDuration: { type: 'integer', description: 'Milliseconds that the job ran.' },
      duration: { type: 'integer', description: 'Milliseconds that the job ran.' },
      credits: { type: 'integer' },
      remainingCredits: { type: 'integer' },
      outputLinkValidTill: { type: 'string', format: 'date-time' },
      warnings: { type: 'array', items: { type: 'string' } },
    },
    required: ['error', 'status'],
  },
  async handle({ jobid, force }, tools) {
    const id = uuidOf(jobid);
    const job = id === null ? null : await tools.queue.find(tools.tenant, id);
    if (job === null) return ok({ status: force ? 'unknown' : 'working', jobId: jobid });
    return ok({ ...stateOf(job, tools), jobId: job.id });
  },
  instead(failure: Failure) {
    if (general.includes(failure.row)) return null;
    if (passing.includes(failure.row)) return ok({ status: 'working', message: failure.message });
    return ok({ status: 'failed', error: true, message: failure.message });
  },
});

function ok(members: Readonly<Record<string, unknown>>): CallAnswer {
  return { httpStatus: 200, members };
}

function stateOf(job: Job, tools: CallTools): Readonly<Record<string, unknown>> {
  switch (job.status) {
    case 'waiting':
    case 'working':
      return { status: 'working' };
    case 'success':
      return { status: 'success', message: 'Success', ...resultOf(job, tools) };
    case 'failed':
      return { status: 'failed', message: job.failure?.message ?? 'The job failed.' };
    case 'aborted':
      return { status: 'aborted', message: job.failure?.message ?? 'The job was stopped.' };
  }
}

function resultOf(job: Job, tools: CallTools): Readonly<Record<string, unknown>> {
  const ranMs = (job.endedAt?.getTime() ?? 0) - (job.startedAt?.getTime() ?? 0);
  return {
    url: tools.linkTo('files', job.resultToken, label(job.resultName, 'result')),
    name: job.resultName,
    pageCount: job.outcome?.pageCount,
    jobDuration: ranMs,
    duration: ranMs,
    credits: 0,
    outputLinkValidTill: `${job.expiresAt.toISOString().slice(0, 19)}+00:00`,
    warnings: job.outcome?.warnings.length ? job.outcome.warnings : undefined,
  };
}

/** Clients keep the id as they got it; one that changed its letter case or lost its hyphens is still the same. */
function uuidOf(text: string): string | null {
  const digits = text.trim().toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
