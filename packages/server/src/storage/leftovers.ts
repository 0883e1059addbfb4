import { createHash, randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const abandonedAfterMs = 60 * 60_000;

/** Name of a temporary file: it says which process on which host is writing it. */
export function temporaryName(): string {
  return `${host}.${process.pid}.${randomBytes(12).toString('hex')}`;
}

/**
 * Removes what dead processes left behind. Another server may be at work in the same directory, so a file stays while its
 * process lives; one of another host, whose processes cannot be seen, stays for an hour after its last write.
 */
export async function removeLeftovers(directory: string, own: 'live' | 'left over'): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (isDead(name, own) || (await isAbandoned(path))) await rm(path, { force: true });
  }
}

function isDead(name: string, own: 'live' | 'left over'): boolean {
  const [writer, pid] = name.split('.');
  if (writer !== host) return false;
  return Number(pid) === process.pid ? own === 'left over' : !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  // The time of the file system against our own: both are of the machines that run the server, an hour leaves room for drift.
  return stats !== null && Date.now() - stats.mtimeMs > abandonedAfterMs;
}
