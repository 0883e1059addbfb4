import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { patient } from '../../src/storage/s3-bucket.ts';
import { createS3Storage } from '../../src/storage/s3.ts';
import { nothingNeeded, type Storage } from '../../src/storage/storage.ts';
import { needs, temporaryDirectory } from './conformance.ts';
import { bucketFor, s3, type TestBucket } from './s3-bucket.ts';
import { type Fault, type FaultyS3, faultyS3, type Passed } from './s3-faults.ts';

const skip = s3 === undefined && 'OCTAVO_TEST_S3 names no server';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const type = 'application/pdf';
const end = `files/${'t'.repeat(50)}/a.pdf`;
const large = Buffer.alloc(1_500_000, 'large ');

describe('what is sent straight to a bucket of S3', { skip }, () => {
  let directories: Awaited<ReturnType<typeof temporaryDirectory>>[];
  let bucket: TestBucket;
  let between: FaultyS3;
  /** Behind a connection that can fail, and another one beside it. */
  let storage: Storage;
  let other: Storage;
  before(async () => {
    directories = [await temporaryDirectory(), await temporaryDirectory()];
    const [first, second] = directories.map(({ path }) => path) as [string, string];
    bucket = await bucketFor('direct');
    between = await faultyS3(s3 as string);
    const location = { ...bucket.location, endpoint: between.endpoint };
    const patience = { ...patient, pauseMs: 5, pauseMsMax: 20, idleMs: 1_000 };
    storage = await createS3Storage({ location, directory: first, patience });
    other = await createS3Storage({ location: bucket.location, directory: second });
  });
  after(async () => {
    await between?.close();
    for (const { remove } of directories ?? []) await remove();
  });

  let slots = 0;
  const newSlot = () => `209901010000/${++slots}`;
  const linkFor = async (slot: string, sizeBytes: number, until = Date.now() + 30 * minuteMs) =>
    (await other.uploadLink?.(slot, { until, contentType: type, sizeBytes, end })) ?? assert.fail();
  const send = async (link: string, bytes: string | Buffer, contentType = type) => {
    const answer = await fetch(link, {
      method: 'PUT',
      body: Buffer.from(bytes as string),
      headers: { 'content-type': contentType },
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  /** A slot to which this was sent, and its link. */
  const sent = async (bytes: string | Buffer) => {
    const slot = newSlot();
    const link = await linkFor(slot, bytes.length);
    assert.equal(await send(link, bytes), 200);
    return { slot, link };
  };
  const read = async (key: string) => buffer((await storage.read(key)) ?? assert.fail());
  const textAt = async (slot: string) => {
    const file = await storage.find(slot);
    return file && (await read(file.key)).toString();
  };
  const namesOf = async (slot: string) =>
    (await bucket.names()).filter((name) => name.startsWith(`${slot}.`)).toSorted();
  const versionsOf = async (slot: string) =>
    (await namesOf(slot)).filter((name) => /\.[0-9a-f]{64}$/.test(name));
  const keys = async (slot: string) => {
    const all: string[] = [];
    for await (const key of storage.keys()) if (key.startsWith(`${slot}.`)) all.push(key);
    return all.toSorted();
  };
  const isCopy = ({ method, path }: Passed) => method === 'PUT' && /\.[0-9a-f]{64}\?/.test(path);
  const isRead = ({ method, path }: Passed) => method === 'GET' && path.includes('.incoming/');
  const during = async <T>(fault: FaultyS3['fault'], work: () => Promise<T>): Promise<T> => {
    between.fault = fault;
    return work().finally(() => {
      between.fault = () => undefined;
    });
  };
  /** These faults one after the other for requests like this one, then none. */
  const failing = async <T>(
    isMeant: (request: Passed) => boolean,
    faults: readonly Fault[],
    work: () => Promise<T>,
  ) => {
    const left = [...faults];
    const result = await during((request) => (isMeant(request) ? left.shift() : undefined), work);
    assert.deepEqual(left, [], 'each fault was met');
    return result;
  };
  /** Does this once, before the first request like this one is passed on. */
  const before1st = (isMeant: (request: Passed) => boolean, act: () => Promise<unknown>) => {
    let isDone = false;
    return async (request: Passed) => {
      if (!isMeant(request) || isDone) return undefined;
      isDone = true;
      await act();
      return undefined;
    };
  };

  it('has to be of the type and length of the link', async () => {
    const slot = newSlot();
    const link = await linkFor(slot, 5);
    assert.equal(await send(link, 'hello', 'text/plain'), 403);
    assert.equal(await send(link, 'hell'), 403);
    assert.equal(await send(link, 'hello!'), 403);
    assert.equal(await send(link.replace('.incoming', '.incominG'), 'hello'), 403);
    assert.equal(await storage.find(slot), null);
    assert.equal(await send(link, 'hello'), 200);
    assert.equal(await textAt(slot), 'hello');
  });

  it('is no link for more than one request takes, or for nothing', async () => {
    const how = { until: Date.now() + minuteMs, contentType: type, end };
    for (const sizeBytes of [0, 5 * 1024 ** 3 + 1])
      assert.equal(await storage.uploadLink?.(newSlot(), { ...how, sizeBytes }), null);
    assert.ok(await storage.uploadLink?.(newSlot(), { ...how, sizeBytes: 5 * 1024 ** 3 }));
  });

  it('is made a version by the first who asks, once', async () => {
    const { slot } = await sent(large);
    assert.equal(await storage.sizeOf(slot), large.length);
    assert.deepEqual(await versionsOf(slot), []);
    const [file, same] = await Promise.all([storage.find(slot), storage.find(slot)]);
    assert.deepEqual(file, same);
    assert.equal(file?.sha256, createHash('sha256').update(large).digest('hex'));
    assert.deepEqual(await other.find(slot), file);
    assert.deepEqual(await versionsOf(slot), [file.key]);
    assert.ok(large.equals(await read(file.key)));
    assert.equal(await storage.sizeOf(slot), large.length);
  });

  it('is asked for by the one request that looks at a slot, and by no other once it is a version', async () => {
    const { slot } = await sent('hello');
    await storage.find(slot);
    const count = between.seen.length;
    await storage.find(slot);
    assert.equal(between.seen.length, count + 1);
  });

  it('is what was sent last, and who has the key of what came before keeps it', async () => {
    const { slot, link } = await sent('first');
    const first = (await storage.find(slot)) ?? assert.fail();
    for (const text of ['other', 'third', 'first', 'first']) {
      assert.equal(await send(link, text), 200);
      assert.equal(await textAt(slot), text);
    }
    assert.equal((await read(first.key)).toString(), 'first');
    assert.equal((await versionsOf(slot)).length, 4);
    await storage.sweep(new Date(), needs(first.key));
    await storage.sweep(new Date(Date.now() + 2 * minuteMs), needs(first.key));
    assert.equal((await versionsOf(slot)).length, 2);
    assert.equal(await textAt(slot), 'first');
  });

  it('is what was sent last, also where that came while the one before was read', async () => {
    for (const isMeant of [isRead, isCopy]) {
      const { slot, link } = await sent('first');
      const text = await during(
        before1st(isMeant, () => send(link, 'other')),
        () => textAt(slot),
      );
      assert.equal(text, 'other');
      assert.equal(await textAt(slot), 'other');
      assert.equal((await versionsOf(slot)).length, 1, 'a copy of something else goes at once');
    }
  });

  for (const [title, isMeant, faults] of [
    ['a copy whose answer is lost', isCopy, ['lost', 'lost']],
    ['a copy that is refused', isCopy, [{ status: 503, code: 'SlowDown' }, 'reset']],
    ['a copy whose tag says nothing', isCopy, ['tag']],
    ['a read that is cut', isRead, ['half', 'reset', 'half']],
  ] as const)
    it(`becomes one sound version after ${title}`, async () => {
      const { slot } = await sent(large);
      const file = await failing(isMeant, faults, () => storage.find(slot));
      assert.ok(large.equals(await read(file?.key ?? '')));
      assert.deepEqual(await versionsOf(slot), [file?.key]);
    });

  it('becomes one version where two servers ask at once, after a while', async () => {
    const { slot } = await sent('hello');
    const seen: (Awaited<ReturnType<Storage['find']>> | undefined)[] = [];
    const fault = before1st(isCopy, async () => seen.push(await other.find(slot)));
    seen.push(await during(fault, () => storage.find(slot)));
    for (const file of seen) assert.equal((await read(file?.key ?? '')).toString(), 'hello');
    assert.equal((await versionsOf(slot)).length, 2);
    await other.sweep(new Date(Date.now() + 10 * minuteMs), nothingNeeded);
    await other.sweep(new Date(Date.now() + 12 * minuteMs), nothingNeeded);
    assert.equal((await versionsOf(slot)).length, 1);
    assert.equal(await textAt(slot), 'hello');
  });

  it('is nothing where it is not as long as it was said to be', async () => {
    const { slot } = await sent('hello');
    const [name] = (await namesOf(slot)) as [string];
    await bucket.put(name, Buffer.from('hello, and more'));
    assert.equal(await storage.find(slot), null);
    assert.equal(await storage.sizeOf(slot), null);
    assert.deepEqual(await namesOf(slot), [name]);
  });

  it('is deleted, asked for before or not, until something is sent again', async () => {
    for (const isAsked of [false, true]) {
      const { slot, link } = await sent('hello');
      if (isAsked) await storage.find(slot);
      const count = between.seen.filter(isRead).length;
      assert.equal(await storage.delete(slot, nothingNeeded), 1);
      assert.equal(between.seen.filter(isRead).length, count, 'nothing is read for that');
      assert.equal(await storage.find(slot), null);
      assert.equal(await storage.sizeOf(slot), null);
      assert.deepEqual(await keys(slot), []);
      assert.equal(await storage.delete(slot, nothingNeeded), 0);
      assert.equal(await send(link, 'hello'), 200);
      assert.equal(await textAt(slot), 'hello');
    }
  });

  it('stays deleted where somebody was just making a version of it', async () => {
    const { slot } = await sent('hello');
    await during(
      before1st(isCopy, () => other.delete(slot, nothingNeeded)),
      () => storage.find(slot),
    );
    assert.equal(await storage.find(slot), null);
    assert.deepEqual(await versionsOf(slot), []);
  });

  it('goes an hour after the end of its link, where a version was made of it; its version stays', async () => {
    const [used, unused] = [await sent('hello'), await sent('world')];
    await storage.find(used.slot);
    assert.equal((await keys(used.slot)).length, 2);
    const sweep = async (afterMs: number) => {
      await storage.sweep(new Date(Date.now() + afterMs), nothingNeeded);
      await storage.sweep(new Date(Date.now() + afterMs + 61_000), nothingNeeded);
    };
    await sweep(85 * minuteMs);
    assert.equal((await namesOf(used.slot)).length, 2);
    await sweep(2 * hourMs);
    assert.deepEqual(await namesOf(used.slot), await versionsOf(used.slot));
    assert.equal(await textAt(used.slot), 'hello');
    assert.equal(await textAt(unused.slot), 'world');
  });

  it('goes with its minute, all of it that no job needs', async () => {
    const minute = '209801010000';
    const links = [];
    for (const name of ['read', 'unread', 'deleted']) {
      const slot = `${minute}/${name}`;
      links.push(await linkFor(slot, 5));
      assert.equal(await send(links.at(-1) ?? '', name.padEnd(5).slice(0, 5)), 200);
    }
    const needed = (await storage.find(`${minute}/read`)) ?? assert.fail();
    await storage.delete(`${minute}/deleted`, nothingNeeded);
    const left = async () => (await bucket.names()).filter((name) => name.startsWith(minute));
    assert.equal((await left()).length, 4);
    await storage.sweep(new Date('2097-12-31T23:59Z'), nothingNeeded);
    assert.equal((await left()).length, 4);
    await storage.sweep(new Date('2098-01-01T00:00Z'), needs(needed.key));
    assert.deepEqual(await left(), [needed.key]);
    await storage.sweep(new Date('2098-01-01T00:00Z'), nothingNeeded);
    assert.deepEqual(await left(), []);
  });
});
