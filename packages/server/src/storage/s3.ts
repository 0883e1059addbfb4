import { closeSync, openSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { minuteText } from '../platform/clock.ts';
import { checked, createCheckedReader, digestOf, type Opened } from './check.ts';
import { explain, StorageError } from './failed.ts';
import { assertSlot, newKey, partsOf, readKey, timeOf } from './key.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { openPlain, writeNew } from './local.ts';
import { endlessRoom, type Room } from './room.ts';
import { type Body, type Listed, openBucket, patient, type Patience } from './s3-bucket.ts';
import type { S3Location } from './s3-failed.ts';
import { createIncoming } from './s3-incoming.ts';
import { deletedMark, isLasting, lastingMark, readName, type SlotView, viewOf } from './s3-name.ts';
import { openedObject } from './s3-object.ts';
import { createS3Sweep } from './s3-sweep.ts';
import { createUploader } from './s3-upload.ts';
import { etagOf, type Needed, type Storage, type StoredFile } from './storage.ts';

const directoryMode = 0o700;
const probeMinutes = 2;

export interface S3Options {
  readonly location: S3Location;
  /** On local disk: what comes in is written there first, as its digest is a part of its name, and for attempts to send it again. */
  readonly directory: string;
  readonly room?: Room;
  readonly patience?: Patience;
}

/**
 * Storage in a bucket of S3. Below the prefix each version is an object with its key as its name; the newest version of a slot is the
 * last of its names, unless something newer came by a link. Several processes on several machines may use one bucket and prefix. Throws a
 * StorageError where it cannot be used.
 */
export async function createS3Storage({
  location,
  directory,
  room = endlessRoom,
  patience = patient,
}: S3Options): Promise<Storage> {
  const spool = join(directory, 'partial');
  const bucket = openBucket(location, patience);
  const uploader = createUploader(bucket);
  const reader = createCheckedReader();
  const sweep = createS3Sweep(bucket, uploader.running);
  const arrivals = createIncoming({ bucket, location, patience, look });
  const explained = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error, directory);
    });

  await explained(mkdir(spool, { recursive: true, mode: directoryMode }));
  await explained(removeLeftovers(spool, 'left over'));

  async function store(slot: string, fd: number, sizeBytes: number, sha256: string): Promise<StoredFile> {
    const key = newKey(slot, sha256);
    await uploader.store(key, fd, sizeBytes);
    return describe(key, sizeBytes);
  }

  async function put(slot: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<StoredFile> {
    assertSlot(slot);
    const path = join(spool, temporaryName());
    room.take(0);
    try {
      const { sha256, stats } = await writeNew(path, bytes, { bytesMax, room, durable: false });
      const fd = openSync(path, 'r');
      try {
        return await store(slot, fd, Number(stats.size), sha256);
      } finally {
        closeSync(fd);
      }
    } finally {
      await rm(path, { force: true }).catch(() => {});
    }
  }

  async function adopt(slot: string, path: string): Promise<StoredFile> {
    assertSlot(slot);
    const { fd, stats } = openPlain(path);
    try {
      const sizeBytes = Number(stats.size);
      const stored = await store(slot, fd, sizeBytes, await digestOf(fd, sizeBytes));
      rmSync(path);
      return stored;
    } finally {
      closeSync(fd);
    }
  }

  async function look(slot: string): Promise<SlotView> {
    assertSlot(slot);
    const listed: Listed[] = [];
    for await (const one of bucket.list(`${slot}.`)) listed.push(one);
    return viewOf(slot, listed);
  }

  async function open(key: string, isWhole: boolean): Promise<Opened | null> {
    partsOf(key);
    if (isWhole) {
      const got = await bucket.get(key);
      return got && openedObject(bucket, { name: key, patience, location }, got.sizeBytes, got.body);
    }
    const head = await bucket.head(key);
    return head && openedObject(bucket, { name: key, patience, location }, head.sizeBytes);
  }

  async function place(key: string, to: string): Promise<StoredFile | null> {
    const opened = await open(key, true);
    if (opened === null) return null;
    let isOurs = false;
    // It is there from the first piece on: what was there before stays.
    async function* pieces(from: Opened): AsyncGenerator<Uint8Array, void, undefined> {
      isOurs = true;
      yield* checked(from.pieces(from.sizeBytes, 0), key);
    }
    try {
      const writing = { bytesMax: opened.sizeBytes, room: endlessRoom, durable: false };
      await writeNew(to, pieces(opened), writing);
      return describe(key, opened.sizeBytes);
    } catch (error) {
      if (isOurs) await rm(to, { force: true }).catch(() => {});
      throw error;
    } finally {
      await opened.close();
    }
  }

  async function remove(slot: string, needed: Needed): Promise<number> {
    const view = await look(slot);
    const { versions, marks, incoming } = view;
    if (incoming === undefined && versions.length === 0) return 0;
    // Before the mark: of what is there afterwards, somebody has sent it after this deletion began.
    if (incoming !== undefined) await bucket.delete([incoming.name]);
    const last = versions.at(-1);
    const mark =
      incoming === undefined && last !== undefined ? deletedMark(last) : lastingMark(view, Date.now());
    // First, so that nobody finds it from now on, whatever happens next.
    await bucket.put(mark, nothing);
    const kept = await needed(versions);
    const gone = versions.filter((name) => !kept.has(name));
    await bucket.delete(gone);
    const over = new Set([...marks, mark]);
    if (kept.size === 0) await bucket.delete([...over].filter((name) => !isLasting(name)));
    return gone.length + (view.isNews ? 1 : 0);
  }

  const storage: Storage = {
    put: (slot, bytes, bytesMax) => explained(put(slot, bytes, bytesMax)),
    adopt: (slot, path) => explained(adopt(slot, path)),
    async find(slot) {
      const { newest, sizeBytes } = await arrivals.settle(slot);
      return newest !== undefined && readKey(newest) !== null ? describe(newest, sizeBytes) : null;
    },
    async sizeOf(slot) {
      const { newest, isNews, sizeBytes } = await look(slot);
      return isNews || (newest !== undefined && readKey(newest) !== null) ? sizeBytes : null;
    },
    async stat(key) {
      partsOf(key);
      const head = await bucket.head(key);
      return head && describe(key, head.sizeBytes);
    },
    async read(key, range) {
      const opened = await open(key, range === undefined);
      return opened && reader.read(opened, key, range);
    },
    place: (key, path) => explained(place(key, path)),
    delete: remove,
    async sweep(now, needed) {
      await explained(removeLeftovers(spool, 'live'));
      return sweep(now, needed);
    },
    async *keys() {
      for await (const { name } of bucket.list('')) {
        const kind = readName(name)?.kind;
        if (kind === 'version' || kind === 'incoming') yield name;
      }
    },
    async probe() {
      // Whatever becomes of it, it goes with its minute.
      const minute = minuteText(Date.now() + probeMinutes * 60_000);
      const slot = `${minute}/probe-${randomBytes(8).toString('hex')}`;
      const { key } = await storage.put(slot, oneByte(), 1);
      const bytes = await storage.read(key);
      if (bytes === null) throw new StorageError('The S3 server took a file, and does not have it.');
      await buffer(bytes);
      await bucket.delete([key]);
    },
    link: (key, { seconds, contentType, disposition }) => bucket.link(key, seconds, contentType, disposition),
    uploadLink: (slot, how) => {
      assertSlot(slot);
      return arrivals.link(slot, how);
    },
  };
  await storage.probe();
  return storage;
}

function describe(key: string, sizeBytes: number): StoredFile {
  const { sha256, version } = partsOf(key);
  return { key, sizeBytes, sha256, etag: etagOf(sha256), storedAt: timeOf(version) };
}

const nothing: Body = {
  sizeBytes: 0,
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  open: () => ({ stream: new Uint8Array(), close: async () => {} }),
};

async function* oneByte(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
}
