import type { Database } from '../database/database.ts';
import { readKey } from '../storage/key.ts';
import { nothingNeeded, type Storage } from '../storage/storage.ts';
import type { JobOutcome, JobStatus } from './job.ts';
import { findOwners } from './sql/needs.ts';
import { forgetFiles } from './sql/quotas.ts';

const askMax = 500;

export interface Orphans {
  /** Slots of results that no job stands for. */
  readonly slots: readonly string[];
  /** Whether a job that has not ended has results of several attempts: they are to be looked at again. */
  readonly undecided: boolean;
}

interface Owner {
  readonly id: string;
  readonly status: JobStatus;
  readonly outcome: JobOutcome | null;
}

/**
 * Looks through all that is stored for results that nobody will ever ask for: of attempts that died between storing a result and
 * saying so. Gives some at a time. A result is stored only after its job's row is there, and told of only by that row.
 */
export async function* findOrphans(database: Database, storage: Storage): AsyncGenerator<Orphans, void> {
  let keys: string[] = [];
  for await (const key of storage.keys()) {
    if (jobOf(key) !== null) keys.push(key);
    if (keys.length < askMax) continue;
    yield await judge(database, keys);
    keys = [];
  }
  if (keys.length > 0) yield await judge(database, keys);
}

/** Deletes them. Gives their number, and whether there may be more later on. */
export async function removeOrphans(
  database: Database,
  storage: Storage,
): Promise<{ readonly count: number; readonly undecided: boolean }> {
  let count = 0;
  let undecided = false;
  for await (const orphans of findOrphans(database, storage)) {
    for (const slot of orphans.slots) count += await storage.delete(slot, nothingNeeded);
    if (orphans.slots.length > 0) await database.query(forgetFiles, [orphans.slots]);
    undecided ||= orphans.undecided;
  }
  return { count, undecided };
}

async function judge(database: Database, keys: readonly string[]): Promise<Orphans> {
  const ids = [...new Set(keys.map((key) => jobOf(key)))];
  const owners = new Map(
    (await database.query<Owner>(findOwners, [ids])).map((owner) => [owner.id.replaceAll('-', ''), owner]),
  );
  const isOpen = (owner: Owner | undefined) => owner?.status === 'waiting' || owner?.status === 'working';
  const ownerOf = (key: string) => owners.get(jobOf(key) ?? '');
  const orphans = keys.filter((key) => {
    const owner = ownerOf(key);
    return !isOpen(owner) && owner?.outcome?.storageKey !== key;
  });
  return {
    slots: orphans.map((key) => readKey(key)?.slot ?? ''),
    undecided: keys.some((key) => isOpen(ownerOf(key))),
  };
}

/** The job whose result this is, null for an upload: results lie in slots of `<job>-<attempt>`. */
function jobOf(key: string): string | null {
  return /^\d+\/([0-9a-f]{32})-\d+$/.exec(readKey(key)?.slot ?? '')?.[1] ?? null;
}
