import { randomUUID } from 'node:crypto';
import { Failure } from '../../src/errors.ts';
import { type Job, type NewJob, type Queue } from '../../src/jobs/job.ts';
import type { DeliveryRecords } from '../../src/jobs/records.ts';
import { type Links, wholeMinutes } from '../../src/links/links.ts';
import type { TemplateReader } from '../../src/templates/templates.ts';

/** Of a server without callbacks. */
export const noDeliveries: DeliveryRecords = {
  list: async () => ({ records: [] }),
  resend: async () => false,
  resendFailed: async () => 0,
};

/** Of a server that has none. */
export const noTemplates: TemplateReader = { list: async () => [], find: async () => null };

/** Jobs in memory, which end when the test says so. */
export interface MemoryQueue extends Queue {
  readonly jobs: Map<string, Job>;
  readonly calls: NewJob[];
  /** What `accept` does in place of accepting. */
  refusal: Error | undefined;
  /** Ends each job at once, where it is set. */
  onAccept: ((job: Job) => Partial<Job>) | undefined;
  end(id: string, changes: Partial<Job>): void;
  /** Resolves once exactly so many calls are waiting for the end of their job. */
  waiters(count: number): Promise<void>;
}

/** Makes an empty one. */
export function createMemoryQueue(links: Links, now: () => number): MemoryQueue {
  const jobs = new Map<string, Job>();
  const keys = new Map<string, { readonly id: string; readonly operation: string }>();
  const waiting = new Map<string, () => void>();
  const watchers = new Set<() => void>();
  const queue: MemoryQueue = {
    jobs,
    calls: [],
    refusal: undefined,
    onAccept: undefined,
    async accept(job) {
      if (queue.refusal !== undefined) throw queue.refusal;
      queue.calls.push(job);
      const made = makeJob(job, links, now());
      jobs.set(made.id, { ...made, ...queue.onAccept?.(made) });
      return made;
    },
    async acceptOnce(job, key) {
      const known = await queue.findByKey(job, key);
      if (known !== null) return { job: known, isNew: false };
      const made = await queue.accept(job);
      keys.set(key, { id: made.id, operation: job.operation });
      return { job: made, isNew: true };
    },
    async findByKey({ operation }, key) {
      const known = keys.get(key);
      if (known === undefined) return null;
      if (known.operation !== operation) throw new Failure('keyReused');
      return jobs.get(known.id) ?? null;
    },
    async find(tenant, id) {
      if (queue.refusal !== undefined) throw queue.refusal;
      const job = jobs.get(id);
      return job?.tenant === tenant ? job : null;
    },
    async findByResult(id) {
      return [...jobs.values()].find((job) => job.id.replaceAll('-', '') === id) ?? null;
    },
    async forgetResult(id) {
      const job = [...jobs.values()].find((one) => one.id.replaceAll('-', '') === id);
      if (job?.outcome !== undefined)
        jobs.set(job.id, { ...job, outcome: { ...job.outcome, storageKey: '' } });
    },
    async cancel(tenant, id) {
      const job = await queue.find(tenant, id);
      if (job !== null && job.endedAt === undefined) queue.end(id, { status: 'aborted' });
      return queue.find(tenant, id);
    },
    async waitForEnd(id, msMax, signal) {
      if (jobs.get(id)?.endedAt === undefined) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, msMax);
          const end = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener('abort', end);
          waiting.set(id, end);
          for (const watch of watchers) watch();
        });
      }
      waiting.delete(id);
      for (const watch of watchers) watch();
      return jobs.get(id) ?? null;
    },
    end(id, changes) {
      jobs.set(id, { ...(jobs.get(id) as Job), endedAt: new Date(now()), ...changes });
      waiting.get(id)?.();
    },
    waiters: (count) =>
      new Promise((resolve) => {
        const watch = () => {
          if (waiting.size !== count) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
  };
  return queue;
}

function makeJob(job: NewJob, links: Links, now: number): Job {
  const id = randomUUID();
  const expiresAt = wholeMinutes(now + job.call.job.expiration * 60_000);
  return {
    id,
    tenant: job.tenant,
    operation: job.operation,
    status: 'waiting',
    progress: 0,
    stage: undefined,
    resultToken: links.file({ kind: 'result', id: id.replaceAll('-', ''), tenant: job.tenant, expiresAt }),
    resultName: job.resultName,
    outcome: undefined,
    failure: undefined,
    createdAt: new Date(now),
    startedAt: undefined,
    endedAt: undefined,
    expiresAt: new Date(expiresAt),
    credits: 0,
  };
}
