import type { Database } from '../database/database.ts';
import { sentence } from '../database/down.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { nothingNeeded, type Storage } from '../storage/storage.ts';
import { deleteExpired } from './sql/find.ts';

const roundsMax = 20;

export interface SweeperParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Log;
}

/** Deletes the rows of expired jobs, a bounded number in one go, and the files of minutes that have passed. */
export async function sweep({ database, storage, clock, log }: SweeperParts): Promise<void> {
  try {
    const now = clock.now();
    let jobs = 0;
    for (let round = 0; round < roundsMax; round++) {
      const { length } = await database.query(deleteExpired, [new Date(now)]);
      jobs += length;
      if (length === 0) break;
    }
    const files = await storage.sweep(new Date(now), nothingNeeded);
    if (jobs + files > 0) log.info('expired jobs and files deleted', { jobs, files });
  } catch (error) {
    log.warn('expired jobs and files stay for now', { reason: sentence(error) });
  }
}
