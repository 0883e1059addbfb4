import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import { Failure } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { deliver, type Delivery, type Post } from './delivery.ts';
import { within } from './runner.ts';
import { createAlarm } from './alarm.ts';
import { withoutWaiting } from './sql/claim.ts';
import { againMsDefault } from './schedule.ts';
import { createSecrets } from './secrets.ts';
import { freeTaken, nextDue, takeDue } from './sql/deliver.ts';
import { deleteGivenUp, dueChannel } from './sql/records.ts';

export interface DeliveriesParts {
  readonly database: Database;
  readonly post: Post;
  readonly clock: Clock;
  readonly log: Log;
  /** How long after each failed attempt the next is made at the latest; after the last there is none. */
  readonly againMs?: readonly number[] | undefined;
  /** How long those are kept that were given up. */
  readonly keptMs?: number | undefined;
  /** From 0 to below 1, for the part of the time between two attempts that is waited. */
  readonly random?: (() => number) | undefined;
}

/** Brings what callbacks are to hear to their links: at least once, or given up when all attempts have failed. */
export interface Deliveries {
  /** Frees what a process before this one had taken, where no other can have it, and forgets old records. Then it looks for work. */
  start(): Promise<void>;
  /** Looks for what is due now. */
  wake(): void;
  /** No new attempt from now on. Running ones get the time, then they are due for whoever comes next. */
  stop(graceMs: number): Promise<void>;
}

/** An attempt ends within 10 s, and what came of it is written down by then, unless the database is away. */
const leaseMs = 20_000;
const atOnceMax = 200;
/** So that a receiver that hangs does not hold up all others. */
const atOnceForHostMax = 8;
/** What is due and cannot be had is looked for no more often than this. */
const lookMsMin = 1_000;
/** Among several processes: for what another one took with it when it died. */
const lookMs = 5_000;
const keptMsDefault = 7 * 86_400_000;
const forgetMs = 3_600_000;
const forgetRoundsMax = 100;
/** A timer may be early by a part of a millisecond. */
const earlyMs = 2;

/** Looks when it is woken and when something becomes due: alone, and with nothing to deliver, it asks the database nothing. */
export function createDeliveries(parts: DeliveriesParts): Deliveries {
  const { database, log, againMs = againMsDefault, keptMs = keptMsDefault, random = Math.random } = parts;
  const secrets = createSecrets(database);
  const sending = new Map<Delivery, Promise<void>>();
  const stopped = new AbortController();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  /** Some are due, but their hosts have enough to do. */
  let left = false;
  const alarm = createAlarm(wake);

  /** One look at a time; a wake during it makes for one more, so that none is lost. */
  function wake(): void {
    lookAgain = true;
    looking ??= lookWhileNeeded().finally(() => {
      looking = undefined;
      if (lookAgain && mayLook()) wake();
    });
  }

  function mayLook(): boolean {
    return !stopping && sending.size < atOnceMax;
  }

  async function lookWhileNeeded(): Promise<void> {
    while (lookAgain && mayLook()) {
      lookAgain = false;
      await look().catch((error: unknown) => {
        if (!(error instanceof Failure)) log.error('no callback can be taken', { reason: sentence(error) });
        alarm.within(lookMsMin);
      });
    }
  }

  async function look(): Promise<void> {
    const busy = [...Map.groupBy(sending.keys(), ({ host }) => host)];
    const counts = busy.map(([, { length }]) => length);
    const hosts = busy.map(([host]) => host);
    const room = atOnceMax - sending.size;
    const [, taken, next] = (await database.together([
      { sql: withoutWaiting },
      { sql: takeDue, values: [room, leaseMs, atOnceForHostMax, counts, hosts] },
      { sql: nextDue },
    ])) as [unknown, Delivery[], { readonly ms: number | null }[]];
    for (const delivery of taken) begin(delivery);
    const ms = next[0]?.ms ?? null;
    left = ms !== null && ms <= 0;
    if (left && taken.length > 0) lookAgain = true;
    if (ms !== null) alarm.within(Math.max(ms + earlyMs, lookMsMin));
  }

  function begin(delivery: Delivery): void {
    const done = deliver(delivery, stopped.signal, { ...parts, secrets, againMs, random })
      .then((waitMs) => void (waitMs !== undefined && alarm.within(waitMs + earlyMs)))
      .catch((error: unknown) =>
        log.warn('callback is left for later', { job: delivery.job, reason: sentence(error) }),
      )
      .finally(() => {
        sending.delete(delivery);
        if (lookAgain || left) wake();
      });
    sending.set(delivery, done);
  }

  async function forget(): Promise<void> {
    for (let round = 0; round < forgetRoundsMax; round++) {
      if ((await database.query(deleteGivenUp, [keptMs])).length === 0) return;
    }
  }

  function forgetLater(): void {
    forget().catch((error: unknown) =>
      log.warn('records of callbacks stay for now', { reason: sentence(error) }),
    );
  }

  const forgetting = setInterval(forgetLater, forgetMs).unref();
  const others = database.alone ? undefined : setInterval(wake, lookMs).unref();

  return {
    async start() {
      if (database.alone) await database.query(freeTaken);
      await forget();
      await database.listen(dueChannel, wake, wake);
      wake();
    },
    wake,
    async stop(graceMs) {
      stopping = true;
      clearInterval(others);
      clearInterval(forgetting);
      await looking;
      const all = Promise.all(sending.values());
      await within(all, graceMs);
      stopped.abort();
      await all;
      alarm.stop();
    },
  };
}
