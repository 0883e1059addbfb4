import { closeSync, openSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../errors.ts';
import { minuteText } from '../platform/clock.ts';
import { checked, createCheckedReader, digestOf, type Opened, pieceBytes } from './check.ts';
import { explain, StorageError } from './failed.ts';
import { assertSlot, newKey, partsOf, readKey, timeOf } from './key.ts';
import { removeLeftovers, temporaryName } from './leftovers.ts';
import { openPlain, writeNew } from './local.ts';
import { endlessRoom, type Room } from './room.ts';
import {
  type Bucket,
  type Body,
  type Listed,
  openBucket,
  patient,
  type Patience,
  pauseBefore,
} from './s3-bucket.ts';
import { explainS3, isTransient, type S3Location } from './s3-failed.ts';
import { createS3Sweep, deletedMark, readName } from './s3-sweep.ts';
import { createUploader } from './s3-upload.ts';
import { etagOf, type Needed, type Storage, type StoredFile } from './storage.ts';

const directoryMode = 0o700;
const probeMinutes = 2;
/** Who reads slowly loses the connection often, and gets further each time. */
const progressBytesMin = 64 * 1024;

export interface S3Options {
  readonly location: S3Location;
  /** On local disk: what comes in is written there first, as its digest is a part of its name, and for attempts to send it again. */
  readonly directory: string;
  readonly room?: Room;
  readonly patience?: Patience;
}

/**
 * Storage in a bucket of S3. Below the prefix each version is an object with its key as its name; the newest version of a slot is the
 * last of its names. Several processes on several machines may use one bucket and prefix. Throws a StorageError where it cannot be used.
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

  async function namesOf(slot: string): Promise<Listed[]> {
    assertSlot(slot);
    const found: Listed[] = [];
    for await (const one of bucket.list(`${slot}.`)) if (readName(one.name) !== null) found.push(one);
    return found;
  }

  async function find(slot: string): Promise<StoredFile | null> {
    const newest = (await namesOf(slot)).at(-1);
    return newest !== undefined && readKey(newest.name) !== null
      ? describe(newest.name, newest.sizeBytes)
      : null;
  }

  async function open(key: string, isWhole: boolean): Promise<Opened | null> {
    partsOf(key);
    if (isWhole) {
      const got = await bucket.get(key);
      return got && openedObject(bucket, { key, patience, location }, got.sizeBytes, got.body);
    }
    const head = await bucket.head(key);
    return head && openedObject(bucket, { key, patience, location }, head.sizeBytes);
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
    const names = (await namesOf(slot)).map(({ name }) => name);
    const versions = names.filter((name) => readKey(name) !== null);
    const last = versions.at(-1);
    if (last === undefined) return 0;
    // First, so that nobody finds it from now on, whatever happens next.
    await bucket.put(deletedMark(last), nothing);
    const kept = await needed(versions);
    const gone = versions.filter((name) => !kept.has(name));
    await bucket.delete(gone);
    const marks = [...names.filter((name) => readKey(name) === null), deletedMark(last)];
    if (kept.size === 0) await bucket.delete([...new Set(marks)]);
    return gone.length;
  }

  const storage: Storage = {
    put: (slot, bytes, bytesMax) => explained(put(slot, bytes, bytesMax)),
    adopt: (slot, path) => explained(adopt(slot, path)),
    find,
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
      for await (const { name } of bucket.list('')) if (readKey(name) !== null) yield name;
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
  };
  await storage.probe();
  return storage;
}

interface Where {
  readonly key: string;
  readonly patience: Patience;
  readonly location: S3Location;
}

/** An object, whose connection is made anew where it breaks in the middle. `first` is the body of the whole. */
function openedObject(bucket: Bucket, where: Where, sizeBytes: number, first?: Readable): Opened {
  let body = first;
  // Nobody listens before it is read, and after it was given up.
  body?.on('error', () => {});

  async function bodyAt(at: number, end: number): Promise<Readable> {
    const from = at === 0 && end === sizeBytes ? body : undefined;
    body = undefined;
    if (from !== undefined) return from;
    const got = await bucket.get(where.key, { start: at, end: end - 1 });
    if (got === null) throw new Failure('fileUnknown');
    body = got.body.on('error', () => {});
    return body;
  }

  /** Who gets no further in so many attempts gives up. */
  async function* chunks(end: number, start: number): AsyncGenerator<Uint8Array, void, undefined> {
    let at = start;
    let failures = 0;
    let progress = 0;
    while (at < end) {
      try {
        const from = await bodyAt(at, end);
        body = from;
        for await (const chunk of from as AsyncIterable<Uint8Array>) {
          const wanted = chunk.subarray(0, end - at);
          at += wanted.length;
          progress += wanted.length;
          yield wanted;
        }
        // It is shorter than it was said to be.
        if (at < end) throw Object.assign(new Error('The answer was cut.'), { code: 'ECONNRESET' });
      } catch (error) {
        if (!isTransient(error)) throw error;
        failures = progress >= progressBytesMin ? 1 : failures + 1;
        progress = 0;
        if (failures >= where.patience.attempts) throw explainS3(error, where.location);
        body = undefined;
        await pauseBefore(failures, where.patience);
      }
    }
  }

  return {
    sizeBytes,
    small: () => buffer(chunks(sizeBytes, 0)),
    pieces: (end, start) => cut(chunks(end, start)),
    async close() {
      body?.destroy();
    },
  };
}

/** The same bytes in whole pieces. */
async function* cut(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let piece = Buffer.allocUnsafeSlow(pieceBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const count = Math.min(chunk.length - at, pieceBytes - filled);
      piece.set(chunk.subarray(at, at + count), filled);
      at += count;
      filled += count;
      if (filled < pieceBytes) continue;
      yield piece;
      piece = Buffer.allocUnsafeSlow(pieceBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
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
