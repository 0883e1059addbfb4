import type { Database } from '../database/database.ts';
import type { Needed } from '../storage/storage.ts';
import { findNeeded } from './sql/needs.ts';

/** Which stored files must stay for a while, though their links are over. */
export interface Needs {
  /** Those that accepted jobs read which have not ended, and those that are held here. Throws `databaseDown`. */
  readonly needed: Needed;
  /** For a call that is just being accepted: its row does not say so yet. Each hold has to be released. */
  hold(key: string): void;
  release(keys: readonly string[]): void;
}

/** Holds count in this process; other processes leave a version alone for longer than a call takes to be accepted. */
export function createNeeds(database: Database): Needs {
  const holds = new Map<string, number>();
  return {
    async needed(keys) {
      // Before the question: who lets go meanwhile has written a row.
      const held = keys.filter((key) => holds.has(key));
      if (keys.length === 0) return new Set();
      const rows = await database.query<{ need: string }>(findNeeded, [keys]);
      return new Set([...held, ...keys.filter((key) => holds.has(key)), ...rows.map(({ need }) => need)]);
    },
    hold(key) {
      holds.set(key, (holds.get(key) ?? 0) + 1);
    },
    release(keys) {
      for (const key of keys) {
        const count = holds.get(key) ?? 0;
        if (count > 1) holds.set(key, count - 1);
        else holds.delete(key);
      }
    },
  };
}
