import { statfsSync } from 'node:fs';
import { Failure } from '../errors.ts';

/** How much may still be written to a disk, so that what must be written always can be: the ends of jobs, and the database. */
export interface Room {
  /** Says that so many bytes are about to be written; 0 only asks. Throws the Failure `storageFull` where there is no room for them. */
  take(bytes: number): void;
  /** A sentence for the operator where there is none; undefined otherwise. */
  says(): string | undefined;
}

export const endlessRoom: Room = { take: () => {}, says: () => undefined };

const lookMs = 1_000;
/** How often it looks while there is no room. */
const againMs = 20;
const megabyte = 1024 * 1024;

/**
 * Looks at the disk once a second at the most, and counts what is written in between: the mark is not passed by many uploads that
 * begin at the same time. As soon as there is space again, there is room.
 */
export function createRoom({
  directory,
  freeBytesMin,
}: {
  readonly directory: string;
  readonly freeBytesMin: number;
}): Room {
  if (freeBytesMin === 0) return endlessRoom;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let freeBytes = 0;

  function look(afterMs: number): void {
    if (performance.now() - lookedAt < afterMs) return;
    const { bavail, bsize } = statfsSync(directory);
    freeBytes = bavail * bsize;
    lookedAt = performance.now();
  }

  function has(bytes: number): boolean {
    look(lookMs);
    // Somebody may have made space since.
    if (freeBytes - bytes < freeBytesMin) look(againMs);
    return freeBytes - bytes >= freeBytesMin;
  }

  const sentence = `Less than ${Math.round(freeBytesMin / megabyte)} MB are free on the disk of ${directory}: uploads and new jobs are refused. Free some space, or lower OCTAVO_DISK_FREE_MB.`;
  return {
    says: () => (has(0) ? undefined : sentence),
    take(bytes) {
      if (!has(bytes)) throw new Failure('storageFull', {}, { detail: sentence });
      freeBytes -= bytes;
    },
  };
}
