import { label, linkTo } from '../links/links.ts';
import type { Job } from './job.ts';

/** What `/job/check` answers of a job, and what its callback gets, but `remainingCredits`. `url` is the link of its result. */
export function stateOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  return { ...progressOf(job, url), error: false, jobId: job.id };
}

/** The text that the callback of a job gets. `base` is that of the links in it. */
export function callbackBody(job: Job, base: string, remainingCredits: number): string {
  return JSON.stringify({ ...stateOf(job, resultUrl(job, base)), remainingCredits });
}

/** The link of the result of a job. `base` is that of all links in an answer. */
export function resultUrl({ resultToken, resultName }: Job, base: string): string {
  return linkTo(base, 'files', resultToken, label(resultName, 'result'));
}

/** What every answer about a job that succeeded says of what came of it. */
export function outcomeMembers({ outcome, credits, expiresAt }: Job): Readonly<Record<string, unknown>> {
  return {
    ...outcome?.says,
    pageCount: outcome?.pageCount,
    credits,
    outputLinkValidTill: `${expiresAt.toISOString().slice(0, 19)}+00:00`,
    warnings: outcome?.warnings.length ? outcome.warnings : undefined,
  };
}

function progressOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  switch (job.status) {
    case 'waiting':
      return { status: 'working', progress: job.progress, stage: 'waiting' };
    case 'working':
      return { status: 'working', progress: job.progress, stage: job.stage ?? 'fetching' };
    case 'success':
      return { status: 'success', message: 'Success', progress: 1, ...resultOf(job, url) };
    case 'failed':
      return { status: 'failed', message: job.failure?.message ?? 'The job failed.' };
    case 'aborted':
      return { status: 'aborted', message: job.failure?.message ?? 'The job was stopped.' };
  }
}

function resultOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  const ranMs = (job.endedAt?.getTime() ?? 0) - (job.startedAt?.getTime() ?? 0);
  return {
    ...outcomeMembers(job),
    url,
    name: job.resultName,
    jobDuration: ranMs,
    duration: ranMs,
  };
}
