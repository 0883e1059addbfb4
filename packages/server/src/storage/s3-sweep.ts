import { minuteText } from '../platform/clock.ts';
import { readKey } from './key.ts';
import type { Bucket } from './s3-bucket.ts';
import type { Needed } from './storage.ts';

/** Who saw a version in its slot may take so long to say that it is needed. */
const graceMs = 60_000;
/** Each look at all that is stored costs a request for a thousand objects. */
const lookMs = 300_000;
/** Uploads in parts of which nobody has heard for so long are those of dead processes. */
const abandonedAfterMs = 60 * 60_000;
const askMax = 1_000;
const strayMax = 100_000;

const deletedSuffix = '.deleted';

/** Name of an object without bytes, that says that a slot was deleted up to this version, which may still be needed. */
export function deletedMark(key: string): string {
  return key + deletedSuffix;
}

/** What an object is: a version of a slot, or the mark that it was deleted; null for what is not ours. */
export function readName(name: string): { readonly slot: string; readonly isVersion: boolean } | null {
  const isVersion = !name.endsWith(deletedSuffix);
  const slot = readKey(isVersion ? name : name.slice(0, -deletedSuffix.length))?.slot;
  return slot === undefined ? null : { slot, isVersion };
}

/** Deletes what nothing stands for any more. `running` are the uploads in parts of this process. */
export function createS3Sweep(
  bucket: Bucket,
  running: ReadonlySet<string>,
): (now: Date, needed: Needed) => Promise<number> {
  /** With the time when each was seen first. */
  const stray = new Map<string, number>();
  let lookedMs = Number.NEGATIVE_INFINITY;

  async function past(minute: string, needed: Needed): Promise<number> {
    let count = 0;
    // Minutes sort by their time.
    for await (const folder of bucket.folders()) {
      if (!/^\d{12}$/.test(folder)) continue;
      if (folder > minute) break;
      let names: string[] = [];
      for await (const { name } of bucket.list(`${folder}/`)) {
        if (readName(name) === null) continue;
        names.push(name);
        if (names.length < askMax) continue;
        count += await remove(names, needed);
        names = [];
      }
      count += await remove(names, needed);
    }
    return count;
  }

  /** Gives the number of versions that are gone. */
  async function remove(names: readonly string[], needed: Needed): Promise<number> {
    const versions = names.filter((name) => readName(name)?.isVersion === true);
    const kept = await needed(versions);
    const gone = names.filter((name) => !kept.has(name));
    await bucket.delete(gone);
    for (const name of gone) stray.delete(name);
    return gone.filter((name) => readName(name)?.isVersion === true).length;
  }

  async function look(minute: string, nowMs: number): Promise<void> {
    let slot: string | undefined;
    let names: string[] = [];
    const judge = () => {
      for (const name of strayOf(names))
        if (stray.size < strayMax && !stray.has(name)) stray.set(name, nowMs);
    };
    // All names in this minute begin with it and a slash, and a zero is what comes next.
    for await (const { name } of bucket.list('', `${minute}0`)) {
      const read = readName(name);
      if (read === null) continue;
      if (read.slot !== slot) {
        judge();
        names = [];
        slot = read.slot;
      }
      names.push(name);
    }
    judge();
  }

  /** Looks again before it removes: what was the newest may be gone since. */
  async function removeStray(nowMs: number, needed: Needed): Promise<number> {
    const due = [...stray].filter(([, since]) => nowMs - since >= graceMs).map(([name]) => name);
    const slots = new Set(due.flatMap((name) => readName(name)?.slot ?? []));
    const still = new Set<string>();
    for (const slot of slots) {
      const names: string[] = [];
      for await (const { name } of bucket.list(`${slot}.`)) if (readName(name) !== null) names.push(name);
      for (const name of strayOf(names)) still.add(name);
    }
    for (const name of due) if (!still.has(name)) stray.delete(name);
    let count = 0;
    const names = due.filter((name) => still.has(name));
    for (let at = 0; at < names.length; at += askMax)
      count += await remove(names.slice(at, at + askMax), needed);
    return count;
  }

  async function abortAbandoned(nowMs: number): Promise<void> {
    for await (const { name, id, begunAt } of bucket.uploads()) {
      if (readName(name) === null || running.has(id) || nowMs - begunAt.getTime() < abandonedAfterMs)
        continue;
      const last = await bucket.lastPartAt(name, id);
      if (last === undefined || nowMs - last.getTime() >= abandonedAfterMs)
        await bucket.abortUpload(name, id);
    }
  }

  return async (now, needed) => {
    const nowMs = now.getTime();
    const minute = minuteText(nowMs);
    let count = await past(minute, needed);
    for (const name of stray.keys()) if (name.slice(0, minute.length) <= minute) stray.delete(name);
    if (Math.abs(nowMs - lookedMs) >= lookMs) {
      await look(minute, nowMs);
      await abortAbandoned(nowMs);
      lookedMs = nowMs;
    }
    count += await removeStray(nowMs, needed);
    return count;
  };
}

/** Of the names of one slot, in order, those that are not its newest version; a mark stays as long as it hides something. */
function strayOf(names: readonly string[]): string[] {
  const newest = names.at(-1);
  return newest !== undefined && names.length === 1 && readName(newest)?.isVersion === false
    ? [newest]
    : names.slice(0, -1);
}
