import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import type { Engine } from '../engines/engine.ts';
import type { Links } from '../links/links.ts';
import type { Operation } from '../operations/operation.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { endlessRoom, type Room } from '../storage/room.ts';
import type { Storage } from '../storage/storage.ts';
import type { TemplateReader } from '../templates/templates.ts';
import { audit, type Findings } from './audit.ts';
import { createClaims, type Claims } from './claims.ts';
import { createCredits, type Credits } from './credits.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import type { Post } from './delivery.ts';
import { makeOwnDirectory } from './directories.ts';
import { createDispatch } from './dispatch.ts';
import { createFiles, type Files } from './files.ts';
import type { Queue } from './job.ts';
import { createLimits } from './limits.ts';
import { createNeeds } from './needs.ts';
import { keepAlive } from './reaper.ts';
import { createQueue } from './queue.ts';
import { createQuotas } from './quotas.ts';
import { createDeliveryRecords, type DeliveryRecords } from './records.ts';
import { createRecent, nothingRecent } from './recent.ts';
import { createProgressBoard } from './progress.ts';
import { createRunner, type Runner } from './runner.ts';
import { createSources, type Download, type Fetch, type Sources } from './sources.ts';
import { cancelledChannel } from './sql/cancel.ts';
import { countOpen } from './sql/find.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';
import { createWaiters } from './waiters.ts';

export interface JobsOptions {
  /** `api`: accepts and waits. `worker`: runs. */
  readonly role: 'all' | 'api' | 'worker';
  readonly database: Database;
  readonly storage: Storage;
  readonly links: Links;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly engines: readonly Engine[];
  readonly templates: TemplateReader;
  readonly download: Download;
  readonly fetch: Fetch;
  readonly post: Post;
  readonly clock: Clock;
  readonly log: Log;
  /** Where jobs get their directories: on the file system of the storage, so that files are linked and moved, not copied. */
  readonly directory: string;
  /** Of the disk with that directory; endless where it is not given. */
  readonly room?: Room;
  /** Jobs at the same time. */
  readonly concurrency: number;
  /** Waiting jobs, past which none is accepted. */
  readonly waitingMax: number;
  /** How long a job may take. */
  readonly wallMsMax: number;
  /** How often expired jobs and files are looked for; 20 seconds. */
  readonly sweepMs?: number;
  /** How long after each failed attempt at a callback the next is made at the latest. */
  readonly callbackAgainMs?: readonly number[];
  /** How long callbacks are kept that were given up; a week. */
  readonly callbackKeptMs?: number;
}

export interface Jobs {
  readonly queue: Queue;
  readonly sources: Sources;
  readonly files: Files;
  readonly deliveries: DeliveryRecords;
  readonly credits: Pick<Credits, 'remaining'>;
  /** Compares rows and stored files; `repair` puts right what differs. */
  audit(repair: boolean): Promise<Findings>;
  /** Open jobs, of all tenants and workers. */
  count(): Promise<{ readonly waiting: number; readonly working: number }>;
  /** Jobs that run in this process. */
  readonly running: () => number;
  /** Nothing is accepted any more; running jobs get the time, then go back to the queue. The database has to live until it resolves. */
  stop(graceMs: number): Promise<void>;
}

const endedChannel = 'octavo_job_ended';
const waitingChannel = 'octavo_job_waiting';
/** A safety net: work is told of when it comes. */
const lookMs = 2_000;
const resendMs = 30_000;
const sweepMsDefault = 20_000;

