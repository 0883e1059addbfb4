import type { Storage } from '../storage/storage.ts';
import type { Log } from '../platform/log.ts';
import { Failure } from '../errors.ts';
import type { Claims } from './claims.ts';
import { perform, removeResult, type PerformParts } from './perform.ts';
import type { Claim } from './row.ts';
import type { Recent } from './recent.ts';
import type { Waiters } from './waiters.ts';

export interface RunnerParts extends Omit<PerformParts, 'countBoxDeath'> {
  readonly claims: Claims;
  readonly storage: Storage;
  readonly waiters: Waiters;
  readonly recent: Recent;
  readonly log: Log;
  /** Jobs at the same time. */
  readonly concurrency: number;
  /** How often it looks for work that nobody told it of. */
  readonly lookMs: number;
}

export interface Runner {
  /** Looks for work now. */
  wake(): void;
  /** Jobs that it works on. */
  running(): readonly Claim[];
  /** Drops jobs that somebody else has by now. */
  drop(lost: readonly Claim[]): void;
  /** Somebody has cancelled the job: what works on it here dies. */
  cancel(id: string): void;
  /** No new work from now on. Running jobs get the time, then go back to the queue. */
  stop(graceMs: number): Promise<void>;
}

const cancelledMax = 1_000;

interface Work {
  readonly claim: Claim;
  readonly gone: AbortController;
  readonly done: Promise<void>;
}

/** Claims jobs as long as it has room for more, and works on them. */
export function createRunner(parts: RunnerParts): Runner {
  const works = new Map<string, Work>();
  const { claims, log } = parts;
  /** Those of which it was heard lately: the answer to a claim may come after the word that the job was cancelled. */
  const cancelled = new Set<string>();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;

  /** One at a time; a wake during it makes it look once more, so that none is lost. */
  function wake(): void {
    lookAgain = true;
    looking ??= look().finally(() => {
      looking = undefined;
      if (lookAgain && !stopping && works.size < parts.concurrency) wake();
    });
  }

  async function look(): Promise<void> {
    while (lookAgain) {
      if (stopping || works.size >= parts.concurrency) return;
      lookAgain = false;
      const count = powerOfTwo(parts.concurrency - works.size);
      try {
        const taken = await claims.take(count);
        if (taken.length === count) lookAgain = true;
        for (const claim of taken) begin(claim);
      } catch (error) {
        if (!(error instanceof Failure)) log.error('no job can be claimed', { reason: String(error) });
        return;
      }
    }
  }

  function begin(claim: Claim): void {
    const gone = new AbortController();
    if (stopping || cancelled.has(claim.job.id)) gone.abort();
    parts.recent.keep(claim.job);
    const done = work(claim, gone.signal)
      .catch((error: unknown) =>
        log.warn('job is left to others', { job: claim.job.id, reason: String(error) }),
      )
      .finally(() => {
        works.delete(key(claim));
        parts.progress.end(claim.job.id);
        // Only where the last look left something behind: whoever brings more wakes us.
        if (lookAgain) wake();
      });
    works.set(key(claim), { claim, gone, done });
  }

  async function work(claim: Claim, signal: AbortSignal): Promise<void> {
    const countBoxDeath = (one: Claim) => claims.countBoxDeath(one, signal);
    const how = await perform(claim, signal, { ...parts, countBoxDeath });
    if (how === undefined) {
      await claims.release(claim);
      // Somebody may have ended it whose word was lost.
      return parts.waiters.ended(claim.job.id);
    }
    const ended = await claims.end(claim, how, signal);
    if (ended !== null) {
      parts.recent.keep(ended);
      return parts.waiters.ended(claim.job.id, ended);
    }
    log.info('job was ended by somebody else', { job: claim.job.id });
    if (!('outcome' in how)) return;
    await removeResult(claim, how.outcome.parts ?? 0, parts);
  }

  const timer = setInterval(wake, parts.lookMs).unref();

  return {
    wake,
    running: () => [...works.values()].map(({ claim }) => claim),
    drop(lost) {
      for (const claim of lost) works.get(key(claim))?.gone.abort();
    },
    cancel(id) {
      cancelled.add(id);
      if (cancelled.size > cancelledMax) cancelled.delete(cancelled.keys().next().value as string);
      for (const { claim, gone } of works.values()) if (claim.job.id === id) gone.abort();
    },
    async stop(graceMs) {
      stopping = true;
      clearInterval(timer);
      await looking;
      const all = Promise.all([...works.values()].map(({ done }) => done));
      await within(all, graceMs);
      for (const { gone } of works.values()) gone.abort();
      await all;
    },
  };
}

/** Two runs of one job in one process are possible after a crash of the database: each is known by its attempt. */
function key({ job, attempt }: Claim): string {
  return `${job.id} ${attempt}`;
}

/** Few different texts of statements, as each is prepared on each connection. */
function powerOfTwo(free: number): number {
  return 2 ** Math.floor(Math.log2(Math.min(free, 16)));
}

/** Waits for the end of all, but no longer than this. */
export async function within(all: Promise<unknown>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([all, promise]);
  clearTimeout(timer);
}
