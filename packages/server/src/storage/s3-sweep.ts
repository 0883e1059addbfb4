import { minuteText } from '../platform/clock.ts';
import type { Bucket, Listed } from './s3-bucket.ts';
import { isLasting, readName, viewOf } from './s3-name.ts';
import type { Needed } from './storage.ts';

/** Who saw a version in its slot may take so long to say that it is needed. */
const graceMs = 60_000;
/** Each look at all that is stored costs a request for a thousand objects. */
const lookMs = 300_000;
/** Uploads in parts of which nobody has heard for so long are those of dead processes. */
const abandonedAfterMs = 60 * 60_000;
/** Who begins to send by a link in its last minute may take so long; what comes later still counts. */
const sendingMs = 60 * 60_000;
const askMax = 1_000;
const strayMax = 100_000;

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

  /** Gives the number of files that are gone. */
  async function remove(names: readonly string[], needed: Needed): Promise<number> {
    const kept = await needed(names.filter((name) => readName(name)?.kind === 'version'));
    const gone = names.filter((name) => !kept.has(name));
    await bucket.delete(gone);
    for (const name of gone) stray.delete(name);
    return gone.filter((name) => readName(name)?.kind !== 'mark').length;
  }

  async function look(minute: string, nowMs: number): Promise<void> {
    let slot = '';
    let listed: Listed[] = [];
    const judge = () => {
      for (const name of strayOf(slot, listed, nowMs))
        if (stray.size < strayMax && !stray.has(name)) stray.set(name, nowMs);
    };
    // All names in this minute begin with it and a slash, and a zero is what comes next.
    for await (const one of bucket.list('', `${minute}0`)) {
      const read = readName(one.name);
      if (read === null) continue;
      if (read.slot !== slot) {
        judge();
        listed = [];
        slot = read.slot;
      }
      listed.push(one);
    }
    judge();
  }

  /** Looks again before it removes: what was the newest may be gone since. */
  async function removeStray(nowMs: number, needed: Needed): Promise<number> {
    const due = [...stray].filter(([, since]) => nowMs - since >= graceMs).map(([name]) => name);
    const slots = new Set(due.flatMap((name) => readName(name)?.slot ?? []));
    const still = new Set<string>();
    for (const slot of slots) {
      const listed: Listed[] = [];
      for await (const one of bucket.list(`${slot}.`)) listed.push(one);
      for (const name of strayOf(slot, listed, nowMs)) still.add(name);
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

/**
 * What is there of one slot, but its newest version; a mark stays as long as it hides something, and what came by a link until nobody can
 * send there any more.
 */
function strayOf(slot: string, listed: readonly Listed[], nowMs: number): string[] {
  const { versions, marks, newest, incoming, isNews } = viewOf(slot, listed);
  const isMarkAlone = versions.length === 0 && newest !== undefined && !isLasting(newest);
  const old = [...versions, ...marks].filter((name) => name !== newest || isMarkAlone);
  const read = incoming && readName(incoming.name);
  const isOver = read?.kind === 'incoming' && read.until <= minuteText(nowMs - sendingMs);
  return incoming !== undefined && isOver && !isNews ? [...old, incoming.name] : old;
}
