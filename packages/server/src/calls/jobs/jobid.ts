import { Failure } from '../../errors.ts';
import { defineCall } from '../call.ts';
import { findJob, jobIdField, membersOf, stateMembers, uuidOf, waitField } from '../job/state.ts';

/** For new programs: a job as a resource, which answers 404 where there is none. */
export default defineCall({
  path: '/jobs/{jobid}',
  methods: ['GET', 'DELETE'],
  group: 'System',
  title: 'One job',
  about:
    'GET answers what `/job/check` does of it, and 404 of one that is not known. DELETE cancels it: what works on it dies, it has no result, and its status is `aborted`, which its callback and those who wait for it hear too. A job that has ended stays as it is.',
  needsKey: true,
  fields: { jobid: jobIdField, wait: waitField },
  answer: {
    type: 'object',
    properties: stateMembers,
    required: ['error', 'status', 'jobId'],
  },
  examples: [
    { title: 'A job that has ended', request: { jobid: 'job:one-page.pdf' }, expect: { status: 'success' } },
  ],
  async handle({ jobid, wait }, tools) {
    const job =
      tools.method === 'DELETE'
        ? await tools.queue.cancel(tools.tenant, uuidOf(jobid) ?? '')
        : await findJob(jobid, wait, tools);
    if (job === null) throw new Failure('jobUnknown');
    return { httpStatus: 200, members: await membersOf(job, tools) };
  },
});
