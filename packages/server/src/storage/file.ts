import { type BigIntStats, constants, createReadStream } from 'node:fs';
import {
  copyFile,
  link,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure } from '../errors.ts';
import { createDirectorySync, writeAll } from './durable.ts';
import { explain, StorageError } from './failed.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import type { Storage, StoredFile } from './storage.ts';

const fileMode = 0o644;
const directoryMode = 0o700;

/**
 * Storage on local disk: `<directory>/files/<expiry hour>/<name>`. A file is written beside them in `partial/`, made durable,
 * and renamed into its place, so that nobody sees a half of it and a crash leaves nothing but a leftover. Several processes
 * may use one directory.
 */
export async function createFileStorage(options: { readonly directory: string }): Promise<Storage> {
  const files = join(options.directory, 'files');
  const partial = join(options.directory, 'partial');
  const syncDirectory = createDirectorySync();
  const known = new Set<string>();
  const explained = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error, options.directory);
    });

  const pathOf = (key: string): string => {
    if (!/^\d{10}\/[0-9a-z.]{1,200}$/.test(key) || key.includes('..')) throw new Error(`Not a key: ${key}`);
    return join(files, key);
  };
  const makeHour = async (hour: string): Promise<void> => {
    if (known.has(hour)) return;
    await mkdir(hour, { recursive: true, mode: directoryMode });
    await syncDirectory(files);
    known.add(hour);
  };
  /** A sweep, of this process or of another, may have taken the directory away since. */
  const moveIn = async (from: string, to: string): Promise<void> => {
    const hour = dirname(to);
    await makeHour(hour);
    try {
      await rename(from, to);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      known.delete(hour);
      await makeHour(hour);
      await rename(from, to);
    }
    await syncDirectory(hour);
  };

  const put = async (
    key: string,
    bytes: AsyncIterable<Uint8Array>,
    bytesMax: number,
  ): Promise<StoredFile> => {
    const path = pathOf(key);
    const from = join(partial, temporaryName());
    try {
      const stored = await writeDurably(from, bytes, bytesMax);
      await moveIn(from, path);
      return stored;
    } catch (error) {
      await rm(from, { force: true }).catch(() => {});
      throw error;
    }
  };
  const adopt = async (key: string, from: string): Promise<StoredFile> => {
    const path = pathOf(key);
    const stored = await settle(from);
    try {
      await moveIn(from, path);
      return stored;
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      const copied = await put(key, createReadStream(from), Number.MAX_SAFE_INTEGER);
      await rm(from);
      return copied;
    }
  };
  const read = async (key: string, range?: { start: number; end: number }): Promise<Readable | null> => {
    const handle = await orNull(open(pathOf(key), 'r'));
    return handle === null ? null : handle.createReadStream({ ...range, highWaterMark: 128 * 1024 });
  };
  const place = async (key: string, to: string): Promise<StoredFile | null> => {
    const path = pathOf(key);
    try {
      await linkOrCopy(path, to);
    } catch (error) {
      // Either name may be the one that is missing.
      if (codeOf(error) === 'ENOENT' && (await orNull(stat(path))) === null) return null;
      throw error;
    }
    return describe(await stat(to, { bigint: true }));
  };
  const remove = async (key: string): Promise<boolean> =>
    (await orNull(rm(pathOf(key)).then(() => true))) ?? false;
  const sweep = async (hour: string): Promise<number> => {
    await removeLeftovers(partial, 'live');
    const names = await readdir(files);
    const old = names.filter((name) => /^\d{10}$/.test(name) && name < hour);
    let count = 0;
    for (const name of old) {
      const directory = join(files, name);
      known.delete(directory);
      count += (await orNull(readdir(directory)))?.length ?? 0;
      await rm(directory, { recursive: true, force: true });
    }
    return count;
  };
  const probe = async (): Promise<void> => {
    const path = join(partial, temporaryName());
    await writeDurably(path, oneByte(), 1);
    await rm(path);
  };

  await explained(
    (async () => {
      for (const directory of [files, partial])
        await mkdir(directory, { recursive: true, mode: directoryMode });
      await syncDirectory(options.directory);
      await removeLeftovers(partial, 'left over');
    })(),
  );
  return {
    put: (key, bytes, bytesMax) => explained(put(key, bytes, bytesMax)),
    adopt: (key, path) => explained(adopt(key, path)),
    stat: (key) => explained(orNull(stat(pathOf(key), { bigint: true }).then(describe))),
    read: (key, range) => explained(read(key, range)),
    place: (key, path) => explained(place(key, path)),
    delete: (key) => explained(remove(key)),
    sweep: (hour) => explained(sweep(hour)),
    probe: () => explained(probe()),
  };
}

async function writeDurably(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<StoredFile> {
  await using handle = await open(path, 'wx', fileMode);
  await writeAll(handle, bytes, (total) => {
    if (total > bytesMax) throw new Failure('uploadTooLarge', { limit: sizeText(bytesMax) });
  });
  const stats = await handle.stat({ bigint: true });
  await takeOver(handle, stats);
  await handle.sync();
  return describe(stats);
}

/**
 * Makes a finished file ours and durable. It was written by a box, which may be hostile: a link to elsewhere is not followed,
 * and only a plain file is taken.
 */
async function settle(path: string): Promise<StoredFile> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) throw new StorageError(`The result of a job is no plain file: ${path}`);
  await takeOver(handle, stats);
  await handle.sync();
  const named = await lstat(path, { bigint: true });
  if (named.ino !== stats.ino) throw new StorageError(`The result of a job was exchanged meanwhile: ${path}`);
  return describe(stats);
}

/** A box may run as another user, who has to read the files but must not change them; the umask is not asked. */
async function takeOver(handle: FileHandle, stats: BigIntStats): Promise<void> {
  const user = process.geteuid?.();
  if (user === 0 && stats.uid !== 0n) await handle.chown(0, process.getegid?.() ?? 0);
  if ((Number(stats.mode) & 0o7777) !== fileMode) await handle.chmod(fileMode);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Another file system, one without hard links, or too many of them.
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

/** A new file has a new inode and a new time, so the tag changes even where the size does not. */
function describe(stats: BigIntStats): StoredFile {
  return {
    sizeBytes: Number(stats.size),
    etag: [stats.size, stats.mtimeNs, stats.ino].map((part) => part.toString(36)).join('-'),
    storedAt: stats.mtime,
  };
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / (1024 * 1024))} MB` : `${bytes} bytes`;
}
