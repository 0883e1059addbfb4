import type { Job } from '../../jobs/job.ts';
import { stateOf } from '../../jobs/state.ts';
import { label } from '../../links/links.ts';
import { type Field, field } from '../../operations/fields.ts';
import type { CallTools } from '../call.ts';

export const jobIdField: Field<string> = {
  ...field.text('The `jobId` that the accepting call answered.'),
  required: true,
  expected: 'the jobId of an earlier call',
};

export const waitField: Field<number> = field.seconds(
  'Seconds to wait for the end of the job before the answer says `working`, as long as OCTAVO_SYNC_WAIT_SECONDS at most.',
);

/** What a client reads of a job. */
export const jobStatuses = ['working', 'success', 'failed', 'aborted'] as const;

/** JSON Schemas of the members of an answer about a job. */
export const stateMembers = {
  error: { type: 'boolean' },
  status: { enum: jobStatuses },
  message: { type: 'string' },
  progress: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description:
      'How far the job is: what is counted of each stage, so that it may stand still for a while. It never goes back.',
  },
  stage: {
    enum: ['waiting', 'fetching', 'working', 'storing'],
    description: 'What is done at the moment; absent when the job has ended.',
  },
  jobId: { type: 'string' },
  url: { type: 'string', format: 'uri', description: 'Present on `success`.' },
  body: {
    description:
      'The result itself of a job that was called with `inline`: a text, or a JSON value. Absent where it is longer than 1 MB, or encrypted. What is called otherwise in an answer, as `info`, is so here.',
  },
  name: { type: 'string' },
  pageCount: { type: 'integer' },
  jobDuration: { type: 'integer', description: 'Milliseconds that the job ran.' },
  duration: { type: 'integer', description: 'Milliseconds that the job ran.' },
  credits: { type: 'integer' },
  remainingCredits: { type: 'integer' },
  outputLinkValidTill: { type: 'string', format: 'date-time' },
  warnings: { type: 'array', items: { type: 'string' } },
} as const;

/** A job of who asks, by its id; where `wait` seconds are given, when it has ended, or as it is when they have passed. */
export async function findJob(jobid: string, wait: number, tools: CallTools): Promise<Job | null> {
  const id = uuidOf(jobid);
  const known = id === null ? null : await tools.queue.find(tools.tenant, id);
  return known === null || wait === 0 ? known : tools.waitForEnd(known, wait * 1_000);
}

/** What is said of a job. */
export async function membersOf(job: Job, tools: CallTools): Promise<Readonly<Record<string, unknown>>> {
  const url = tools.linkTo('files', job.resultToken, label(job.resultName, 'result'));
  return { ...stateOf(job, url), ...(await tools.readInline(job)) };
}

/** Clients keep the id as they got it; one that changed its letter case or lost its hyphens is still the same. */
export function uuidOf(text: string): string | null {
  const digits = text.trim().toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
