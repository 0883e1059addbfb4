import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Failure } from '../../src/errors.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { gate, startWorld, write } from './harness.ts';

describe('stopping', () => {
  const directory = temporaryDirectory();

  it('lets running jobs end, and takes no new ones', async () => {
    await using database = await open(directory);
    const doors = gate();
    await using world = await startWorld(
      database,
      directory,
      {
        async wait(context, text) {
          doors.reach();
          await doors.opened;
          return write(context, text);
        },
      },
      { concurrency: 1 },
    );
    const running = await world.accept('wait');
    await doors.reached;
    const waiting = await world.accept('wait');
    const stopped = world.jobs.stop(60_000);
    await assert.rejects(
      world.accept('wait'),
      (error) => error instanceof Failure && error.row === 'stopping',
    );
    doors.open();
    await stopped;
    assert.equal((await world.jobs.queue.find(0, running.id))?.status, 'success');
    assert.equal((await world.jobs.queue.find(0, waiting.id))?.status, 'waiting');
    await database.close();
  });

  it('gives back what does not end in time, without counting it, and the next start runs it', async () => {
    await using database = await open(directory);
    const doors = gate();
    await using world = await startWorld(database, directory, {
      async wait(context) {
        doors.reach();
        await new Promise((_, reject) =>
          context.signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
        return '';
      },
    });
    const job = await world.accept('wait');
    await doors.reached;
    await world.jobs.stop(0);
    assert.deepEqual(
      await database.query('SELECT status, attempt, claims FROM octavo.job WHERE id = $1', [job.id]),
      [{ status: 'waiting', attempt: null, claims: 0 }],
    );
    await using next = await startWorld(database, directory, { wait: write });
    assert.equal((await next.end(job)).status, 'success');
    await next.jobs.stop(0);
    await database.close();
  });
});
