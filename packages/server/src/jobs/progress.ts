import type { Job, Stage } from './job.ts';
import { hasEnded } from './row.ts';

/** How far a job is. */
export interface Progress {
  /** From 0 to 1. */
  readonly progress: number;
  readonly stage: Stage;
}

/** Of the jobs that run in this process; others hear of them by the beat of the worker. */
export interface ProgressBoard {
  /** A try at a job begins, which has so many sources. `job`: as it was claimed; what was said of it before is not taken back. */
  begin(job: Job, sources: number): Reporter;
  of(id: string): Progress | undefined;
  /** The job with what is known of it here. */
  seen(job: Job): Job;
  end(id: string): void;
}

/** What one try at a job says. */
export interface Reporter {
  fetching(): void;
  fetched(): void;
  working(): void;
  /** How much of the work is done, from 0 to 1, for who knows. */
  worked(fraction: number): void;
  storing(done: number, of: number): void;
}

/** What a stage is of the whole. Nobody knows how long one will take: within a stage what is counted is honest, between them it is a guess. */
const storingShare = 0.1;
const fetchingShare = 0.3;

/** In memory: it costs nothing but what the worker says anyway. */
export function createProgressBoard(): ProgressBoard {
  const jobs = new Map<string, Progress>();
  const of = (id: string) => jobs.get(id);
  return {
    of,
    end: (id) => void jobs.delete(id),
    seen(job) {
      const known = hasEnded(job) ? undefined : of(job.id);
      return known === undefined
        ? job
        : { ...job, ...known, progress: Math.max(job.progress, known.progress) };
    },
    begin(job, sources) {
      const done = { fetching: 0, working: 0, storing: 0 };
      const toFetch = sources === 0 ? 0 : fetchingShare;
      const toWork = 1 - storingShare - toFetch;
      const say = (stage: Stage) => {
        const sum = toFetch * done.fetching + toWork * done.working + storingShare * done.storing;
        const known = of(job.id)?.progress ?? job.progress;
        jobs.set(job.id, { progress: Math.max(known, Math.round(sum * 1_000) / 1_000), stage });
      };
      let fetched = 0;
      say('fetching');
      // What still runs of a try that was given up has nothing to say any more.
      const sayOn = (stage: Stage) => jobs.has(job.id) && say(stage);
      return {
        fetching: () => void sayOn('fetching'),
        fetched() {
          done.fetching = Math.min(1, ++fetched / Math.max(1, sources));
          sayOn(of(job.id)?.stage ?? 'fetching');
        },
        working: () => void sayOn('working'),
        worked(fraction) {
          done.working = Math.min(1, Math.max(0, fraction));
          sayOn('working');
        },
        storing(count, all) {
          done.fetching = 1;
          done.working = 1;
          done.storing = count / Math.max(1, all);
          sayOn('storing');
        },
      };
    },
  };
}
