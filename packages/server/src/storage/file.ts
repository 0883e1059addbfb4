import {
  type BigIntStats,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { copyFile, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { minuteText } from '../platform/clock.ts';
import { createCheckedReader, digestOf, openedFile, type Range } from './check.ts';
import { createDirectorySync, syncFile } from './durable.ts';
import { codeOf, damaged, explain } from './failed.ts';
import { assertSlot, newKey, partsOf, readKey } from './key.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { openPlain, takeOver, writeNew } from './local.ts';
import { endlessRoom, type Room } from './room.ts';
import { etagOf, type Needed, type Storage, type StoredFile } from './storage.ts';
import { newestOf } from './slot.ts';
import { createSweep } from './sweep.ts';

const directoryMode = 0o700;
/** A slot that is replaced at this very moment leads to nothing for an instant. */
const looksMax = 5;

/**
 * Storage on local disk. Below `<directory>/files/<expiry minute>/` each version is a plain file, and its slot a symbolic link to
 * the newest of them (or, of a result, a second name of it). A file is written beside them in `partial/`, made durable, and renamed into its place, so that nobody sees a
 * half of it and a crash leaves nothing but a leftover. Several processes may use one directory. Throws a StorageError where it
 * cannot be used.
 *
 * What only touches names and attributes is called synchronously: handing such a call to a thread takes several times as long as
 * the call. What moves bytes or waits for the disk is not.
 */
export async function createFileStorage({
  directory,
  room = endlessRoom,
}: {
  readonly directory: string;
  readonly room?: Room;
}): Promise<Storage> {
  const explained = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error, directory);
    });
  const tree = new Tree(directory, room);
  await explained(tree.prepare());
  return {
    put: (slot, bytes, bytesMax) => explained(tree.put(slot, bytes, bytesMax)),
    adopt: (slot, path) => explained(tree.adopt(slot, path)),
    find: (slot) => explained(tree.find(slot)),
    sizeOf: (slot) => explained(tree.sizeOf(slot)),
    stat: (key) => explained(tree.stat(key)),
    read: (key, range) => explained(tree.read(key, range)),
    place: (key, path) => explained(tree.place(key, path)),
    delete: (slot, needed) => explained(tree.delete(slot, needed)),
    sweep: (now, needed) => explained(tree.sweep(now, needed)),
    keys: () => tree.keys(),
    probe: () => explained(tree.probe()),
  };
}

/** The storage with the errors of the file system as they are. */
class Tree implements Storage {
  readonly #root: string;
  readonly #files: string;
  readonly #partial: string;
  readonly #room: Room;
  readonly #syncDirectory = createDirectorySync();
  readonly #reader = createCheckedReader();
  readonly #sweep: (now: Date, needed: Needed) => Promise<number>;
  /** Directories of minutes that are known to be there, durably. */
  readonly #minutes = new Set<string>();

  constructor(root: string, room: Room) {
    this.#root = root;
    this.#room = room;
    this.#files = join(root, 'files');
    this.#partial = join(root, 'partial');
    this.#sweep = createSweep(this.#files);
  }

