import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { EmbeddedDatabase } from '../../src/database/embedded.ts';
import { Failure } from '../../src/errors.ts';
import { open, temporaryDirectory, until } from '../database/harness.ts';
import { gate, startWorld, type World, write } from './harness.ts';

const isFailure = (row: string) => (error: unknown) => error instanceof Failure && error.row === row;

describe('the queue', () => {
  const directory = temporaryDirectory();
  let database: EmbeddedDatabase;
  let world: World;
  let doors: ReturnType<typeof gate>;
  before(async () => {
    database = await open(directory);
    world = await startWorld(
      database,
      directory,
      {
        write,
        wait: async (context, text) => {
          doors.reach();
          await doors.opened;
          return write(context, text);
        },
      },
      { waitingMax: 3, concurrency: 1 },
    );
  });
  after(async () => {
    await world.jobs.stop(0);
    await database.close();
  });

  it('accepts a job, runs it, and tells how it ended', async () => {
    const job = await world.accept('write', { text: 'hello', tenant: 3 });
    assert.equal(job.status, 'waiting');
    const ended = await world.end(job);
    assert.equal(ended.status, 'success');
    assert.deepEqual(
      { ...ended.outcome, storageKey: '' },
      { storageKey: '', sizeBytes: 5, pageCount: 3, warnings: ['a warning'] },
    );
    assert.equal(await world.read(ended), 'hello');
    assert.ok(
      ended.startedAt !== undefined && ended.endedAt !== undefined && ended.startedAt <= ended.endedAt,
    );
    assert.deepEqual(
      { ...ended, status: '', outcome: 0, credits: 0, startedAt: 0, endedAt: 0 },
      { ...job, status: '', outcome: 0, startedAt: 0, endedAt: 0 },
    );
  });

  it('knows the link of the result when it accepts', async () => {
    const job = await world.accept('write', { tenant: 4 });
    const link = world.links.read(job.resultToken);
    assert.deepEqual(
      { ...link },
      {
        kind: 'result',
        id: job.id.replaceAll('-', ''),
        tenant: 4,
        expiresAt: job.expiresAt.getTime(),
        putUntil: undefined,
      },
    );
    const ended = await world.end(job);
    assert.deepEqual(await world.jobs.queue.findByResult(link?.id ?? ''), ended);
  });

  it('shows a job to its tenant alone', async () => {
    const job = await world.accept('write', { tenant: 5 });
    await world.end(job);
    assert.equal((await world.jobs.queue.find(5, job.id))?.id, job.id);
    assert.equal(await world.jobs.queue.find(0, job.id), null);
    assert.equal(await world.jobs.queue.find(6, job.id), null);
  });

  it('knows nothing of ids that are none', async () => {
    for (const id of ['', 'x', "' OR true", '0'.repeat(31), '\0', 'ffffffff-ffff-4fff-bfff-ffffffffffff'])
      assert.equal(await world.jobs.queue.find(0, id), null);
    assert.equal(await world.jobs.queue.waitForEnd('nothing', 60_000, new AbortController().signal), null);
  });

  it('takes every character that a client may send', async () => {
    const text = 'nul \0, lone \uD800, emoji \u{1F600}, quote \' " \\u0000';
    const ended = await world.end(await world.accept('write', { text, resultName: 'a\0b.txt' }));
    assert.equal(ended.status, 'success');
    assert.equal(ended.resultName, 'a\u{FFFD}b.txt');
    assert.equal(await world.read(ended), Buffer.from(text).toString());
  });

  it('forgets the call, with its passwords, when the job has ended', async () => {
    const ended = await world.end(await world.accept('write'));
    assert.deepEqual(await database.query('SELECT call FROM octavo.job WHERE id = $1', [ended.id]), [
      { call: null },
    ]);
  });

  it('leaves nothing behind: no directory, no job of pg-boss', async () => {
    await world.end(await world.accept('write'));
    const [own] = readdirSync(join(directory, 'jobs'));
    await until(() => readdirSync(join(directory, 'jobs', own ?? '')).every((name) => name === 'lock'));
    assert.deepEqual(await database.query('SELECT id FROM pgboss.job'), []);
  });

  it('refuses jobs past its limit, and takes them again afterwards', async () => {
    doors = gate();
    const running = await world.accept('wait');
    await doors.reached;
    const waiting = [await world.accept('write'), await world.accept('write'), await world.accept('write')];
    assert.deepEqual(await world.jobs.count(), { waiting: 3, working: 1 });
    await assert.rejects(world.accept('write'), isFailure('overloaded'));
    doors.open();
    for (const job of [running, ...waiting]) assert.equal((await world.end(job)).status, 'success');
    assert.equal((await world.end(await world.accept('write'))).status, 'success');
    assert.deepEqual(await world.jobs.count(), { waiting: 0, working: 0 });
  });

  it('gives a job as it is when the time has passed, or the waiting is given up', async () => {
    doors = gate();
    const job = await world.accept('wait');
    await doors.reached;
    const { queue } = world.jobs;
    assert.equal((await queue.waitForEnd(job.id, 1, new AbortController().signal))?.status, 'working');
    const given = new AbortController();
    const waiting = queue.waitForEnd(job.id, 60_000, given.signal);
    given.abort();
    assert.equal((await waiting)?.status, 'working');
    assert.equal((await queue.waitForEnd(job.id, 60_000, AbortSignal.abort()))?.status, 'working');
    doors.open();
    assert.equal((await world.end(job)).status, 'success');
  });
});
