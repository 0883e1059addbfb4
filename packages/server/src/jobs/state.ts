import { label } from '../links/links.ts';
import type { Job } from './job.ts';

/**
 * Nothing is sold here, but clients of the hosted API have a member for it: `credits` is what a call cost, and
 * `remainingCredits` a number that never runs out and that fits into 32 bits.
 */
export const remainingCredits = 1_000_000;
/** See `remainingCredits`. */
export const credits = 0;

/** What `/job/check` answers of a job, and what its callback gets. `url` is the link of its result. */
export function stateOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  return { ...progressOf(job, url), error: false, jobId: job.id, remainingCredits };
}

/** The text that the callback of a job gets. `base` is that of the links in it. */
export function callbackBody(job: Job, base: string): string {
  return JSON.stringify(stateOf(job, `${base}/files/${job.resultToken}/${label(job.resultName, 'result')}`));
}

function progressOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  switch (job.status) {
    case 'waiting':
    case 'working':
      return { status: 'working' };
    case 'success':
      return { status: 'success', message: 'Success', ...resultOf(job, url) };
    case 'failed':
      return { status: 'failed', message: job.failure?.message ?? 'The job failed.' };
    case 'aborted':
      return { status: 'aborted', message: job.failure?.message ?? 'The job was stopped.' };
  }
}

function resultOf(job: Job, url: string): Readonly<Record<string, unknown>> {
  const ranMs = (job.endedAt?.getTime() ?? 0) - (job.startedAt?.getTime() ?? 0);
  return {
    url,
    name: job.resultName,
    pageCount: job.outcome?.pageCount,
    jobDuration: ranMs,
    duration: ranMs,
    credits,
    outputLinkValidTill: `${job.expiresAt.toISOString().slice(0, 19)}+00:00`,
    warnings: job.outcome?.warnings.length ? job.outcome.warnings : undefined,
  };
}
