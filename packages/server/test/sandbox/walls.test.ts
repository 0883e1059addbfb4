import assert from 'node:assert/strict';
import { once } from 'node:events';
import { linkSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { boxUser } from '../../src/sandbox/launch.ts';
import { tiers } from '../../src/sandbox/open.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { openTier, openWork } from './tiers.ts';

const walled = ['bubblewrap', 'namespaces'] as const;
const crash = (error: unknown) => error instanceof BoxDied && error.why === 'crash';

for (const tier of tiers) {
  describe(`walls of ${tier}`, { timeout: 60_000 }, () => {
    it('is probed by attack, and says what it does not stop', async (t) => {
      const opened = await openTier(t, tier);
      if (opened === undefined) return;
      const open = opened.sandbox.probes.filter(({ stopped }) => !stopped).map(({ attack }) => attack);
      assert.equal(opened.sandbox.probes.length, 5);
      assert.equal(opened.sandbox.tier, tier);
      assert.deepEqual(open, tier === 'limited' ? ['reach the network'] : []);
    });

    it('gives no environment', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const { reply } = await work.ask('environment');
      const { PWD, ...env } = (reply as { env: Record<string, string> }).env;
      assert.deepEqual(env, {});
      // Bubblewrap sets it.
      assert.ok(PWD === undefined || PWD === '/');
    });

    it('gives no way to files outside', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const secret = join(work.folder, 'secret');
      writeFileSync(secret, 'secret', { mode: 0o666 });
      for (const path of [secret, '/etc/passwd', '/proc/1/cmdline', '/proc/self/environ']) {
        await assert.rejects(work.ask('read', { path }), crash, path);
      }
      for (const path of [secret, join(work.folder, 'new'), '/new', '/tmp/new', '/dev/shm/new']) {
        await assert.rejects(work.ask('write', { path }), crash, path);
      }
      assert.equal(readFileSync(secret, 'utf8'), 'secret');
    });

    it('keeps inputs as they are, also the stored file behind a hard link', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const [stored, input] = [join(work.folder, 'stored'), join(work.folder, 'input')];
      writeFileSync(stored, 'stored', { mode: 0o600 });
      linkSync(stored, input);
      const inputs = [{ path: input, as: 'a' }];
      for (const deed of ['overwrite', 'linkInput'])
        await assert.rejects(work.ask(deed, {}, { inputs }), crash, deed);
      assert.equal(readFileSync(stored, 'utf8'), 'stored');
      const { files } = await work.ask('copy', {}, { inputs });
      assert.deepEqual(files, ['result']);
      assert.equal(readFileSync(join(work.folder, 'result'), 'utf8'), 'stored');
    });

    it('runs without privileges, as root not as root', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      await work.pool.ready();
      for (const pid of work.pool.pids()) {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const field = (name: string) =>
          status
            .match(new RegExp(`^${name}:[ \\t]*(.*)$`, 'm'))?.[1]
            ?.trim()
            .split(/\s+/);
        const user = String(process.getuid?.() === 0 ? boxUser.uid : process.getuid?.());
        assert.deepEqual(field('Uid'), [user, user, user, user]);
        assert.deepEqual(field('NoNewPrivs'), ['1']);
        for (const set of ['CapPrm', 'CapEff', 'CapInh', 'CapAmb'])
          assert.match(field(set)?.[0] ?? '', /^0+$/, set);
        if (process.getuid?.() === 0) assert.deepEqual(field('Groups'), ['']);
      }
    });

    it('gives results to the server, readable by it alone', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      await work.ask('names', { names: ['result'] });
      const { mode, uid } = statSync(join(work.folder, 'result'));
      assert.equal(mode & 0o777, 0o600);
      assert.equal(uid, process.getuid?.());
    });

    it('makes no code from text', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      await assert.rejects(work.ask('evaluate'), crash);
    });
  });
}

for (const tier of walled) {
  describe(`no network in ${tier}`, { timeout: 60_000 }, () => {
    it('does not reach a listener on loopback', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const canary = createServer().listen(0, '127.0.0.1');
      t.after(() => canary.close());
      await once(canary, 'listening');
      let reached = 0;
      canary.on('connection', () => (reached += 1));
      const { reply } = await work.ask('connect', { port: (canary.address() as AddressInfo).port });
      assert.notEqual(reply, 'connected');
      assert.equal(reached, 0);
    });

    it('shows nothing of the machine', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const { reply } = await work.ask('list', { path: '/' });
      const top = new Set(reply as string[]);
      for (const name of ['var', 'sys', 'run', 'bin', 'sbin']) assert.ok(!top.has(name), name);
    });
  });
}
