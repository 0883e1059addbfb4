import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { minuteText } from '../platform/clock.ts';
import { codeOf } from './failed.ts';
import { readKey } from './key.ts';
import { isSlotName, leadsTo, newestOf, slotNameOf } from './slot.ts';
import type { Needed } from './storage.ts';

/** Who saw a version in its slot may take so long to say that it is needed. */
const graceMs = 60_000;
/** Times of directories are coarse, and what changes in the same instant must not be overlooked. */
const settledMs = 2_000;
const askMax = 1_000;

/** What is known of the directory of one minute. */
interface Known {
  /** When it was last changed, as of the last look; nothing needs to be read again until then. */
  readonly changedMs: number | undefined;
  /** Names of versions that no slot leads to, and of slots that lead nowhere, with the time when that was seen first. */
  readonly stray: ReadonlyMap<string, number>;
}

/**
 * Sweeps the directories of minutes. Those whose minute has passed go; in the others what no slot leads to goes, when it has been so
 * for a while. A directory is read again only after it was changed: where nothing happens, a look costs one `stat` for each.
 */
export function createSweep(files: string): (now: Date, needed: Needed) => Promise<number> {
  const known = new Map<string, Known>();

  async function live(minute: string, nowMs: number, needed: Needed): Promise<number> {
    const directory = join(files, minute);
    const { mtimeMs } = await stat(directory);
    const before = known.get(minute);
    const names = before?.changedMs === mtimeMs ? [...before.stray.keys()] : await strayIn(directory);
    const stray = new Map(names.map((name) => [name, before?.stray.get(name) ?? nowMs]));
    const due = names.filter((name) => nowMs - (stray.get(name) ?? nowMs) >= graceMs);
    const gone = due.length === 0 ? [] : await removeStray(minute, directory, due, needed);
    for (const name of gone) stray.delete(name);
    const settled = Date.now() - mtimeMs > settledMs && gone.length === 0;
    known.set(minute, { changedMs: settled ? mtimeMs : undefined, stray });
    return gone.length;
  }

  async function one(minute: string, now: Date, needed: Needed): Promise<number> {
    try {
      if (minute > minuteText(now.getTime())) return await live(minute, now.getTime(), needed);
      known.delete(minute);
      return await removeMinute(minute, join(files, minute), needed);
    } catch (error) {
      // Another process was faster.
      if (codeOf(error) === 'ENOENT') return 0;
      throw error;
    }
  }

  return async (now, needed) => {
    let count = 0;
    const minutes = await readdir(files);
    for (const minute of known.keys()) if (!minutes.includes(minute)) known.delete(minute);
    for (const minute of minutes) {
      if (/^\d{12}$/.test(minute)) count += await one(minute, now, needed);
      // An earlier version had directories of hours.
      else if (/^\d{10}$/.test(minute) && minute < minuteText(now.getTime()).slice(0, 10))
        await rm(join(files, minute), { recursive: true, force: true });
    }
    return count;
  };
}

/** Versions that are not the newest of their slot, or have none, and slots without a version. */
async function strayIn(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  const slots = new Set(names.filter(isSlotName));
  const versions = new Map<string, string[]>();
  for (const name of names) {
    if (isSlotName(name)) continue;
    const of = versions.get(slotNameOf(name));
    if (of === undefined) versions.set(slotNameOf(name), [name]);
    else of.push(name);
  }
  const stray: string[] = [...slots].filter((slot) => !versions.has(slot));
  for (const [slot, of] of versions) {
    // The one version of a slot is the one that it leads to.
    if (of.length === 1 && slots.has(slot)) continue;
    stray.push(...of.filter((name) => !leadsTo(join(directory, slot), join(directory, name))));
  }
  return stray;
}

/** Looks again before it removes: a slot, or a version of it, may have come since. */
async function removeStray(
  minute: string,
  directory: string,
  due: readonly string[],
  needed: Needed,
): Promise<string[]> {
  const names = await readdir(directory);
  const isStray = (name: string) =>
    isSlotName(name)
      ? newestOf(join(directory, name), names) === undefined
      : !leadsTo(join(directory, slotNameOf(name)), join(directory, name));
  const stray = due.filter(isStray);
  const kept = await neededOf(minute, stray, needed);
  const gone = stray.filter((name) => !kept.has(name));
  for (const name of gone) await rm(join(directory, name), { force: true });
  return gone;
}

/** Gives the number of versions that are gone. */
async function removeMinute(minute: string, directory: string, needed: Needed): Promise<number> {
  const names = await readdir(directory);
  const kept = await neededOf(minute, names, needed);
  const versions = names.filter((name) => readKey(`${minute}/${name}`) !== null && !kept.has(name));
  if (kept.size === 0) {
    await rm(directory, { recursive: true, force: true });
    return versions.length;
  }
  for (const name of names) if (!kept.has(name)) await rm(join(directory, name), { force: true });
  return versions.length;
}

async function neededOf(minute: string, names: readonly string[], needed: Needed): Promise<Set<string>> {
  const keys = names.map((name) => `${minute}/${name}`).filter((key) => readKey(key) !== null);
  const kept = new Set<string>();
  for (let at = 0; at < keys.length; at += askMax) {
    for (const key of await needed(keys.slice(at, at + askMax))) kept.add(key.slice(minute.length + 1));
  }
  return kept;
}
