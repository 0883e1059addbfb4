import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Failure } from '../../src/errors.ts';
import { createFiles } from '../../src/jobs/files.ts';
import { createLimits } from '../../src/jobs/limits.ts';
import { createQuotas } from '../../src/jobs/quotas.ts';
import { createSweeper } from '../../src/jobs/sweeper.ts';
import { createKeys, type Keys } from '../../src/keys/keys.ts';
import { type FileLink, slotOf, wholeMinutes } from '../../src/links/links.ts';
import { silentLog } from '../../src/platform/log.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { startWorld, type World, write } from './harness.ts';

const megabyte = 1024 * 1024;

describe('the quota of a key', () => {
  const directory = temporaryDirectory();
  let database: Awaited<ReturnType<typeof open>>;
  let world: World;
  let keys: Keys;
  let nowMs = Date.now();
  const clock = { now: () => nowMs };
  before(async () => {
    database = await open(directory);
    world = await startWorld(database, directory, { write }, { clock });
    keys = createKeys(database);
  });
  after(async () => {
    await world.jobs.stop(0);
    await database.close();
  });

  const tenantWith = async (bytesMax: number, filesMax: number): Promise<number> => {
    const { id, key } = await keys.create('limited');
    assert.equal(await keys.limit(id, { bytesMax, filesMax }), true);
    return keys.verify(key);
  };
  const linkFor = (tenant: number, minutes = 60): FileLink => ({
    kind: 'upload',
    id: crypto.randomUUID().replaceAll('-', ''),
    tenant,
    expiresAt: wholeMinutes(nowMs + minutes * 60_000),
  });
  const put = async (link: FileLink, bytes: number, declared?: number) =>
    world.jobs.files.put(link, chunksOf(bytes), 1_000 * megabyte, declared);
  const isReached = (error: unknown) => error instanceof Failure && error.row === 'quotaReached';
  const counted = async (tenant: number) => {
    const rows = await database.query<{ bytes: string }>(
      'SELECT bytes FROM octavo.counted_file WHERE tenant = $1 ORDER BY bytes',
      [tenant],
    );
    return rows.map(({ bytes }) => Number(bytes));
  };

  it('is shown in the list, and none at first', async () => {
    const { id } = await keys.create('shown');
    const quotaOf = async () => (await keys.list()).find((one) => one.id === id)?.quota;
    assert.deepEqual(await quotaOf(), { bytesMax: 0, filesMax: 0 });
    await keys.limit(id, { bytesMax: 5_000_000_000, filesMax: 7 });
    assert.deepEqual(await quotaOf(), { bytesMax: 5_000_000_000, filesMax: 7 });
    assert.equal(await keys.limit(123_456, { bytesMax: 1, filesMax: 1 }), false);
  });

  it('counts nothing where there is none', async () => {
    const tenant = await tenantWith(0, 0);
    await put(linkFor(tenant), 1_000);
    await put(linkFor(0), 1_000);
    await world.end(await world.accept('write', { tenant }));
    assert.deepEqual(await counted(tenant), []);
  });

  it('refuses a file too many, whatever its length, and jobs too', async () => {
    const tenant = await tenantWith(0, 2);
    const first = linkFor(tenant);
    await put(first, 1);
    await put(linkFor(tenant), 1);
    await assert.rejects(put(linkFor(tenant), 0), isReached);
    await assert.rejects(world.accept('write', { tenant }), isReached);
    // The same link again is the same file.
    await put(first, 10);
    assert.deepEqual(await counted(tenant), [1, 10]);
    assert.equal(await world.jobs.files.delete(first), true);
    await world.end(await world.accept('write', { tenant, text: 'result' }));
    assert.deepEqual(await counted(tenant), [1, 6]);
    await assert.rejects(world.accept('write', { tenant }), isReached);
  });

  it('refuses bytes too many: said beforehand or not, and leaves what was there', async () => {
    const tenant = await tenantWith(20 * megabyte, 0);
    const link = linkFor(tenant);
    await put(link, 2 * megabyte);
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read++;
        yield Buffer.alloc(megabyte);
      }
    }
    await assert.rejects(world.jobs.files.put(linkFor(tenant), endless(), 1_000 * megabyte), isReached);
    assert.ok(read < 25, `${read} MB were read`);
    read = 0;
    const declared = world.jobs.files.put(linkFor(tenant), endless(), 1_000 * megabyte, 19 * megabyte);
    await assert.rejects(declared, isReached);
    assert.equal(read, 0);
    await assert.rejects(put(link, 21 * megabyte), isReached);
    assert.deepEqual(await counted(tenant), [2 * megabyte]);
    assert.equal((await world.jobs.files.find(link))?.sizeBytes, 2 * megabyte);
    await put(linkFor(tenant), 18 * megabyte);
    await assert.rejects(put(linkFor(tenant), 1), isReached);
  });

  it('is kept by many at once', async () => {
    const tenant = await tenantWith(10 * megabyte, 0);
    const puts = await Promise.allSettled(
      Array.from({ length: 12 }, () => put(linkFor(tenant), 2 * megabyte, 2 * megabyte)),
    );
    assert.equal(puts.filter(({ status }) => status === 'fulfilled').length, 5);
    assert.equal((await counted(tenant)).length, 5);
  });

  it('is free again when files expire, are discarded, or their server died in the middle', async () => {
    const tenant = await tenantWith(0, 3);
    await put(linkFor(tenant, 5), 1);
    const discarded = linkFor(tenant);
    await put(discarded, 1);
    await world.jobs.files.discard(discarded);
    assert.equal((await counted(tenant)).length, 1);
    const [cut, stored] = [linkFor(tenant, 600), linkFor(tenant, 600)];
    for (const link of [cut, stored])
      await database.query('SELECT octavo.reserve_upload($1, $2, 99, $3, $4)', [
        slotOf(link),
        tenant,
        new Date(link.expiresAt),
        new Date(nowMs),
      ]);
    await world.storage.put(slotOf(stored), chunksOf(7), 100);
    await assert.rejects(put(linkFor(tenant), 1), isReached);
    nowMs += 2 * 3_600_000;
    const { storage } = world;
    await createSweeper({ database, storage, clock, log: silentLog, needed: nothingNeeded }).sweep();
    assert.deepEqual(await counted(tenant), [7]);
  });

  it('counts what is to come past the server while its link lives, and then what is there', async () => {
    const tenant = await tenantWith(0, 2);
    const { storage } = world;
    const files = createFiles({
      // Of a bucket, of which nothing else is looked at here.
      storage: { ...storage, uploadLink: async () => 'https://bucket.example/a' },
      queue: world.jobs.queue,
      clock,
      needed: nothingNeeded,
      quotas: createQuotas({ database, clock, limits: createLimits({ database, clock }) }),
    });
    const sweep = () =>
      createSweeper({ database, storage, clock, log: silentLog, needed: nothingNeeded }).sweep();
    const until = nowMs + 30 * 60_000;
    const how = { until, contentType: 'application/pdf', sizeBytes: 7, end: 'files/a/a' };
    const [used, unused] = [linkFor(tenant, 600), linkFor(tenant, 600)];
    assert.equal(await files.uploadLink(used, how), 'https://bucket.example/a');
    await files.uploadLink(unused, how);
    assert.deepEqual(await counted(tenant), [7, 7]);
    await assert.rejects(files.uploadLink(linkFor(tenant), how), isReached);
    await storage.put(slotOf(used), chunksOf(7), 100);
    // It can be sent again as long as its link lives.
    assert.equal(await files.delete(used), true);
    await storage.put(slotOf(used), chunksOf(7), 100);
    assert.deepEqual(await counted(tenant), [7, 7]);
    nowMs = until + 59 * 60_000;
    await sweep();
    assert.deepEqual(await counted(tenant), [7, 7]);
    nowMs += 2 * 60_000;
    await sweep();
    assert.deepEqual(await counted(tenant), [7]);
    assert.equal(await files.delete(used), true);
    assert.deepEqual(await counted(tenant), []);
  });
});

async function* chunksOf(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= megabyte) yield Buffer.alloc(Math.min(left, megabyte));
}
