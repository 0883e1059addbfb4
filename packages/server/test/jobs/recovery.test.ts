import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { Failure } from '../../src/errors.ts';
import type { Job } from '../../src/jobs/job.ts';
import { open, startScript, temporaryDirectory, until } from '../database/harness.ts';
import { startWorld, write } from './harness.ts';

describe('after kill -9 of the server', () => {
  const directory = temporaryDirectory();

  it('the next start runs what was running, at once, and clears up', async () => {
    const server = startScript(new URL('crasher.ts', import.meta.url), directory);
    const lines = [await server.line(), await server.line()];
    await server.kill();
    const id = lines.find((line) => line !== 'working') as string;
    const left = readdirSync(join(directory, 'jobs'));
    assert.equal(left.length, 1);

    await using database = await open(directory);
    await using world = await startWorld(database, directory, { hang: write });
    const ended = await world.end((await world.jobs.queue.find(0, id)) as Job);
    assert.equal(ended.status, 'success');
    assert.equal(await world.read(ended), 'after the crash');
    const now = readdirSync(join(directory, 'jobs'));
    assert.equal(now.length, 1);
    assert.notDeepEqual(now, left);
  });

  it('jobs that pg-boss has lost, or holds by mistake, run as well', async () => {
    await using database = await open(directory);
    const lost: Job[] = [];
    {
      await using accepting = await startWorld(database, directory, {}, { role: 'api' });
      for (let n = 0; n < 3; n++) lost.push(await accepting.accept('write'));
      await database.query('DELETE FROM pgboss.job WHERE id = $1', [lost[0]?.id]);
      await database.query(`UPDATE pgboss.job SET state = 'active' WHERE id = $1`, [lost[1]?.id]);
      await database.query(`UPDATE pgboss.job SET state = 'completed' WHERE id = $1`, [lost[2]?.id]);
    }
    mkdirSync(join(directory, 'jobs', 'left'), { recursive: true });
    await using world = await startWorld(database, directory, { write });
    for (const job of lost) assert.equal((await world.end(job)).status, 'success');
    assert.ok(!readdirSync(join(directory, 'jobs')).includes('left'));
  });
});

describe('kill -9 of the postmaster', () => {
  const directory = temporaryDirectory();

  it('loses no accepted job, and the server goes on by itself', async () => {
    await using database = await open(directory);
    await using world = await startWorld(database, directory, { write });
    const accepted: Job[] = [];
    let kills = 0;
    /** Accepts until the postmaster was killed a second time and is back. */
    const client = async () => {
      for (let after = 0; after < 5;) {
        try {
          accepted.push(await world.accept('write', { text: 'kept' }));
          if (kills === 2) after++;
        } catch (error) {
          assert.ok(error instanceof Failure && error.row === 'databaseDown', String(error));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const clients = Promise.all([client(), client(), client(), client()]);
    for (; kills < 2; kills++) {
      const before = accepted.length;
      await until(() => accepted.length > before + 10);
      const killed = database.postmasterPid() as number;
      process.kill(killed, 'SIGKILL');
      await until(() => database.postmasterPid() !== killed);
    }
    await clients;
    for (const job of accepted) {
      const ended = await world.end(job);
      assert.equal(ended.status, 'success');
      assert.equal(await world.read(ended), 'kept');
    }
  });
});
