import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { chmod, lstat, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Log } from '../platform/log.ts';

/** Where the boxes of this process lie. */
export interface BoxDirectory {
  /** A path that no box has had. */
  next(): string;
  close(): Promise<void>;
}

/**
 * Makes a folder for the boxes of this process, and removes those of processes that have ended without doing so. Each folder
 * holds a socket that its process listens on: the kernel knows whether somebody does, across containers and after a reuse of
 * process ids.
 */
export async function openBoxDirectory(directory: string, log: Log): Promise<BoxDirectory> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const name = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const own = join(directory, name);
  const swept = sweep(directory, log).catch((error: unknown) => {
    log.warn('old boxes cannot be looked at', { reason: String(error) });
  });
  // The folder gets its name when the socket is there, so that a folder without one belongs to nobody.
  mkdirSync(`${own}.new`, { mode: 0o700 });
  const server = createServer((socket) => socket.destroy()).unref();
  await withShortPath(`${own}.new`, (folder) => {
    return new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(join(folder, 'alive'), resolve);
    });
  });
  await rename(`${own}.new`, own);
  let count = 0;
  return {
    next: () => join(own, String((count += 1))),
    close: async () => {
      await swept;
      server.close();
      await removeTree(own);
    },
  };
}

/** Removes a folder, also one whose owner has closed folders in it to himself. Follows no link. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openFolders(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await openFolders(join(path, name));
}

const ownName = /^\d+-[0-9a-f]{16}$/;

async function sweep(directory: string, log: Log): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!(await isDead(join(directory, name), name))) continue;
    log.info('removing the boxes of a server that has ended', { name });
    await removeTree(join(directory, name)).catch((error: unknown) => {
      log.warn('boxes of a server that has ended cannot be removed', { name, reason: String(error) });
    });
  }
}

async function isDead(folder: string, name: string): Promise<boolean> {
  if (ownName.test(name)) return !(await isListening(folder));
  // Unfinished folders and those of probes have no socket: nobody needs one for an hour.
  const { mtimeMs } = await lstat(folder).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > 3_600_000;
}

/** Whether a process listens in this folder. When in doubt, yes. */
function isListening(folder: string): Promise<boolean> {
  return withShortPath(folder, (short) => {
    return new Promise((resolve) => {
      const socket = connect(join(short, 'alive'));
      socket.once('connect', () => resolve(true));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => {
        resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
      });
      socket.once('close', () => socket.destroy());
      socket.once('connect', () => socket.destroy());
    });
  });
}

/** The path of a socket may have 107 bytes, that of a data directory more. */
async function withShortPath<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  if (process.platform !== 'linux' || Buffer.byteLength(folder) < 90) return use(folder);
  const descriptor = openSync(folder, 'r');
  try {
    return await use(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}
