import { label } from '../links/links.ts';
import type { Job } from './job.ts';

/** What `/job/check` answers of a job, and what its callback gets, but `remainingCredits`. `url` is the link of its result. */
export function stateOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  return { ...progressOf(job, url), error: false, jobId: job.id };
}

/** The text that the callback of a job gets. `base` is that of the links in it. */
export function callbackBody(job: Job, base: string, remainingCredits: number): string {
  const url = `${base}/files/${job.resultToken}/${label(job.resultName, 'result')}`;
  return JSON.stringify({ ...stateOf(job, url), remainingCredits });
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
    ...job.outcome?.says,
    url,
    name: job.resultName,
    pageCount: job.outcome?.pageCount,
    jobDuration: ranMs,
    duration: ranMs,
    credits: job.credits,
    outputLinkValidTill: `${job.expiresAt.toISOString().slice(0, 19)}+00:00`,
    warnings: job.outcome?.warnings.length ? job.outcome.warnings : undefined,
  };
}
