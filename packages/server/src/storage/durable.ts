import { closeSync, fsync, openSync, write, writev, writevSync } from 'node:fs';
import { promisify } from 'node:util';

/** Resolves when the bytes and attributes of an open file would survive a power loss. */
export const syncFile: (fd: number) => Promise<void> = promisify(fsync);
const writeSome = promisify(write);
const writeMany = promisify(writev);

/**
 * Makes the names in a directory survive a power loss. Callers that come while one fsync runs share the next one: it begins
 * after their rename, so it covers them, and a hundred uploads at once cost two.
 */
export function createDirectorySync(): (directory: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  const start = (directory: string): Promise<void> => {
    const sync = syncDirectory(directory).finally(() => running.delete(directory));
    running.set(directory, sync);
    return sync;
  };
  return (directory) => {
    const current = running.get(directory);
    if (current === undefined) return start(directory);
    const waiting = next.get(directory);
    if (waiting !== undefined) return waiting;
    const after = current
      .catch(() => {})
      .then(() => {
        next.delete(directory);
        return start(directory);
      });
    next.set(directory, after);
    return after;
  };
}

async function syncDirectory(directory: string): Promise<void> {
  const fd = openSync(directory, 'r');
  try {
    await syncFile(fd);
  } finally {
    closeSync(fd);
  }
}

const gatheredBytesMax = 256 * 1024;
const gatheredChunksMax = 64;

/**
 * Writes all chunks, several in one system call: a TLS record brings 16 KB at the most. `admit` gets each chunk and the
 * total before it is kept, and throws to stop. A small file goes to the page cache at once; of a large one, which may have to wait for the disk,
 * each piece is written on another thread.
 */
export async function writeAll(
  fd: number,
  chunks: AsyncIterable<Uint8Array>,
  admit: (chunk: Uint8Array, totalBytes: number) => void,
): Promise<void> {
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let totalBytes = 0;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    totalBytes += chunk.length;
    admit(chunk, totalBytes);
    gathered.push(chunk);
    gatheredBytes += chunk.length;
    if (gatheredBytes < gatheredBytesMax && gathered.length < gatheredChunksMax) continue;
    await writeRest(fd, gathered, (await writeMany(fd, gathered)).bytesWritten);
    gathered = [];
    gatheredBytes = 0;
  }
  if (gatheredBytes === 0) return;
  const small = gatheredBytes === totalBytes;
  const written = small ? writevSync(fd, gathered) : (await writeMany(fd, gathered)).bytesWritten;
  await writeRest(fd, gathered, written);
}

/** A vectored write may be short, on a full disk for one; the next one then says why. */
async function writeRest(fd: number, chunks: readonly Uint8Array[], bytesWritten: number): Promise<void> {
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (bytesWritten === total) return;
  let rest = Buffer.concat(chunks).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await writeSome(fd, rest)).bytesWritten);
}
