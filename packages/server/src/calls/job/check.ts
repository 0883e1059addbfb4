import type { Failure, FailureName } from '../../errors.ts';
import { field } from '../../operations/fields.ts';
import { type CallAnswer, defineCall } from '../call.ts';
import { findJob, jobIdField, jobStatuses, membersOf, stateMembers, waitField } from './state.ts';

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
    jobid: jobIdField,
    wait: waitField,
    force: field.boolean('Say `unknown` of a job that is not known.', false),
  },
  answer: {
    type: 'object',
    properties: { ...stateMembers, status: { enum: [...jobStatuses, 'unknown'] } },
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
    const job = await findJob(jobid, wait, tools);
    if (job === null) return ok({ status: force ? 'unknown' : 'working', jobId: jobid });
    return ok(await membersOf(job, tools));
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
