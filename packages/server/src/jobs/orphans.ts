import type { Database } from '../database/database.ts';
import { readKey } from '../storage/key.ts';
import type { Needed, Storage } from '../storage/storage.ts';
import type { JobOutcome, JobStatus } from './job.ts';
import { findOwners } from './sql/needs.ts';
import { forgetFiles } from './sql/quotas.ts';

const askMax = 500;

export interface Orphans {
  /** Slots of results that no job stands for, and no job reads. */
  readonly slots: readonly string[];
  /** Whether a job that has not ended has the result of an attempt that it gave up: it is to be looked at again. */
  readonly undecided: boolean;
}

export interface OrphansParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly needed: Needed;
}

interface Owner {
  readonly id: string;
  readonly status: JobStatus;
  readonly outcome: JobOutcome | null;
  readonly attempt: number | null;
}

/** A stored result, and what its slot says of it. */
interface Result {
  readonly key: string;
  readonly slot: string;
  readonly job: string;
  readonly attempt: number;
  /** Slot of the result that this is a file of, where it has several. */
  readonly whole: string | undefined;
}

/**
 * Looks through all that is stored for results that nobody will ever ask for: of attempts that died between storing a result and
 * saying so. Gives some at a time. A result is stored only after its job's row is there, and told of only by that row.
 */
export async function* findOrphans(parts: OrphansParts): AsyncGenerator<Orphans, void> {
  let results: Result[] = [];
  for await (const key of parts.storage.keys()) {
    const result = resultOf(key);
    if (result !== null) results.push(result);
    if (results.length < askMax) continue;
    yield await judge(results, parts);
    results = [];
  }
  if (results.length > 0) yield await judge(results, parts);
}

/** Deletes them. Gives their number, and whether there may be more later on. */
export async function removeOrphans(
  parts: OrphansParts,
): Promise<{ readonly count: number; readonly undecided: boolean }> {
  let count = 0;
  let undecided = false;
  for await (const orphans of findOrphans(parts)) {
    for (const slot of orphans.slots) count += await parts.storage.delete(slot, parts.needed);
    if (orphans.slots.length > 0) await parts.database.query(forgetFiles, [orphans.slots]);
    undecided ||= orphans.undecided;
  }
  return { count, undecided };
}

async function judge(results: readonly Result[], { database, needed }: OrphansParts): Promise<Orphans> {
  const rows = await database.query<Owner>(findOwners, [[...new Set(results.map(({ job }) => job))]]);
  const owners = new Map(rows.map((owner) => [owner.id.replaceAll('-', ''), owner]));
  const isOpen = ({ job }: Result) => ['waiting', 'working'].includes(owners.get(job)?.status ?? '');
  const isCurrent = ({ job, attempt }: Result) => owners.get(job)?.attempt === attempt;
  const isPublished = ({ job, key, whole }: Result) => {
    const published = owners.get(job)?.outcome?.storageKey ?? '';
    return published === key || (whole !== undefined && readKey(published)?.slot === whole);
  };
  const orphans = results.filter((result) => !isOpen(result) && !isPublished(result));
  const kept = await needed(orphans.map(({ key }) => key));
  return {
    slots: orphans.filter(({ key }) => !kept.has(key)).map(({ slot }) => slot),
    undecided: results.some((result) => isOpen(result) && !isCurrent(result)),
  };
}

/** Null for an upload: results lie in slots of `<job>-<attempt>`, their files in `<job>-<attempt>-<part>`. */
function resultOf(key: string): Result | null {
  const slot = readKey(key)?.slot ?? '';
  const [, result = '', job, attempt, part] = /^(\d+\/([0-9a-f]{32})-(\d+))(-\d+)?$/.exec(slot) ?? [];
  if (job === undefined) return null;
  return { key, slot, job, attempt: Number(attempt), whole: part === undefined ? undefined : result };
}
