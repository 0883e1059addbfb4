import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { nothingNeeded } from '../../src/storage/storage.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { startWorld, write } from './harness.ts';

const hourMs = 3_600_000;

describe('rows and stored files', () => {
  const directory = temporaryDirectory();

  it('are compared, and what differs is found and repaired', async () => {
    await using database = await open(directory);
    let nowMs = Date.now();
    const clock = { now: () => nowMs };
    await using world = await startWorld(database, directory, { write }, { clock });
    const { storage, jobs } = world;
    const all = [];
    for (let count = 0; count < 4; count++) all.push(await world.end(await world.accept('write')));
    const [kept, lost, deleted, forgotten] = all;
    assert.ok(kept && lost && deleted && forgotten);
    assert.deepEqual(await jobs.audit(false), { files: 4, expired: 0, orphans: 0, missing: 0 });

    const slotOf = (job: typeof kept) => job.outcome?.storageKey.split('.')[0] ?? '';
    await storage.delete(slotOf(lost), nothingNeeded);
    await jobs.files.delete(world.links.read(deleted.resultToken) ?? assert.fail());
    await database.query('DELETE FROM octavo.job WHERE id = $1', [forgotten.id]);
    const expected = { files: 2, expired: 0, orphans: 1, missing: 1 };
    assert.deepEqual(await jobs.audit(false), expected);
    assert.deepEqual(await jobs.audit(true), expected);
    assert.deepEqual(await jobs.audit(false), { files: 1, expired: 0, orphans: 0, missing: 0 });
    assert.equal(await world.read(kept), 'done');
    const rows = await database.query('SELECT status FROM octavo.job WHERE id = $1', [lost.id]);
    assert.deepEqual(rows, [{ status: 'failed' }]);

    nowMs += 3 * hourMs;
    assert.equal((await jobs.audit(true)).expired, 1);
    assert.deepEqual(await jobs.audit(false), { files: 0, expired: 0, orphans: 0, missing: 0 });
  });
});
