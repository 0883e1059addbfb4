import type { Failure, FailureName } from '../../errors.ts';
import { stateOf } from '../../jobs/state.ts';
import { label } from '../../links/links.ts';
import { field } from '../../operations/fields.ts';
import { type CallAnswer, defineCall } from '../call.ts';

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
    wait: field.seconds(
      'Seconds to wait for the end of the job before the answer says `working`, as long as OCTAVO_SYNC_WAIT_SECONDS at most.',
    ),
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
  examples: [
    {
      title: 'A job that is not known',
      request: { jobid: '7d8a4a06-5c8e-4b7c-9e53-3c1f0b7a1d2e', force: 'true' },
      expect: { status: 'unknown', error: false },
    },
  ],
  async handle({ jobid, wait, force }, tools) {
    const id = uuidOf(jobid);
    const known = id === null ? null : await tools.queue.find(tools.tenant, id);
    const job = known === null || wait === 0 ? known : await tools.waitForEnd(known, wait * 1_000);
    if (job === null) return ok({ status: force ? 'unknown' : 'working', jobId: jobid });
    return ok(stateOf(job, tools.linkTo('files', job.resultToken, label(job.resultName, 'result'))));
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

/** Clients keep the id as they got it; one that changed its letter case or lost its hyphens is still the same. */
function uuidOf(text: string): string | null {
  const digits = text.trim().toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
