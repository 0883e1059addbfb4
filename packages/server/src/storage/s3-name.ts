import { minuteText } from '../platform/clock.ts';
import { partsOf, readKey, stampedVersion, stampIn, stampOf, timeOf } from './key.ts';
import type { Listed } from './s3-bucket.ts';
import type { UploadLinkOptions } from './storage.ts';

const deletedSuffix = '.deleted';
const incomingForm =
  /^(\d{12}\/[0-9a-z-]{1,100})\.incoming\/(\d{12})-(\d{1,15})\/[\w-]{1,100}\/[\w-]{1,100}\/[\w.-]{1,200}$/;
/** Behind all that could have been made of what was there. */
const lastDigest = 'f'.repeat(64);
const noStamp = '0000000';

/** What the name of an object says: it is a version of a slot, the mark that one was deleted, or what came for it by a link. */
export type Name =
  | { readonly kind: 'version' | 'mark'; readonly slot: string; readonly version: string }
  | {
      readonly kind: 'incoming';
      readonly slot: string;
      /** The minute after which nobody may begin to send. */
      readonly until: string;
      readonly sizeBytes: number;
    };

/** Null for what is not ours. */
export function readName(name: string): Name | null {
  const isMark = name.endsWith(deletedSuffix);
  const key = readKey(isMark ? name.slice(0, -deletedSuffix.length) : name);
  if (key !== null) return { kind: isMark ? 'mark' : 'version', slot: key.slot, version: key.version };
  const [, slot, until, sizeBytes] = incomingForm.exec(name) ?? [];
  if (slot === undefined || until === undefined) return null;
  return { kind: 'incoming', slot, until, sizeBytes: Number(sizeBytes) };
}

/** Name of an object without bytes, that says that a slot was deleted up to this version, which may still be needed. */
export function deletedMark(key: string): string {
  return key + deletedSuffix;
}

/** Where the bytes lie that come by a link: among the other names of its slot, so that one look finds all. */
export function incomingName(slot: string, { until, sizeBytes, end }: UploadLinkOptions): string {
  return `${slot}.incoming/${minuteText(until)}-${sizeBytes}/${end}`;
}

/** All that is there of one slot. */
export interface SlotView {
  readonly slot: string;
  /** In their order; a mark sorts behind what it hides. */
  readonly versions: readonly string[];
  readonly marks: readonly string[];
  /** The newest version, or the mark that hides it. */
  readonly newest: string | undefined;
  /** What came by a link. */
  readonly incoming: Listed | undefined;
  /** Whether the slot stands for that, and no version was made of it yet. */
  readonly isNews: boolean;
  readonly sizeBytes: number;
}

/** `listed` are the names that begin with the slot and a point, in order. */
export function viewOf(slot: string, listed: readonly Listed[]): SlotView {
  const versions: string[] = [];
  const marks: string[] = [];
  let newest: Listed | undefined;
  let incoming: Listed | undefined;
  let declaredBytes = 0;
  for (const one of listed) {
    const read = readName(one.name);
    if (read === null) continue;
    if (read.kind === 'incoming') [incoming, declaredBytes] = [one, read.sizeBytes];
    else {
      (read.kind === 'mark' ? marks : versions).push(one.name);
      newest = one;
    }
  }
  // The server has refused what is not as long as it was said to be; one that does not look at that has not.
  const isNews =
    incoming?.sizeBytes === declaredBytes &&
    (newest === undefined || stampIn(versionIn(newest.name)) !== stampOf(incoming.tag));
  const sizeBytes = (isNews ? incoming : newest)?.sizeBytes ?? 0;
  return { slot, versions, marks, newest: newest?.name, incoming, isNews, sizeBytes };
}

/**
 * Key of the version that is made of what came. Who makes one of the same at the same time makes another key: some servers copy without a
 * look at what they copy, and nobody may write to a key that somebody has seen.
 */
export function incomingKey({ slot, newest }: SlotView, { tag, storedAt }: Listed, sha256: string): string {
  const timeMs = Math.max(storedAt.getTime(), timeIn(newest) + 1);
  return `${slot}.${stampedVersion(timeMs, stampOf(tag))}.${sha256}`;
}

/**
 * The mark of a slot to which a link leads: it hides what others are just making of what came before, and stays until the slot's minute.
 * What comes later makes a later version.
 */
export function lastingMark({ slot, newest, incoming }: SlotView, nowMs: number): string {
  const timeMs = Math.max(nowMs, incoming?.storedAt.getTime() ?? 0, timeIn(newest)) + 2;
  return deletedMark(`${slot}.${stampedVersion(timeMs, noStamp)}.${lastDigest}`);
}

export function isLasting(mark: string): boolean {
  return mark.endsWith(lastDigest + deletedSuffix);
}

function versionIn(name: string): string {
  return partsOf(name.endsWith(deletedSuffix) ? name.slice(0, -deletedSuffix.length) : name).version;
}

function timeIn(name: string | undefined): number {
  return name === undefined ? 0 : timeOf(versionIn(name)).getTime();
}
