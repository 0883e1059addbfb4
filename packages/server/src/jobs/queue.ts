import { randomUUID } from 'node:crypto';

import type { Database, Statement } from '../database/database.ts';
import { hasCode } from '../database/down.ts';
import { Failure } from '../errors.ts';
import { wholeMinutes, type Links } from '../links/links.ts';
import type { Clock } from '../platform/clock.ts';
import type { Room } from '../storage/room.ts';
import { cancelJob } from './cancel.ts';
import { type Credits, creditsUsedUp } from './credits.ts';
import type { Dispatch } from './dispatch.ts';
import { findByKey, keyedCall, keyTaken, takeStatement, type KeyedCall } from './idempotency.ts';
import type { ProgressBoard } from './progress.ts';
import type { Quotas } from './quotas.ts';
import type { Recent } from './recent.ts';
import { type Job, type NewJob, type Queue, resultLink } from './job.ts';
import { hasEnded, toJob, type JobRow, type StoredCall } from './row.ts';
import { accept } from './sql/accept.ts';
import { find } from './sql/find.ts';
import { forgetResult } from './sql/needs.ts';
import { withoutNul } from './text.ts';
import type { Waiters } from './waiters.ts';

const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
/** Raised by `octavo.assert_room`. */
const queueFull = 'OC001';

export interface QueueParts {
  readonly database: Database;
  readonly dispatch: Dispatch;
  readonly links: Links;
  readonly clock: Clock;
  readonly waiters: Waiters;
  readonly recent: Recent;
  readonly progress: Pick<ProgressBoard, 'seen'>;
  /** Waiting jobs, past which none is accepted. */
  readonly waitingMax: number;
  /** Of the disk that jobs work on. */
  readonly room: Room;
  readonly quotas: Quotas;
  readonly credits: Pick<Credits, 'assert' | 'remaining'>;
  /** Called when a job is there to be claimed. */
  readonly wake: () => void;
  /** Called when a job was cancelled that may run in this process. */
  readonly stopWork: (id: string) => void;
  /** Called when there may be something for a callback to hear. */
  readonly deliver: () => void;
}

/** The queue as the edge sees it, and the way to close it. */
export interface ClosableQueue extends Queue {
  /** From now on nothing is accepted. */
  close(): void;
}

/** Accepts jobs durably, finds them, and waits for them. */
export function createQueue(parts: QueueParts): ClosableQueue {
  const { database, dispatch, waiters, recent } = parts;
  let closed = false;

  async function byId(id: string): Promise<Job | null> {
    if (!uuid.test(id)) return null;
    const known = recent.find(withHyphens(id));
    if (known !== null) return parts.progress.seen(known);
    const rows = await database.query<JobRow>(find, [id]);
    return rows[0] === undefined ? null : parts.progress.seen(toJob(rows[0]));
  }

  /** `first`: what has to go well in the same transaction, before all else. */
  async function acceptJob(fresh: NewJob, first: (job: Job) => readonly Statement[]): Promise<Job> {
    if (closed) throw new Failure('stopping');
    parts.room.take(0);
    await parts.quotas.assertRoom(fresh.tenant);
    const job = newJob(fresh, parts);
    try {
      await database.together([
        ...first(job),
        ...(await parts.credits.assert(job.tenant)),
        { sql: accept, values: [...valuesOf(job, fresh), parts.waitingMax] },
        await dispatch.send([job.id]),
      ]);
    } catch (error) {
      if (hasCode(error, creditsUsedUp)) throw new Failure('creditsUsedUp', {}, { cause: error });
      throw hasCode(error, queueFull) ? new Failure('overloaded') : error;
    }
    recent.keep(job);
    parts.wake();
    return job;
  }

  async function acceptOnce(fresh: NewJob, keyed: KeyedCall): ReturnType<Queue['acceptOnce']> {
    try {
      const job = await acceptJob(fresh, (made) => [takeStatement(keyed, made, parts.clock)]);
      return { job, isNew: true };
    } catch (error) {
      if (!hasCode(error, keyTaken)) throw error;
      const job = await findByKey(keyed, parts);
      // It has expired since.
      return job === null ? acceptOnce(fresh, keyed) : { job, isNew: false };
    }
  }

  return {
    accept: (fresh) => acceptJob(fresh, () => []),
    acceptOnce: (fresh, key) => acceptOnce(fresh, keyedCall(fresh, key, parts.links)),
    findByKey: (fresh, key) => findByKey(keyedCall(fresh, key, parts.links), parts),
    async find(tenant, id) {
      const job = await byId(id);
      return job?.tenant === tenant ? job : null;
    },
    findByResult: byId,
    async forgetResult(id) {
      const job = await byId(id);
      if (job?.outcome === undefined) return;
      const without = { ...job, outcome: { ...job.outcome, storageKey: '' } };
      await database.query(forgetResult, [job.id, JSON.stringify(without.outcome)]);
      recent.keep(without);
    },
    async cancel(tenant, id) {
      if (!uuid.test(id)) return null;
      return cancelJob(tenant, id, parts);
    },
    waitForEnd: (id, msMax, signal) => waitForEnd(id, msMax, signal, byId, waiters),
    close() {
      closed = true;
    },
  };
}

/** The id of a result link is the job's without its hyphens. */
function withHyphens(id: string): string {
  return id.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5');
}

function newJob(fresh: NewJob, { clock, links }: QueueParts): Job {
  const now = clock.now();
  const expiresAt = new Date(wholeMinutes(now + fresh.call.job.expiration * 60_000));
  const own = { id: randomUUID(), tenant: fresh.tenant, expiresAt };
  return {
    ...own,
    operation: fresh.operation,
    status: 'waiting',
    progress: 0,
    stage: undefined,
    resultToken: links.file(resultLink(own)),
    resultName: withoutNul(fresh.resultName),
    outcome: undefined,
    failure: undefined,
    createdAt: new Date(now),
    startedAt: undefined,
    endedAt: undefined,
    credits: 0,
  };
}

function valuesOf(job: Job, fresh: NewJob): readonly unknown[] {
  const stored: StoredCall = { ...fresh.call, base: fresh.base };
  return [
    job.id,
    job.tenant,
    job.operation,
    job.resultToken,
    job.resultName,
    JSON.stringify(stored),
    job.createdAt,
    job.expiresAt,
    [...new Set(fresh.needs)],
  ];
}

/** Looks once, and then only when it is told that there is something to see. */
async function waitForEnd(
  id: string,
  msMax: number,
  signal: AbortSignal,
  byId: (id: string) => Promise<Job | null>,
  waiters: Waiters,
): Promise<Job | null> {
  const told = Promise.withResolvers<Job | undefined>();
  const look = (known?: Job) => {
    if (known !== undefined) return told.resolve(known);
    // Where the database is away at the moment, losing this look is no loss: its return makes everybody look.
    byId(id).then(
      (job) => (job === null || hasEnded(job)) && told.resolve(job ?? undefined),
      () => {},
    );
  };
  const forget = waiters.add(id, look);
  const timer = setTimeout(() => told.resolve(undefined), msMax);
  const giveUp = () => told.resolve(undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const job = await byId(id);
    if (job === null || hasEnded(job) || signal.aborted) return job;
    return (await told.promise) ?? (await byId(id));
  } finally {
    forget();
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
