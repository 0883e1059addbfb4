import { randomBytes } from 'node:crypto';
import { type FileLink, partSlot, slotOf, slotsOfResult, wholeMinutes } from '../links/links.ts';
import type { Clock } from '../platform/clock.ts';
import { partsOf, readKey } from '../storage/key.ts';
import {
  nothingNeeded,
  type Needed,
  type Storage,
  type StoredFile,
  type UploadLinkOptions,
} from '../storage/storage.ts';
import type { Queue } from './job.ts';
import type { Quotas } from './quotas.ts';

/** The files that links stand for: uploads by their slot, results by the row of their job. */
export interface Files {
  /**
   * Stores what comes for an upload, see `Storage.put`; `declaredBytes` is what the client says of its length. Throws `quotaReached`
   * where the owner of the link has no room for it.
   */
  put(
    link: FileLink,
    bytes: AsyncIterable<Uint8Array>,
    bytesMax: number,
    declaredBytes?: number,
  ): Promise<StoredFile>;
  /** What the link stands for now; null where that is nothing yet, or nothing any more. */
  find(link: FileLink): Promise<StoredFile | null>;
  /** Whether there is something for `find`, which is not made ready for it. */
  has(link: FileLink): Promise<boolean>;
  /**
   * A link of storage itself for an upload; null where it has none for so many bytes. Throws `quotaReached` where the owner of the link
   * has no room for them.
   */
  uploadLink(link: FileLink, how: UploadLinkOptions): Promise<string | null>;
  /** Deletes an upload that nobody was told of. */
  discard(link: FileLink): Promise<void>;
  /**
   * Deletes it: from now on the link stands for nothing, and its bytes are gone, but those that an accepted job still needs, which go
   * with the job. The list of several files goes with all of them. False where there was nothing.
   */
  delete(link: FileLink): Promise<boolean>;
  /** Stores bytes as a new upload, as `put` does. */
  store(upload: NewUpload, bytes: AsyncIterable<Uint8Array>): Promise<FileLink>;
  /**
   * A link to this upload that lasts so many minutes from now on: the same one, where it nearly does, or one to a copy. Null where
   * there is nothing.
   */
  keep(link: FileLink, minutes: number): Promise<FileLink | null>;
}

/** Whose an upload is, and what it may be. */
export interface NewUpload {
  readonly tenant: number;
  /** How long it is kept. */
  readonly minutes: number;
  readonly bytesMax: number;
}

/** A link to an upload that nobody has yet, which leads to nothing until something is stored. */
export function newUpload(tenant: number, expiresAtMs: number): FileLink {
  return {
    kind: 'upload',
    id: randomBytes(16).toString('hex'),
    tenant,
    expiresAt: wholeMinutes(expiresAtMs),
  };
}

export interface FilesParts {
  readonly storage: Storage;
  readonly queue: Pick<Queue, 'findByResult' | 'forgetResult'>;
  readonly clock: Clock;
  /** Which keys accepted jobs need. */
  readonly needed: Needed;
  readonly quotas: Quotas;
}

const minuteMs = 60_000;

/** Judges the expiry of links, and whose bytes a result is. Whose link it is, the caller judges. */
export function createFiles({ storage, queue, clock, needed, quotas }: FilesParts): Files {
  async function find(link: FileLink): Promise<StoredFile | null> {
    if (link.expiresAt <= clock.now()) return null;
    if (link.kind === 'upload') return storage.find(slotOf(link));
    const job = await queue.findByResult(link.id);
    const { storageKey = '', parts = 0 } = job?.status === 'success' ? (job.outcome ?? {}) : {};
    const slot = readKey(storageKey)?.slot;
    // The keys of an earlier version of this server had another form, and what they meant is gone.
    if (slot === undefined) return null;
    if (link.part === undefined) return storage.stat(storageKey);
    return link.part <= parts ? storage.find(partSlot(slot, link.part)) : null;
  }

  /** Where its bytes lie; null where there are none. */
  async function slotIn(link: FileLink): Promise<string | null> {
    if (link.kind === 'result') {
      const file = await find(link);
      return file && partsOf(file.key).slot;
    }
    const isThere = link.expiresAt > clock.now() && (await storage.sizeOf(slotOf(link))) !== null;
    return isThere ? slotOf(link) : null;
  }

  const put: Files['put'] = (link, bytes, bytesMax, declaredBytes) =>
    quotas.upload(link, bytes, declaredBytes, (counted) => storage.put(slotOf(link), counted, bytesMax));

  async function store({ tenant, minutes, bytesMax }: NewUpload, bytes: AsyncIterable<Uint8Array>) {
    const link = newUpload(tenant, clock.now() + minutes * minuteMs);
    await put(link, bytes, bytesMax);
    return link;
  }

  return {
    put,
    find,
    has: async (link) => (await slotIn(link)) !== null,
    async uploadLink(link, how) {
      const made = (await storage.uploadLink?.(slotOf(link), how)) ?? null;
      // What is refused here has made a link that nobody was told of.
      if (made !== null) await quotas.expect(link, how.sizeBytes, new Date(how.until));
      return made;
    },
    async discard(link) {
      await removeSlots([slotOf(link)], link.tenant, { storage, quotas, needed: nothingNeeded });
    },
    store,
    async keep(link, minutes) {
      const now = clock.now();
      // An upload takes a while, and its link was made when it began: half of what was asked for has to be left.
      const nearly = link.expiresAt >= now + (minutes * minuteMs) / 2;
      if (nearly && link.expiresAt <= wholeMinutes(now + minutes * minuteMs)) return link;
      const file = await find(link);
      const bytes = file && (await storage.read(file.key));
      if (bytes === null) return null;
      try {
        return await store({ tenant: link.tenant, minutes, bytesMax: Number.MAX_SAFE_INTEGER }, bytes);
      } finally {
        bytes.destroy();
      }
    },
    async delete(link) {
      const slot = await slotIn(link);
      if (slot === null) return false;
      const isWhole = link.kind === 'result' && link.part === undefined;
      const count = isWhole ? ((await queue.findByResult(link.id))?.outcome?.parts ?? 0) : 0;
      // First the row: nobody is to be told of bytes that are gone.
      if (isWhole) await queue.forgetResult(link.id);
      await removeSlots(slotsOfResult(slot, count), link.tenant, { storage, quotas, needed });
      return true;
    },
  };
}

/** Deletes what lies in slots of a tenant, but what is needed, and counts it no more. */
export async function removeSlots(
  slots: readonly string[],
  tenant: number,
  { storage, quotas, needed }: Pick<FilesParts, 'storage' | 'quotas' | 'needed'>,
): Promise<void> {
  for (const slot of slots) {
    await storage.delete(slot, needed);
    await quotas.forget(tenant, slot);
  }
}

/** Whether a key is of what this link stands for, or stood for. */
export function isOf(link: FileLink, key: string): boolean {
  const slot = readKey(key)?.slot ?? '';
  const whole = slotOf(link);
  if (link.kind === 'upload') return slot === whole;
  // The link does not know which attempt it was.
  const [attempt, part] =
    (slot.startsWith(whole) && /^-\d+(?:-(\d+))?$/.exec(slot.slice(whole.length))) || [];
  return attempt !== undefined && part === link.part?.toString();
}
