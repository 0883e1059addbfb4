import { type FileHandle, open } from 'node:fs/promises';

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
  await using handle = await open(directory, 'r');
  await handle.sync();
}

const gatheredBytesMax = 256 * 1024;
const gatheredChunksMax = 64;

/**
 * Writes all chunks, several in one system call: a TLS record brings 16 KB at the most. `admit` hears the total before a chunk
 * is kept, and throws to stop.
 */
export async function writeAll(
  handle: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  admit: (totalBytes: number) => void,
): Promise<void> {
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let totalBytes = 0;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    totalBytes += chunk.length;
    admit(totalBytes);
    gathered.push(chunk);
    gatheredBytes += chunk.length;
    if (gatheredBytes < gatheredBytesMax && gathered.length < gatheredChunksMax) continue;
    await writeGathered(handle, gathered, gatheredBytes);
    gathered = [];
    gatheredBytes = 0;
  }
  if (gatheredBytes > 0) await writeGathered(handle, gathered, gatheredBytes);
}

/** A vectored write may be short, on a full disk for one; the rest then says why. */
async function writeGathered(
  handle: FileHandle,
  chunks: readonly Uint8Array[],
  bytes: number,
): Promise<void> {
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten === bytes) return;
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  await handle.writeFile(rest);
}
