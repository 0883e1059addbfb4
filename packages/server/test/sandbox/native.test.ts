import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { BoxDied, type Tier } from '../../src/sandbox/sandbox.ts';
import type { Own } from './program.ts';
import { isRunning, openTier, openWork, until } from './tiers.ts';
import { workProgram } from './program.ts';

const mebibyte = 1024 * 1024;
const native: Own = {
  entry: new URL('./children/native.ts', import.meta.url),
  native: {
    reads: ['/usr/bin', '/usr/lib', '/bin', '/lib', '/lib64', '/no/such/place'],
    scratchBytesMax: 8 * mebibyte,
    processesMax: 12,
  },
};

interface Said {
  readonly out: string;
  readonly err: string;
  readonly status: number;
}

for (const tier of ['bubblewrap', 'namespaces'] as const) {
  describe(`programs of the system in ${tier}`, { timeout: 60_000 }, () => {
    /** What a shell in a box says. */
    async function inside(t: TestContext, script: string, own: Own = {}): Promise<Said | undefined> {
      const work = await openWork(t, tier, { ...native, ...own });
      return work && ((await work.ask('run', { script })).reply as Said);
    }

    it('run, and see their own processes and room for files alone', async (t) => {
      const said = await inside(t, 'echo a > /tmp/a && cat /tmp/a; ls /proc | grep -c "^[0-9]"; ls /');
      if (said === undefined) return;
      const [file, processes, ...root] = said.out.trim().split('\n');
      assert.equal(file, 'a');
      assert.ok(Number(processes) <= 8, said.out);
      for (const name of ['boot', 'mnt', 'srv']) assert.ok(!root.includes(name), name);
    });

    it('find neither files of the host, nor places to write', async (t) => {
      const said = await inside(t, 'cat /etc/passwd; cat /proc/1/environ; touch /usr/a /a /proc/a; true');
      if (said === undefined) return;
      // Where Node finds compiled code, and what bubblewrap says: places in the box.
      const known = /^(?:PWD=\/|NODE_COMPILE_CACHE=\/box\/(?:code|out\/code))$/;
      const words = said.out.split(/[\0\n]/).filter((word) => word !== '');
      assert.deepEqual(
        words.filter((word) => !known.test(word)),
        [],
      );
      assert.match(said.err, /passwd/);
    });

    it('have no more room than they were given', async (t) => {
      const said = await inside(t, 'head -c 9000000 /dev/zero > /tmp/a; wc -c < /tmp/a', {
        native: {
          ...(native.native as NonNullable<Own['native']>),
          reads: ['/usr/bin', '/usr/lib', '/bin', '/lib', '/lib64', '/dev/zero'],
        },
      });
      if (said === undefined) return;
      assert.ok(Number(said.out) <= 8 * mebibyte, said.out);
    });

    it('end with their box, wherever they went', async (t) => {
      const work = await openWork(t, tier, { ...native, limits: { callsMax: 1 } });
      if (work === undefined) return;
      await work.ask('leave', { script: 'setsid sleep 1000 & setsid sleep 1000' });
      const [pid = 0] = work.pool.pids();
      await until(() => !isRunning(pid));
    });

    it('are ended when they are too many', async (t) => {
      const script = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do sleep 100 & done; wait';
      const died = (error: unknown) => error instanceof BoxDied && /other processes/.test(error.message);
      const work = await openWork(t, tier, native);
      if (work !== undefined) await assert.rejects(work.ask('run', { script }), died);
    });

    it('reach the server through the door, where there is one', async (t) => {
      const streams: Promise<unknown>[] = [];
      const door: Own['door'] = (stream) => {
        streams.push(once(stream, 'data').then(([said]) => stream.end(`you said: ${said}`)));
      };
      const work = await openWork(t, tier, { ...native, door });
      if (work === undefined) return;
      const { reply } = await work.ask('knock');
      assert.deepEqual(reply, { answer: 'you said: who is there?' });
      await Promise.all(streams);
    });
  });

  describe(`boxes for one call in ${tier}`, { timeout: 60_000 }, () => {
    it('serve one call each, and others wait in their place while calls come', async (t) => {
      const work = await openWork(t, tier, { warm: 0, spare: 1, quietMs: 200, limits: { callsMax: 1 } });
      if (work === undefined) return;
      assert.deepEqual(work.pool.pids(), []);
      const seen = new Set<number>();
      for (let round = 0; round < 3; round++) {
        await work.ask('environment');
        await until(() => work.pool.pids().length > 0);
        for (const pid of work.pool.pids()) seen.add(pid);
      }
      assert.ok(seen.size >= 3);
      await until(() => work.pool.pids().length === 0);
    });
  });
}

describe('a tier without walls', () => {
  it('runs no programs of the system', async (t) => {
    const opened = await openTier(t, 'limited' satisfies Tier);
    assert.throws(() => opened?.sandbox.pool(workProgram(native)), /install bubblewrap/);
  });
});
