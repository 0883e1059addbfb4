import type { Job } from './job.ts';

/** Who waits in this process for which job. */
export interface Waiters {
  /** Calls `look` when the job may have ended, with the job where it is known. Gives the way to stop that. */
  add(id: string, look: (job?: Job) => void): () => void;
  /** The job has ended, in this process or in another. */
  ended(id: string, job?: Job): void;
  /** Something may have been missed: everybody has to look. */
  lookAll(): void;
}

/** Starts with nobody. */
export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<(job?: Job) => void>>();
  return {
    add(id, look) {
      const looks = waiting.get(id) ?? new Set();
      waiting.set(id, looks.add(look));
      return () => {
        looks.delete(look);
        if (looks.size === 0) waiting.delete(id);
      };
    },
    ended(id, job) {
      for (const look of waiting.get(id) ?? []) look(job);
    },
    lookAll() {
      for (const looks of waiting.values()) for (const look of looks) look();
    },
  };
}
