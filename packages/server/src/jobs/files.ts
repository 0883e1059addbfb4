import { type FileLink, slotOf } from '../links/links.ts';
import type { Clock } from '../platform/clock.ts';
import { partsOf, readKey } from '../storage/key.ts';
import { nothingNeeded, type Needed, type Storage, type StoredFile } from '../storage/storage.ts';
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
  /** Deletes an upload that nobody was told of. */
  discard(link: FileLink): Promise<void>;
  /**
   * Deletes it: from now on the link stands for nothing, and its bytes are gone, but those that an accepted job still needs, which go
   * with the job. False where there was nothing.
   */
  delete(link: FileLink): Promise<boolean>;
}

export interface FilesParts {
  readonly storage: Storage;
  readonly queue: Pick<Queue, 'findByResult' | 'forgetResult'>;
  readonly clock: Clock;
  /** Which keys accepted jobs need. */
  readonly needed: Needed;
  readonly quotas: Quotas;
}

/** Judges the expiry of links, and whose bytes a result is. Whose link it is, the caller judges. */
export function createFiles({ storage, queue, clock, needed, quotas }: FilesParts): Files {
  async function find(link: FileLink): Promise<StoredFile | null> {
    if (link.expiresAt <= clock.now()) return null;
    if (link.kind === 'upload') return storage.find(slotOf(link));
    const job = await queue.findByResult(link.id);
    const key = job?.status === 'success' ? (job.outcome?.storageKey ?? '') : '';
    // The keys of an earlier version of this server had another form, and what they meant is gone.
    return readKey(key) === null ? null : storage.stat(key);
  }

  return {
    put: (link, bytes, bytesMax, declaredBytes) =>
      quotas.upload(link, bytes, declaredBytes, (counted) => storage.put(slotOf(link), counted, bytesMax)),
    find,
    async discard(link) {
      await storage.delete(slotOf(link), nothingNeeded);
      await quotas.forget(link.tenant, slotOf(link));
    },
    async delete(link) {
      const file = await find(link);
      if (file === null) return false;
      // First the row: nobody is to be told of bytes that are gone.
      if (link.kind === 'result') await queue.forgetResult(link.id);
      const { slot } = partsOf(file.key);
      await storage.delete(slot, needed);
      await quotas.forget(link.tenant, slot);
      return true;
    },
  };
}

/** Whether a key is of what this link stands for, or stood for. */
export function isOf(link: FileLink, key: string): boolean {
  const slot = readKey(key)?.slot ?? '';
  return link.kind === 'upload' ? slot === slotOf(link) : slot.startsWith(`${slotOf(link)}-`);
}
