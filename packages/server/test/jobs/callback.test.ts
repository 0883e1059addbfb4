import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createClaims } from '../../src/jobs/claims.ts';
import { endlessCredits } from '../../src/jobs/credits.ts';
import { createDispatch } from '../../src/jobs/dispatch.ts';
import { createProgressBoard } from '../../src/jobs/progress.ts';
import { createSources } from '../../src/jobs/sources.ts';
import { createLinks } from '../../src/links/links.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { open, temporaryDirectory } from '../database/harness.ts';
import { startEdge } from '../http/edge.ts';
import { startWorld } from './harness.ts';

const never = new AbortController().signal;

describe('a callback in a request', () => {
  it('is looked at before the job is accepted, and refused by its name', async () => {
    const sources = createSources({
      links: createLinks(Buffer.alloc(32)),
      storage: await createFileStorage({ directory: temporaryDirectory() }),
      files: { find: async () => null },
      needs: { needed: nothingNeeded, hold: () => {}, release: () => {} },
      download: () => Promise.reject(new Error('nothing is fetched')),
      fetch: () => Promise.reject(new Error('nothing is fetched')),
    });
    await using edge = await startEdge({}, { checkSource: sources.check });
    const call = async (callback: string) => {
      const fields = new URLSearchParams({ url: 'http://a.example/a.pdf', async: 'true', callback });
      const answer = await fetch(`${edge.base}/pdf/merge?${fields}`);
      return { status: answer.status, ...((await answer.json()) as { message?: string }) };
    };
    for (const [callback, status] of [
      ['ftp://a.example/', 403],
      ['http://', 452],
      ['not a host', 452],
    ] as const) {
      const answer = await call(callback);
      assert.equal(answer.status, status, callback);
      assert.match(answer.message ?? '', /"callback"/);
    }
    assert.equal(edge.queue.calls.length, 0);
    for (const callback of ['', ' ', ' http://a.example/hook?x=1 ', 'a.example/hook'])
      assert.equal((await call(callback)).status, 200, callback);
    assert.deepEqual(
      edge.queue.calls.map(({ call: { job }, base }) => [job.callback, base]),
      ['', '', 'http://a.example/hook?x=1', 'a.example/hook'].map((text) => [text, edge.base]),
    );
  });
});

describe('the end of a job with a callback', () => {
  const directory = temporaryDirectory();

  it('writes what is to be delivered once, with what was published', async () => {
    await using database = await open(directory);
    await using world = await startWorld(database, directory, {}, { role: 'api' });
    const dispatch = createDispatch(database, silentLog);
    await dispatch.start();
    let woken = 0;
    const claims = createClaims({
      progress: createProgressBoard(),
      database,
      dispatch,
      clock: { now: () => Date.now() },
      credits: endlessCredits,
      deliver: () => woken++,
    });
    const how = (pageCount: number) => ({
      outcome: { storageKey: 'a', sizeBytes: 1, pageCount, warnings: [] },
    });
    const rows = () =>
      database.query<{ job: string; link: string; body: string }>('SELECT * FROM octavo.delivery');

    await world.accept('', { callback: 'http://a.example/' });
    const [first] = await claims.take(1);
    await claims.releaseDead(0);
    const [second] = await claims.take(1);
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(await claims.end(first, how(1), never), null);
    assert.deepEqual(await rows(), []);
    await claims.end(second, how(2), never);
    await claims.end(second, how(2), never);
    const [row, ...more] = await rows();
    assert.deepEqual([row?.job, row?.link, more], [second.job.id, 'http://a.example/', []]);
    assert.equal(JSON.parse(row?.body ?? '').pageCount, 2);
    assert.equal(woken, 3);

    await world.accept('');
    const [without] = await claims.take(1);
    assert.ok(without !== undefined);
    await claims.end(without, how(3), never);
    assert.deepEqual([(await rows()).length, woken], [1, 3]);
    await dispatch.stop();
    await world.jobs.stop(0);
    await database.close();
  });
});
