import type { Job } from './job.ts';
import { hasEnded } from './row.ts';

/** Jobs as this process knows them, so that clients who ask five times a second cost no query. */
export interface Recent {
  /** The job as it is, or null where the database has to be asked. */
  find(id: string): Job | null;
  /** It was accepted, claimed, or has ended. */
  keep(job: Job): void;
  /** Nobody knows how it is. */
  forget(id: string): void;
}

const jobsMax = 10_000;

/**
 * Sound only in the one process that accepts and ends jobs: whatever happens to a job then goes through here.
 */
export function createRecent(now: () => number): Recent {
  const jobs = new Map<string, Job>();
  return {
    find(id) {
      const job = jobs.get(id);
      if (job === undefined) return null;
      if (job.expiresAt.getTime() > now()) return job;
      jobs.delete(id);
      return null;
    },
    forget: (id) => void jobs.delete(id),
    keep(job) {
      const known = jobs.get(job.id);
      // It may have ended before its acceptance has been heard of.
      if (known !== undefined && hasEnded(known) && !hasEnded(job)) return;
      jobs.delete(job.id);
      jobs.set(job.id, job);
      // The oldest goes; its row stays.
      if (jobs.size > jobsMax) jobs.delete(jobs.keys().next().value as string);
    },
  };
}

/** For processes that share a database: nothing is known without asking. */
export const nothingRecent: Recent = { find: () => null, keep: () => {}, forget: () => {} };