  async prepare(): Promise<void> {
    for (const directory of [this.#files, this.#partial]) {
      await mkdir(directory, { recursive: true, mode: directoryMode });
    }
    await this.#syncDirectory(this.#root);
    await removeLeftovers(this.#partial, 'left over');
  }

  async put(slot: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredFile> {
    assertSlot(slot);
    const from = join(this.#partial, temporaryName());
    const pointer = join(this.#partial, temporaryName());
    let key = '';
    this.#room.take(0);
    try {
      // A new name with a new inode takes as long as the wait for the disk, beside which it is made.
      const beside = (sha256: string) => {
        key = newKey(slot, sha256);
        return symlink(basename(key), pointer);
      };
      const { stats } = await writeNew(from, bytes, { bytesMax, room: this.#room, durable: true, beside });
      const to = await this.#moveIn(from, key, (slotPath) => this.#replace(pointer, slotPath));
      await this.#syncDirectory(dirname(to));
      return describe(key, stats);
    } catch (error) {
      for (const path of [from, pointer]) await rm(path, { force: true }).catch(() => {});
      throw error;
    }
  }

  /**
   * Its name is there before its bytes are durable, unlike that of `put`: what is adopted is published by a row, which is written
   * after this resolves. So both waits for the disk are one. As it is found by that row, its slot may be slow to look at: it is a
   * second name of the file, which is twenty times as quick to make as a symbolic link.
   */
  async adopt(slot: string, from: string): Promise<StoredFile> {
    assertSlot(slot);
    const { fd, stats } = openPlain(from);
    try {
      takeOver(fd, stats);
      const key = newKey(slot, await digestOf(fd, Number(stats.size)));
      const to = await this.#moveIn(from, key, (slotPath) => this.#link(this.#pathOf(key), slotPath));
      await Promise.all([syncFile(fd), this.#syncDirectory(dirname(to))]);
      return describe(key, stats);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      const copied = await this.put(slot, createReadStream(from), Number.MAX_SAFE_INTEGER);
      await rm(from);
      return copied;
    } finally {
      closeSync(fd);
    }
  }

  async find(slot: string): Promise<StoredFile | null> {
    assertSlot(slot);
    for (let look = 0; look < looksMax; look++) {
      const name = await this.#newest(join(this.#files, slot));
      if (name === undefined) return null;
      const key = join(dirname(slot), name);
      if (readKey(key)?.slot !== slot) return null;
      const file = await this.stat(key);
      if (file !== null) return file;
    }
    return null;
  }

  async sizeOf(slot: string): Promise<number | null> {
    return (await this.find(slot))?.sizeBytes ?? null;
  }

  async stat(key: string): Promise<StoredFile | null> {
    const stats = statSync(this.#pathOf(key), { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : describe(key, stats);
  }

  async read(key: string, range?: Range): Promise<Readable | null> {
    const path = this.#pathOf(key);
    const fd = orNull(() => openSync(path, 'r'));
    return fd === null ? null : this.#reader.read(openedFile(fd, fstatSync(fd).size), key, range);
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
    const fd = openSync(to, 'r');
    try {
      const stats = fstatSync(fd, { bigint: true });
      if ((await digestOf(fd, Number(stats.size))) === partsOf(key).sha256) return describe(key, stats);
    } finally {
      closeSync(fd);
    }
    await rm(to, { force: true });
    throw damaged(key);
  }

  async delete(slot: string, needed: Needed): Promise<number> {
    assertSlot(slot);
    const link = join(this.#files, slot);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) return 0;
    rmSync(link, { force: true });
    const minute = dirname(slot);
    const keys = (await namesIn(dirname(link)))
      .map((name) => `${minute}/${name}`)
      .filter((key) => readKey(key)?.slot === slot);
    const kept = await needed(keys);
    const gone = keys.filter((key) => !kept.has(key));
    for (const key of gone) await rm(this.#pathOf(key), { force: true });
    await this.#syncDirectory(dirname(link));
    return gone.length;
  }

  async sweep(now: Date, needed: Needed): Promise<number> {
    await removeLeftovers(this.#partial, 'live');
    const minute = minuteText(now.getTime());
    for (const one of this.#minutes) if (basename(one) <= minute) this.#minutes.delete(one);
    return this.#sweep(now, needed);
  }

  async *keys(): AsyncGenerator<string, void, undefined> {
    for (const minute of await readdir(this.#files)) {
      for (const name of await namesIn(join(this.#files, minute))) {
        const key = `${minute}/${name}`;
        if (readKey(key) !== null) yield key;
      }
    }
  }

  async probe(): Promise<void> {
    const path = join(this.#partial, temporaryName());
    await writeNew(path, oneByte(), { bytesMax: 1, room: endlessRoom, durable: true });
    await rm(path);
  }

  #pathOf(key: string): string {
    partsOf(key);
    return join(this.#files, key);
  }

  async #newest(slot: string): Promise<string | undefined> {
    try {
      return readlinkSync(slot);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      if (codeOf(error) !== 'EINVAL') throw error;
      return newestOf(slot, await namesIn(dirname(slot)));
    }
  }

  /** Gives a file the name of its key, and lets its slot lead to it. */
  async #moveIn(from: string, key: string, point: (slot: string) => Promise<void>): Promise<string> {
    const to = this.#pathOf(key);
    await this.#rename(from, to);
    try {
      await point(join(this.#files, partsOf(key).slot));
    } catch (error) {
      await rm(to, { force: true }).catch(() => {});
      throw error;
    }
    return to;
  }

  async #link(version: string, slot: string): Promise<void> {
    try {
      return linkSync(version, slot);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const pointer = join(this.#partial, temporaryName());
    linkSync(version, pointer);
    try {
      await this.#replace(pointer, slot);
    } catch (error) {
      rmSync(pointer, { force: true });
      throw error;
    }
  }

  async #replace(pointer: string, slot: string): Promise<void> {
    // What it leads to until now was acknowledged: after a power loss it must lead to one of the two.
    if (lstatSync(slot, { throwIfNoEntry: false }) !== undefined) await this.#syncDirectory(dirname(slot));
    renameSync(pointer, slot);
  }

  /** A sweep, of this process or of another, may have taken the directory away since it was made. */
  async #rename(from: string, to: string): Promise<void> {
    const minute = dirname(to);
    await this.#makeMinute(minute);
    try {
      renameSync(from, to);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      this.#minutes.delete(minute);
      await this.#makeMinute(minute);
      renameSync(from, to);
    }
  }

  async #makeMinute(minute: string): Promise<void> {
    if (this.#minutes.has(minute)) return;
    mkdirSync(minute, { recursive: true, mode: directoryMode });
    await this.#syncDirectory(this.#files);
    this.#minutes.add(minute);
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    linkSync(from, to);
  } catch (error) {
    // Another file system, one without hard links, or too many of them.
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  }
}

function describe(key: string, stats: BigIntStats): StoredFile {
  const { sha256 } = partsOf(key);
  return { key, sizeBytes: Number(stats.size), sha256, etag: etagOf(sha256), storedAt: stats.mtime };
}

function orNull<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** None where the directory is gone by now. */
async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  });
}

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}
