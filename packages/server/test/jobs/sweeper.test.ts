import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { sweep } from '../../src/jobs/sweeper.ts';
import { silentLog } from '../../src/platform/log.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { gate, startWorld, write } from './harness.ts';

const hourMs = 3_600_000;

describe('the sweeper', () => {
  const directory = temporaryDirectory();

  it('deletes what has expired, and nothing that is open or young', async () => {
    await using database = await open(directory);
    let now = Date.now();
    const clock = { now: () => now };
    const doors = gate();
    await using world = await startWorld(
      database,
      directory,
      {
        write,
        async wait(...args) {
          doors.reach();
          await doors.opened;
          return write(...args);
        },
      },
      { clock },
    );
    const { queue } = world.jobs;
    const short = await world.end(await world.accept('write', { expiration: 60 }));
    const long = await world.end(await world.accept('write', { expiration: 60 * 24 }));
    const working = await world.accept('wait', { expiration: 60 });
    await doors.reached;

    await sweep({ database, storage: world.storage, clock, log: silentLog });
    assert.notEqual(await queue.find(0, short.id), null);

    now += 3 * hourMs;
    await sweep({ database, storage: world.storage, clock, log: silentLog });
    assert.equal(await queue.find(0, short.id), null);
    assert.equal(await world.storage.stat(short.outcome?.storageKey ?? ''), null);
    assert.equal((await queue.find(0, long.id))?.status, 'success');
    assert.equal(await world.read(long), 'done');
    assert.equal((await queue.find(0, working.id))?.status, 'working');

    doors.open();
    assert.equal((await world.end(working)).status, 'success');
    await sweep({ database, storage: world.storage, clock, log: silentLog });
    assert.equal(await queue.find(0, working.id), null);
  });
});
