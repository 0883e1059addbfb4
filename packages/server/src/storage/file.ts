import {
  type BigIntStats,
  closeSync,
  constants,
  createReadStream,
  fchmodSync,
  fchownSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure } from '../errors.ts';
import { createDirectorySync, syncFile, writeAll } from './durable.ts';
import { explain } from './failed.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import type { Storage, StoredFile } from './storage.ts';

const readBytes = 128 * 1024;
const fileMode = 0o644;
const directoryMode = 0o700;

/**
 * Storage on local disk: `<directory>/files/<expiry hour>/<name>`. A file is written beside them in `partial/`, made durable,
 * and renamed into its place, so that nobody sees a half of it and a crash leaves nothing but a leftover. Several processes
 * may use one directory. Throws a StorageError where it cannot be used.
 *
 * What only touches names and attributes is called synchronously: handing such a call to a thread takes several times as long as
 * the call. What moves bytes or waits for the disk is not.
 */
export async function createFileStorage({ directory }: { readonly directory: string }): Promise<Storage> {
  const explained = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error, directory);
    });
  const tree = new Tree(directory);
  await explained(tree.prepare());
  return {
    put: (key, bytes, bytesMax) => explained(tree.put(key, bytes, bytesMax)),
    adopt: (key, path) => explained(tree.adopt(key, path)),
    stat: (key) => explained(tree.stat(key)),
    read: (key, range) => explained(tree.read(key, range)),
    place: (key, path) => explained(tree.place(key, path)),
    delete: (key) => explained(tree.delete(key)),
    sweep: (hour) => explained(tree.sweep(hour)),
    probe: () => explained(tree.probe()),
  };
}

/** The storage with the errors of the file system as they are. */
class Tree implements Storage {
  readonly #root: string;
  readonly #files: string;
  readonly #partial: string;
  readonly #syncDirectory = createDirectorySync();
  /** Directories of hours that are known to be there, durably. */
  readonly #hours = new Set<string>();

  constructor(root: string) {
    this.#root = root;
    this.#files = join(root, 'files');
    this.#partial = join(root, 'partial');
  }

  async prepare(): Promise<void> {
    for (const directory of [this.#files, this.#partial]) {
      await mkdir(directory, { recursive: true, mode: directoryMode });
    }
    await this.#syncDirectory(this.#root);
    await removeLeftovers(this.#partial, 'left over');
  }

  async put(key: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredFile> {
    const to = this.#pathOf(key);
    const from = join(this.#partial, temporaryName());
    try {
      const stored = await writeDurably(from, bytes, bytesMax);
      await this.#moveIn(from, to);
      return stored;
    } catch (error) {
      await rm(from, { force: true }).catch(() => {});
      throw error;
    }
  }

  /**
   * Its name is there before its bytes are durable, unlike that of `put`: what is adopted is published by a row, which is written
   * after this resolves. So both waits for the disk are one.
   */
  async adopt(key: string, from: string): Promise<StoredFile> {
    const to = this.#pathOf(key);
    const { fd, stats } = openPlain(from);
    try {
      takeOver(fd, stats);
      await this.#rename(from, to);
      await Promise.all([syncFile(fd), this.#syncDirectory(dirname(to))]);
      return describe(stats);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      const copied = await this.put(key, createReadStream(from), Number.MAX_SAFE_INTEGER);
      await rm(from);
      return copied;
    } finally {
      closeSync(fd);
    }
  }

  async stat(key: string): Promise<StoredFile | null> {
    const stats = statSync(this.#pathOf(key), { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : describe(stats);
  }

  async read(
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<Readable | null> {
    const path = this.#pathOf(key);
    const fd = orNull(() => openSync(path, 'r'));
    return fd === null ? null : createReadStream(path, { ...range, fd, highWaterMark: readBytes });
  }

  async place(key: string, to: string): Promise<StoredFile | null> {
    const from = this.#pathOf(key);
    try {
      await linkOrCopy(from, to);
    } catch (error) {
      // Either name may be the one that is missing.
      const missing = statSync(from, { throwIfNoEntry: false }) === undefined;
      if (codeOf(error) === 'ENOENT' && missing) return null;
      throw error;
    }
    return describe(statSync(to, { bigint: true }));
  }

  async delete(key: string): Promise<boolean> {
    const path = this.#pathOf(key);
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
    await rm(path, { force: true });
    return true;
  }

  async sweep(hour: string): Promise<number> {
    await removeLeftovers(this.#partial, 'live');
    const names = await readdir(this.#files);
    let count = 0;
    for (const name of names.filter((one) => /^\d{10}$/.test(one) && one < hour)) {
      const directory = join(this.#files, name);
      this.#hours.delete(directory);
      count += (await readdir(directory)).length;
      await rm(directory, { recursive: true, force: true });
    }
    return count;
  }

  async probe(): Promise<void> {
    const path = join(this.#partial, temporaryName());
    await writeDurably(path, oneByte(), 1);
    await rm(path);
  }

  #pathOf(key: string): string {
    if (!/^\d{10}\/[0-9a-z.]{1,200}$/.test(key) || key.includes('..')) throw new Error(`Not a key: ${key}`);
    return join(this.#files, key);
  }

  async #moveIn(from: string, to: string): Promise<void> {
    await this.#rename(from, to);
    await this.#syncDirectory(dirname(to));
  }

  /** A sweep, of this process or of another, may have taken the directory away since it was made. */
  async #rename(from: string, to: string): Promise<void> {
    const hour = dirname(to);
    await this.#makeHour(hour);
    try {
      renameSync(from, to);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      this.#hours.delete(hour);
      await this.#makeHour(hour);
      renameSync(from, to);
    }
  }

  async #makeHour(hour: string): Promise<void> {
    if (this.#hours.has(hour)) return;
    mkdirSync(hour, { recursive: true, mode: directoryMode });
    await this.#syncDirectory(this.#files);
    this.#hours.add(hour);
  }
}

async function writeDurably(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<StoredFile> {
  const fd = openSync(path, 'wx', fileMode);
  try {
    await writeAll(fd, bytes, (total) => {
      if (total > bytesMax) throw new Failure('uploadTooLarge', { limit: sizeText(bytesMax) });
    });
    const stats = fstatSync(fd, { bigint: true });
    takeOver(fd, stats);
    await syncFile(fd);
    return describe(stats);
  } finally {
    closeSync(fd);
  }
}

/** Opens a finished file. A box wrote it, which may be hostile: no link is followed, and only a plain file is taken. */
function openPlain(path: string): { readonly fd: number; readonly stats: BigIntStats } {
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
function takeOver(fd: number, stats: BigIntStats): void {
  const user = process.geteuid?.();
  if (user === 0 && stats.uid !== 0n) fchownSync(fd, 0, process.getegid?.() ?? 0);
  if ((Number(stats.mode) & 0o7777) !== fileMode) fchmodSync(fd, fileMode);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    linkSync(from, to);
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

function orNull<T>(call: () => T): T | null {
  try {
    return call();
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
