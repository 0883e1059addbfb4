import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../platform/log.ts';
import { deliver, type Delivery, type Post } from './delivery.ts';
import { within } from './runner.ts';
import { createAlarm } from './alarm.ts';
import { withoutWaiting } from './sql/claim.ts';
import { nextDue, takeDue } from './sql/deliver.ts';

export interface DeliveriesParts {
  readonly database: Database;
  readonly post: Post;
  readonly log: Log;
  /** How long after each failed attempt the next is made; after the last there is none. */
  readonly againMs?: readonly number[];
}

/** Brings what callbacks are to hear to their links: at least once, or given up when all attempts have failed. */
export interface Deliveries {
  /** Looks for what is due now. */
  wake(): void;
  /** No new attempt from now on. Running ones get the time, then they are due for whoever comes next. */
  stop(graceMs: number): Promise<void>;
}

const againMsDefault: readonly number[] = [10_000, 60_000, 300_000, 1_800_000];
/** An attempt ends within 10 s, and what came of it is written down by then, unless the database is away. */
const leaseMs = 20_000;
/** So that a few slow receivers do not hold up all others. */
const atOnceMax = 32;
/** What is due and cannot be had is looked for no more often than this. */
const lookMsMin = 1_000;
/** Among several processes: for what another one took with it when it died. */
const lookMs = 30_000;
/** A timer may be early by a part of a millisecond. */
const earlyMs = 2;

/** Looks when it is woken and when something becomes due: alone, and with nothing to deliver, it asks the database nothing. */
export function createDeliveries(parts: DeliveriesParts): Deliveries {
  const { database, log, againMs = againMsDefault } = parts;
  const sending = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let stopping = false;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
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
    const room = atOnceMax - sending.size;
    const [, taken, next] = (await database.together([
      { sql: withoutWaiting },
      { sql: takeDue, values: [room, leaseMs] },
      { sql: nextDue },
    ])) as [unknown, Delivery[], { readonly ms: number | null }[]];
    for (const delivery of taken) begin(delivery);
    // There may be more, for when there is room again.
    if (taken.length === room) lookAgain = true;
    const ms = next[0]?.ms ?? null;
    if (ms !== null) alarm.within(Math.max(ms + earlyMs, lookMsMin));
  }

  function begin(delivery: Delivery): void {
    const key = `${delivery.job} ${delivery.attempts}`;
    const done = deliver(delivery, stopped.signal, { ...parts, againMs })
      .then((waitMs) => waitMs !== undefined && alarm.within(waitMs + earlyMs))
      .catch((error: unknown) =>
        log.warn('callback is left for later', { job: delivery.job, reason: sentence(error) }),
      )
      .finally(() => {
        sending.delete(key);
        if (lookAgain) wake();
      });
    sending.set(key, done as Promise<void>);
  }

  const others = database.alone ? undefined : setInterval(wake, lookMs).unref();

  return {
    wake,
    async stop(graceMs) {
      stopping = true;
      clearInterval(others);
      await looking;
      const all = Promise.all(sending.values());
      await within(all, graceMs);
      stopped.abort();
      await all;
      alarm.stop();
    },
  };
}
