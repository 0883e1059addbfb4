import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Needed, Storage } from '../storage/storage.ts';
import { removeOrphans } from './orphans.ts';
import { settleLimited } from './sql/credits.ts';
import { deleteExpired } from './sql/find.ts';
import { forgetKeys } from './sql/keys.ts';
import { findUnheard, forgetExpired, forgetFile, settleFile } from './sql/quotas.ts';

const roundsMax = 20;
/** Of a call that was read in time, the row may come a little later. */
const lateMs = 10_000;
/** An upload that goes on says so by each step of its length. */
const unheardMs = 3_600_000;

export interface SweeperParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
  readonly needed: Needed;
}

export interface Sweeper {
  /** Deletes what has expired. Two at the same time are one. */
  sweep(): Promise<void>;
  /** Somebody may have died and left results that nobody knows of: the next sweep looks for them. */
  suspect(): void;
}

/**
 * Deletes the rows of expired jobs, a bounded number in one go, and the files that nothing stands for any more. Where nothing has
 * expired, that is a query and a few looks at directories. All files are looked through after a start, and after somebody died.
 */
export function createSweeper({ database, storage, clock, log, needed }: SweeperParts): Sweeper {
  let suspected = true;
  let running: Promise<void> | undefined;

  async function sweep(): Promise<void> {
    try {
      const now = clock.now();
      const jobs = await inRounds(deleteExpired, [new Date(now)]);
      await inRounds(forgetKeys, [new Date(now)]);
      await inRounds(settleLimited, []);
      const files = await storage.sweep(new Date(now - lateMs), needed);
      await sweepCounts(now);
      if (jobs + files > 0) log.info('expired jobs and files deleted', { jobs, files });
      if (suspected) await sweepOrphans();
    } catch (error) {
      log.warn('expired jobs and files stay for now', { reason: sentence(error) });
    }
  }

  /** Gives the number of rows. */
  async function inRounds(sql: string, values: readonly unknown[]): Promise<number> {
    let rows = 0;
    for (let round = 0; round < roundsMax; round++) {
      const { length } = await database.query(sql, values);
      rows += length;
      if (length === 0) break;
    }
    return rows;
  }

  /** Of uploads whose server died in the middle, and of those that came past the server, what is there counts. */
  async function sweepCounts(now: number): Promise<void> {
    await inRounds(forgetExpired, [new Date(now)]);
    const unheard = await database.query<{ slot: string }>(findUnheard, [new Date(now - unheardMs)]);
    for (const { slot } of unheard) {
      const bytes = await storage.sizeOf(slot);
      if (bytes === null) await database.query(forgetFile, [slot]);
      else await database.query(settleFile, [slot, bytes]);
    }
  }

  async function sweepOrphans(): Promise<void> {
    suspected = false;
    try {
      const { count, undecided } = await removeOrphans({ database, storage, needed });
      if (count > 0) log.info('results that were never published are deleted', { files: count });
      suspected ||= undecided;
    } catch (error) {
      suspected = true;
      throw error;
    }
  }

  return {
    sweep: () =>
      (running ??= sweep().finally(() => {
        running = undefined;
      })),
    suspect() {
      suspected = true;
    },
  };
}
