import { createHash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
} from 'node:fs';
import { Failure, limitText } from '../errors.ts';
import { syncFile, writeAll } from './durable.ts';
import type { Room } from './room.ts';

const fileMode = 0o644;

export interface Writing {
  readonly bytesMax: number;
  readonly room: Room;
  /** Whether it has to survive a power loss. */
  readonly durable: boolean;
  /** Done while it waits for the disk. */
  readonly beside?: (sha256: string) => Promise<void>;
}

/**
 * Writes bytes to a path on local disk where nothing is yet. Throws the Failure `uploadTooLarge` past `bytesMax`, and rethrows what the
 * stream throws; then a part of them may be left there.
 */
export async function writeNew(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  { bytesMax, room, durable, beside }: Writing,
): Promise<{ readonly sha256: string; readonly stats: BigIntStats }> {
  const fd = openSync(path, 'wx', fileMode);
  const digest = createHash('sha256');
  try {
    await writeAll(fd, bytes, (chunk, total) => {
      if (total > bytesMax) throw new Failure('uploadTooLarge', { limit: limitText(bytesMax) });
      room.take(chunk.length);
      digest.update(chunk);
    });
    const stats = fstatSync(fd, { bigint: true });
    takeOver(fd, stats);
    const sha256 = digest.digest('hex');
    // Both have to have ended before anything is cleaned up.
    const waits = await Promise.allSettled([durable && syncFile(fd), beside?.(sha256)]);
    for (const wait of waits) if (wait.status === 'rejected') throw wait.reason;
    return { sha256, stats };
  } finally {
    closeSync(fd);
  }
}

/** Opens a finished file. A box wrote it, which may be hostile: no link is followed, and only a plain file is taken. */
export function openPlain(path: string): { readonly fd: number; readonly stats: BigIntStats } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) throw new Error(`The result of a job is no plain file: ${path}`);
    if (lstatSync(path, { bigint: true }).ino !== stats.ino)
      throw new Error(`The result of a job was exchanged meanwhile: ${path}`);
    return { fd, stats };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A box may run as another user, who has to read the files but must not change them; the umask is not asked. */
export function takeOver(fd: number, stats: BigIntStats): void {
  const user = process.geteuid?.();
  if (user === 0 && stats.uid !== 0n) fchownSync(fd, 0, process.getegid?.() ?? 0);
  if ((Number(stats.mode) & 0o7777) !== fileMode) fchmodSync(fd, fileMode);
}
