import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createSweeper } from '../../src/jobs/sweeper.ts';
import { createNeeds } from '../../src/jobs/needs.ts';
import { type FileLink, slotOf, wholeMinutes } from '../../src/links/links.ts';
import { silentLog } from '../../src/platform/log.ts';
import type { Source } from '../../src/operations/fields.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { copyOf, gate, startWorld, type World, write } from './harness.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** A clock that a test moves, a world that goes by it, and a sweep as of then. */
async function startMoving(directory: string, database: Awaited<ReturnType<typeof open>>) {
  const doors = gate();
  const time = { nowMs: Math.floor(Date.now() / minuteMs) * minuteMs + 1 };
  const clock = { now: () => time.nowMs };
  const acts = {
    write,
    async wait(...args: Parameters<typeof write>) {
      doors.reach();
      await doors.opened;
      return write(...args);
    },
  };
  const world = await startWorld(database, directory, acts, { clock, concurrency: 1 });
  const { needed } = createNeeds(database);
  const sweeper = createSweeper({ database, storage: world.storage, clock, log: silentLog, needed });
  return { world, doors, time, sweeper };
}

async function keysOf({ storage }: World): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.keys()) keys.push(key);
  return keys.toSorted();
}

function linkFor(minutes: number, nowMs: number): FileLink {
  const id = crypto.randomUUID().replaceAll('-', '');
  return { kind: 'upload', id, tenant: 0, expiresAt: wholeMinutes(nowMs + minutes * minuteMs) };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('the sweeper', () => {
  it('deletes what has expired, and nothing that is open or young', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world, doors, time, sweeper } = await startMoving(directory, database);
    await using _ = world;
    const { queue } = world.jobs;
    const short = await world.end(await world.accept('write', { expiration: 60 }));
    const long = await world.end(await world.accept('write', { expiration: 60 * 24 }));
    const working = await world.accept('wait', { expiration: 60 });
    await doors.reached;

    await sweeper.sweep();
    assert.notEqual(await queue.find(0, short.id), null);

    time.nowMs += 3 * hourMs;
    await sweeper.sweep();
    assert.equal(await queue.find(0, short.id), null);
    assert.deepEqual(await keysOf(world), [long.outcome?.storageKey]);
    assert.equal((await queue.find(0, long.id))?.status, 'success');
    assert.equal(await world.read(long), 'done');
    assert.equal((await queue.find(0, working.id))?.status, 'working');

    doors.open();
    assert.equal((await world.end(working)).status, 'success');
    await sweeper.sweep();
    assert.equal(await queue.find(0, working.id), null);
    assert.deepEqual(await keysOf(world), [long.outcome?.storageKey]);
  });

  it('deletes bytes within a minute after their expiry', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world, time, sweeper } = await startMoving(directory, database);
    await using _ = world;
    const link = linkFor(1, time.nowMs);
    await world.storage.put(slotOf(link), bytes('x'), 100);
    time.nowMs = link.expiresAt - 1;
    await sweeper.sweep();
    assert.equal((await world.jobs.files.find(link))?.sizeBytes, 1);
    time.nowMs = link.expiresAt;
    assert.equal(await world.jobs.files.find(link), null);
    // As often as a server does it.
    time.nowMs += 20_000;
    await sweeper.sweep();
    assert.deepEqual(await keysOf(world), []);
  });

  it('leaves a job the bytes that it saw when it was accepted, whatever comes: a new upload, deletion, expiry', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world, doors, time, sweeper } = await startMoving(directory, database);
    await using _ = world;
    const { queue, sources, files } = world.jobs;
    await world.accept('wait');
    await doors.reached;

    const accepted = [];
    const links = [linkFor(5, time.nowMs), linkFor(5, time.nowMs), linkFor(5, time.nowMs)] as const;
    for (const link of links) {
      await world.storage.put(slotOf(link), bytes('seen'), 100);
      const source: Source = { kind: 'link', link: `http://a/files/${world.links.file(link)}/a` };
      const key = await sources.check(source, 0);
      assert.ok(key !== null);
      accepted.push(await queue.accept({ tenant: 0, ...copyOf(source), needs: [key] }));
      sources.release([key]);
    }
    const [replaced, deleted] = links;
    // As if they were results of a job whose row has expired meanwhile.
    const result = await world.storage.put(`${slotOf(linkFor(5, time.nowMs))}-1`, bytes('seen'), 100);
    const token = world.links.file(linkFor(5, time.nowMs));
    const asResult = { ...copyOf({ kind: 'part', token, name: 'a' }), needs: [result.key] };
    await queue.accept({ tenant: 0, ...asResult });
    await world.storage.put(slotOf(replaced), bytes('later'), 100);
    assert.equal(await files.delete(deleted), true);
    assert.equal(await files.find(deleted), null);
    await sweeper.sweep();
    time.nowMs += 2 * minuteMs;
    await sweeper.sweep();
    time.nowMs += 10 * minuteMs;
    await sweeper.sweep();
    assert.equal((await keysOf(world)).length, 4);

    doors.open();
    for (const job of accepted) {
      const ended = await world.end(job);
      assert.equal(ended.status, 'success');
      assert.equal(await world.read(ended), 'seen');
    }
    await sweeper.sweep();
    const results = accepted.map(({ id }) => id.replaceAll('-', ''));
    assert.ok((await keysOf(world)).every((key) => !links.some(({ id }) => key.includes(id))));
    assert.equal((await keysOf(world)).filter((key) => results.some((id) => key.includes(id))).length, 3);
  });

  it('keeps what a call is just being accepted for', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world, time } = await startMoving(directory, database);
    await using _ = world;
    const { sources, files } = world.jobs;
    const link = linkFor(5, time.nowMs);
    await world.storage.put(slotOf(link), bytes('seen'), 100);
    const source: Source = { kind: 'part', token: world.links.file(link), name: 'a' };
    const keys = [await sources.check(source, 0), await sources.check(source, 0)] as string[];
    assert.equal(await files.delete(link), true);
    assert.deepEqual(await keysOf(world), [keys[0]]);
    sources.release(keys.slice(0, 1));
    const job = await world.jobs.queue.accept({ tenant: 0, ...copyOf(source), needs: keys });
    sources.release(keys);
    assert.equal(await world.read(await world.end(job)), 'seen');
    await assert.rejects(sources.check(source, 0));
  });

  it('deletes a result at once, with its row knowing it', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world } = await startMoving(directory, database);
    await using _ = world;
    const { queue, files } = world.jobs;
    const job = await world.end(await world.accept('write'));
    const link = world.links.read(job.resultToken);
    assert.ok(link !== null);
    assert.equal((await files.find(link))?.sizeBytes, 4);
    assert.equal(await files.delete(link), true);
    assert.equal(await files.find(link), null);
    assert.equal(await files.delete(link), false);
    assert.deepEqual(await keysOf(world), []);
    assert.equal((await queue.find(0, job.id))?.status, 'success');
    assert.equal((await queue.find(0, job.id))?.outcome?.storageKey, '');
  });

  it('finds results that were stored by who died before saying so', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world, doors, sweeper } = await startMoving(directory, database);
    await using _ = world;
    const done = await world.end(await world.accept('write'));
    const working = await world.accept('wait');
    await doors.reached;
    const id = (uuid: string) => uuid.replaceAll('-', '');
    const minute = done.outcome?.storageKey.slice(0, 12);
    for (const name of [id(done.id), id(working.id), '0'.repeat(32)])
      await world.storage.put(`${minute}/${name}-7`, bytes('orphan'), 100);
    await world.storage.put(`${minute}/${'1'.repeat(32)}`, bytes('upload'), 100);

    await sweeper.sweep();
    const left = (await keysOf(world)).map((key) => key.split('.')[0]);
    const kept = done.outcome?.storageKey.split('.')[0];
    assert.deepEqual(left, [kept, `${minute}/${id(working.id)}-7`, `${minute}/${'1'.repeat(32)}`].toSorted());
    doors.open();
    const ended = await world.end(working);
    await sweeper.sweep();
    assert.deepEqual(
      (await keysOf(world)).filter((key) => key.includes(id(working.id))),
      [ended.outcome?.storageKey],
    );
  });

  it('deletes nothing while the database is away', async () => {
    const directory = temporaryDirectory();
    await using database = await open(directory);
    const { world, time } = await startMoving(directory, database);
    await using _ = world;
    await world.storage.put(slotOf(linkFor(1, time.nowMs)), bytes('x'), 100);
    const warned: string[] = [];
    const log = { ...silentLog, warn: (event: string) => void warned.push(event) };
    const sweeper = createSweeper({
      database,
      storage: world.storage,
      clock: { now: () => time.nowMs + hourMs },
      log,
      needed: () => Promise.reject(new Error('away')),
    });
    await sweeper.sweep();
    assert.equal((await keysOf(world)).length, 1);
    assert.deepEqual(warned, ['expired jobs and files stay for now']);
  });
});
