import type { Database } from '../database/database.ts';
import { Failure } from '../errors.ts';
import { minuteText, type Clock } from '../platform/clock.ts';
import { readKey } from '../storage/key.ts';
import type { Needed, Storage } from '../storage/storage.ts';
import type { JobFailure, JobOutcome } from './job.ts';
import { findOrphans, removeOrphans } from './orphans.ts';
import { findOwners, findPublished, loseResult } from './sql/needs.ts';

const firstId = '00000000-0000-0000-0000-000000000000';
const askMax = 500;
/** A running server takes so long to sweep what has expired. */
const sweptWithinMs = 120_000;

export interface AuditParts {
  readonly database: Database;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly needed: Needed;
}

/** What was found when rows and stored files were compared. */
export interface Findings {
  readonly files: number;
  /** Files of links that have expired long ago. */
  readonly expired: number;
  /** Results that no job stands for. */
  readonly orphans: number;
  /** Jobs that have succeeded, and whose result is not there. */
  readonly missing: number;
}

interface Published {
  readonly id: string;
  readonly outcome: JobOutcome | null;
}

/**
 * Compares rows and stored files, whoever else is at work; `repair` deletes files that nothing stands for, and makes jobs fail whose
 * result is lost.
 */
export async function audit(parts: AuditParts, repair: boolean): Promise<Findings> {
  const { database, storage, clock, needed } = parts;
  const { files, expired } = await countFiles(parts);
  let orphans = 0;
  for await (const { slots } of findOrphans(parts)) orphans += slots.length;
  const missing = await findMissing(parts);
  if (repair) {
    if (expired > 0) await storage.sweep(new Date(clock.now() - sweptWithinMs), needed);
    if (orphans > 0) await removeOrphans(parts);
    for (const id of missing) await database.query(loseResult, [id, JSON.stringify(lost)]);
  }
  return { files, expired, orphans, missing: missing.length };
}

const lost: JobFailure = failureOf(new Failure('fileDamaged'));

function failureOf({ row, status, message }: Failure): JobFailure {
  return { row, status, message };
}

async function countFiles({
  storage,
  clock,
  needed,
}: AuditParts): Promise<Pick<Findings, 'files' | 'expired'>> {
  const past = minuteText(clock.now() - sweptWithinMs);
  let files = 0;
  let expired = 0;
  let keys: string[] = [];
  const judge = async () => {
    const kept = await needed(keys);
    expired += keys.filter((key) => !kept.has(key)).length;
    keys = [];
  };
  for await (const key of storage.keys()) {
    files++;
    if (key < past) keys.push(key);
    if (keys.length === askMax) await judge();
  }
  await judge();
  return { files, expired };
}

async function findMissing({ database, storage, clock }: AuditParts): Promise<string[]> {
  const missing: string[] = [];
  for (let after = firstId; ;) {
    const rows = await database.query<Published>(findPublished, [after, new Date(clock.now())]);
    for (const row of rows) if (await isMissing(row, database, storage)) missing.push(row.id);
    const last = rows.at(-1);
    if (last === undefined) return missing;
    after = last.id;
  }
}

/** Where a result was deleted since the row was read, the row says so by now. */
async function isMissing({ id, outcome }: Published, database: Database, storage: Storage): Promise<boolean> {
  const key = outcome?.storageKey ?? '';
  if (key === '' || (readKey(key) !== null && (await storage.stat(key)) !== null)) return false;
  const [now] = await database.query<Published>(findOwners, [[id]]);
  return now?.outcome?.storageKey === key;
}