/** Starts what the role needs. The tables have to be there already, see `migrate`. */
export async function createJobs(options: JobsOptions): Promise<Jobs> {
  const { database, log, clock, storage, links } = options;
  const dispatch = createDispatch(database, log);
  await dispatch.start();
  const recent = database.alone ? createRecent(clock.now) : nothingRecent;
  const waiters = createWaiters();
  const progress = createProgressBoard();
  let runner: Runner | undefined;
  let deliveries: Deliveries | undefined;
  const limits = createLimits({ database, clock });
  const credits = createCredits({ database, limits });
  const deliver = () => deliveries?.wake();
  const claims = createClaims({
    database,
    dispatch,
    clock,
    credits,
    progress,
    deliver,
  });
  const isFull = () => runner === undefined || runner.running().length >= options.concurrency;
  const wake = () => {
    runner?.wake();
    if (!database.alone && isFull()) tellWorkers(database);
  };
  const quotas = createQuotas({ database, clock, limits });
  const queue = createQueue({
    database,
    dispatch,
    links,
    clock,
    waiters,
    recent,
    waitingMax: options.waitingMax,
    room: options.room ?? endlessRoom,
    quotas,
    credits,
    progress,
    wake,
    stopWork: (id) => runner?.cancel(id),
    deliver,
  });
  const needs = createNeeds(database);
  const files = createFiles({ storage, queue, clock, needed: needs.needed, quotas });
  const sources = createSources({
    links,
    storage,
    files,
    needs,
    download: options.download,
    fetch: options.fetch,
  });
  const sweeper = createSweeper({ database, storage, clock, log, needed: needs.needed });

  if (database.alone) await claims.releaseDead(0);
  await claims.resendLost(clock.now());
  const own = options.role === 'api' ? undefined : await makeOwnDirectory(options.directory, database.alone);
  if (own !== undefined) {
    runner = createRunner({
      ...options,
      quotas,
      sources,
      waiters,
      recent,
      progress,
      claims,
      lookMs,
      directory: own.path,
    });
    deliveries = createDeliveries({
      ...options,
      againMs: options.callbackAgainMs,
      keptMs: options.callbackKeptMs,
    });
  }
  if (!database.alone) await listen(database, waiters, runner);
  const reaper = runner && keepAlive({ claims, runner, log, alone: database.alone, died: sweeper.suspect });
  const chores = runner === undefined ? [] : startChores(options, claims, runner, sweeper);
  runner?.wake();
  await deliveries?.start();

  let stopped: Promise<void> | undefined;
  async function stop(graceMs: number): Promise<void> {
    queue.close();
    for (const chore of chores) clearInterval(chore);
    const endsAt = performance.now() + graceMs;
    await runner?.stop(graceMs);
    await deliveries?.stop(Math.max(0, endsAt - performance.now()));
    reaper?.stop();
    await own?.close();
    await dispatch.stop();
  }

  return {
    queue,
    sources,
    files,
    deliveries: createDeliveryRecords(database),
    credits,
    audit: (repair) => audit({ database, storage, clock, needed: needs.needed }, repair),
    async count() {
      const rows = await database.query<{ waiting: number; working: number }>(countOpen);
      return rows[0] ?? { waiting: 0, working: 0 };
    },
    running: () => runner?.running().length ?? 0,
    stop: (graceMs) => (stopped ??= stop(graceMs)),
  };
}

function startChores(
  options: JobsOptions,
  claims: Claims,
  runner: Runner,
  sweeper: Sweeper,
): NodeJS.Timeout[] {
  const { clock, log } = options;
  const resend = async () => {
    const jobs = await claims.resendLost(clock.now() - resendMs);
    if (jobs === 0) return;
    log.warn('lost jobs are up for the taking again', { jobs });
    runner.wake();
  };
  const complain = (error: unknown) =>
    log.warn('lost jobs cannot be looked for', { reason: sentence(error) });
  return [
    setInterval(() => void resend().catch(complain), resendMs).unref(),
    setInterval(() => void sweeper.sweep(), options.sweepMs ?? sweepMsDefault).unref(),
  ];
}

/** Not in the transaction that accepts, as those would then wait for each other: a lost word costs a worker's next look. */
function tellWorkers(database: Database): void {
  database.query(`SELECT pg_notify('${waitingChannel}', '')`).catch(() => {});
}

async function listen(
  database: Database,
  waiters: ReturnType<typeof createWaiters>,
  runner: Runner | undefined,
): Promise<void> {
  await database.listen(endedChannel, (id) => waiters.ended(id), waiters.lookAll);
  if (runner === undefined) return;
  await database.listen(waitingChannel, runner.wake, runner.wake);
  // What is missed is found at the next beat.
  await database.listen(cancelledChannel, runner.cancel, () => {});
}
