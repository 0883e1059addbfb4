import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { descendantsOf } from '../../src/sandbox/processes.ts';
import { silentLog } from '../../src/platform/log.ts';
import { openSandbox, tiers } from '../../src/sandbox/open.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { BoxAnswer } from '../../src/sandbox/sandbox.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { asking, isRunning, openTier, openWork, until } from './tiers.ts';
import { workProgram } from './program.ts';

const died = (why: BoxDied['why']) => (error: unknown) => {
  assert.ok(error instanceof BoxDied, String(error));
  assert.equal(error.why, why, error.message);
  return true;
};

for (const tier of tiers) {
  describe(`ends of boxes in ${tier}`, { timeout: 120_000 }, () => {
    for (const deed of ['grow', 'growHeap', 'growShared']) {
      it(`dies of memory (${deed}), and the next call works`, async (t) => {
        const work = await openWork(t, tier);
        if (work === undefined) return;
        await assert.rejects(work.ask(deed), died('memory'));
        assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
      });
    }

    for (const deed of ['loop', 'wait']) {
      it(`dies of the wall clock (${deed})`, async (t) => {
        const work = await openWork(t, tier);
        if (work === undefined) return;
        await assert.rejects(work.ask(deed, {}, { wallMsMax: 300 }), died('wall-clock'));
        assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
      });
    }

    it('dies of processor time, which earlier calls do not count for', async (t) => {
      const work = await openWork(t, tier, { limits: { cpuMsMax: 1_000 } });
      if (work === undefined) return;
      await work.ask('echo');
      await assert.rejects(work.ask('loop'), died('wall-clock'));
      assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
    });

    it('dies when its call is aborted, before and after it has begun', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const [running, waiting] = [new AbortController(), new AbortController()];
      const first = work.ask('loop', {}, { signal: running.signal });
      const second = work.ask('echo', {}, { signal: waiting.signal });
      waiting.abort();
      await assert.rejects(second, died('aborted'));
      running.abort();
      await assert.rejects(first, died('aborted'));
      await assert.rejects(work.ask('echo', {}, { signal: AbortSignal.abort() }), died('aborted'));
      assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
    });

    it('is replaced when it is killed in a call or while idle', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      await work.ask('echo');
      const [first = 0] = work.pool.pids();
      const call = work.ask('loop');
      process.kill(first, 'SIGKILL');
      await assert.rejects(call, died('crash'));
      await work.ask('echo');
      const [second = 0] = work.pool.pids();
      assert.notEqual(second, first);
      process.kill(second, 'SIGKILL');
      await until(() => !work.pool.pids().includes(second));
      assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
    });

    for (const deed of ['throw', 'exit', 'flood', 'longReply']) {
      it(`is replaced after a crash (${deed})`, async (t) => {
        const work = await openWork(t, tier);
        if (work === undefined) return;
        await assert.rejects(work.ask(deed), died('crash'));
        assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
      });
    }

    it('takes what a library prints for what it is', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      await work.ask('print');
      assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
    });

    it('is ended when it answers with garbage', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const garbage = [
        Buffer.from('no frame at all, but long enough to be read as one'),
        Buffer.from([255, 255, 255, 255]),
        Buffer.from([4, 0, 0, 0, 0x7b, 0x7b, 0x7b, 0x7b]),
        Buffer.from([4, 0, 0, 0, 0x6e, 0x75, 0x6c, 0x6c]),
        Buffer.from([2, 0, 0, 0, 0x7b, 0x7d]),
      ];
      for (const bytes of garbage) {
        // It is one answer too many: either this call ends with it, or it does not reach the next.
        const more = { bytes: bytes.toString('base64') };
        const results: PromiseSettledResult<BoxAnswer>[] = await Promise.allSettled([
          work.ask('garbage', more),
          work.ask('echo', { text: 'next' }),
        ]);
        for (const result of results) if (result.status === 'rejected') died('crash')(result.reason);
        const next = results[1];
        if (next?.status === 'fulfilled') assert.equal(next.value.reply, 'next');
      }
      await until(() => work.pool.pids().length > 0);
    });

    it('is replaced when it has grown, or has served its number of calls', async (t) => {
      const work = await openWork(t, tier, { limits: { callsMax: 5 } });
      if (work === undefined) return;
      await work.ask('echo');
      const [first = 0] = work.pool.pids();
      // Its successor starts while it goes on: no caller waits.
      while (work.pool.pids().includes(first)) await work.ask('echo');
      await work.pool.ready();
      await work.ask('hold');
      const before = work.pool.pids();
      await work.ask('echo');
      assert.notDeepEqual(work.pool.pids(), before);
    });

    it('leaves nothing behind when the sandbox closes', async (t) => {
      const found = await openTier(t, tier);
      if (found === undefined) return;
      const directory = join(found.folder, 'boxes');
      const sandbox = await openSandbox({ directory, log: silentLog, allow: [tier] });
      const pool = sandbox.pool(workProgram({ size: 2 })) as Pool;
      const ask = asking(pool, found.folder);
      await pool.ready();
      const pids = pool.pids();
      const call = assert.rejects(ask('loop'), died('aborted'));
      await sandbox.close();
      await call;
      assert.equal(pids.length, 2);
      assert.deepEqual(pids.filter(isRunning), []);
      assert.deepEqual(readdirSync(directory), []);
      await assert.rejects(ask('echo'), died('aborted'));
    });
  });
}

for (const tier of ['bubblewrap', 'namespaces'] as const) {
  describe(`processes of a box in ${tier}`, { timeout: 60_000 }, () => {
    for (const deed of ['fork', 'orphan']) {
      it(`end with it (${deed})`, async (t) => {
        const work = await openWork(t, tier);
        if (work === undefined) return;
        await work.ask('echo');
        const [node = 0] = work.pool.pids();
        const abort = new AbortController();
        const call = work.ask(deed, {}, { signal: abort.signal });
        const seen = new Set<number>();
        await until(() => {
          for (const pid of descendantsOf(node)) seen.add(pid);
          return seen.size > 0;
        });
        if (deed === 'orphan') abort.abort();
        await assert.rejects(call, deed === 'fork' ? BoxDied : died('aborted'));
        await until(() => [node, ...seen].every((pid) => !isRunning(pid)));
        assert.equal((await work.ask('echo', { text: 'next' })).reply, 'next');
      });
    }
  });
}
