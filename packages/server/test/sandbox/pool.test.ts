import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLog, silentLog } from '../../src/platform/log.ts';
import { thisMachine } from '../../src/sandbox/launch.ts';
import { openSandbox, tiers } from '../../src/sandbox/open.ts';
import { BoxDied } from '../../src/sandbox/sandbox.ts';
import { isRunning, openTier, openWork, until } from './tiers.ts';
import { workProgram } from './program.ts';

for (const tier of tiers) {
  describe(`pool in ${tier}`, { timeout: 60_000 }, () => {
    it('runs 100 calls at once over 2 boxes, each with its own files', async (t) => {
      const work = await openWork(t, tier, { size: 2 });
      if (work === undefined) return;
      const server = process.pid;
      await work.pool.ready();
      const before = work.pool.pids();
      await Promise.all(
        Array.from({ length: 100 }, async (_, number) => {
          const folder = join(work.folder, `job-${number}`);
          mkdirSync(folder);
          writeFileSync(join(folder, 'in'), `text ${number}`);
          const call = { inputs: [{ path: join(folder, 'in'), as: 'a' }], outputDirectory: folder };
          assert.deepEqual((await work.ask('copy', {}, call)).files, ['result']);
          assert.equal(readFileSync(join(folder, 'result'), 'utf8'), `text ${number}`);
        }),
      );
      assert.deepEqual(work.pool.pids(), before);
      assert.equal(process.pid, server);
    });

    it('starts boxes when they are needed, where none is to be kept warm', async (t) => {
      const work = await openWork(t, tier, { size: 2, warm: 0 });
      if (work === undefined) return;
      await work.pool.ready();
      assert.deepEqual(work.pool.pids(), []);
      await work.ask('echo');
      assert.equal(work.pool.pids().length, 1);
      await Promise.all(Array.from({ length: 10 }, () => work.ask('echo')));
      await until(() => work.pool.pids().length === 2);
      await work.ask('exit').catch(() => {});
      await work.ask('echo');
    });

    it('starts one more than are needed, but not before the first has its call', async (t) => {
      const work = await openWork(t, tier, { size: 1, warm: 0, spare: 1 });
      if (work === undefined) return;
      const begun = () =>
        readdirSync(work.boxes, { recursive: true }).filter((path) => /\/\d+$/.test(String(path)));
      const before = begun();
      const asked = work.ask('echo');
      assert.equal(begun().length, before.length + 1);
      await asked;
      await until(() => work.pool.pids().length === 2);
    });

    it('ends the boxes of a rush when it is over, but those that are kept warm', async (t) => {
      const work = await openWork(t, tier, { size: 3, warm: 1, quietMs: 1_000 });
      if (work === undefined) return;
      const rush = Array.from({ length: 30 }, () => work.ask('echo'));
      await until(() => work.pool.pids().length === 3);
      await Promise.all(rush);
      await until(() => work.pool.pids().length === 1);
      await work.ask('echo');
    });

    it('takes callers in the order in which they came', async (t) => {
      const work = await openWork(t, tier);
      if (work === undefined) return;
      const order: number[] = [];
      const calls = Array.from({ length: 20 }, async (_, number) => {
        await work.ask(number === 5 ? 'exit' : 'echo').catch(() => {});
        order.push(number);
      });
      await Promise.all(calls);
      assert.deepEqual(order, [...order.keys()]);
    });

    it('goes on while boxes die all around', async (t) => {
      const work = await openWork(t, tier, { size: 2 });
      if (work === undefined) return;
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, number) =>
          work.ask(number % 4 === 0 ? 'exit' : 'echo', { text: number }),
        ),
      );
      for (const [number, result] of results.entries()) {
        assert.equal(result.status, number % 4 === 0 ? 'rejected' : 'fulfilled');
      }
      await until(() => work.pool.pids().length === 2);
    });

    it('tells its callers when boxes do not start', async (t) => {
      const opened = await openTier(t, tier);
      if (opened === undefined) return;
      const pool = opened.sandbox.pool(
        workProgram({ entry: new URL('./children/broken.ts', import.meta.url) }),
      );
      const call = { message: {}, inputs: [], outputDirectory: opened.folder, wallMsMax: 1_000 };
      await assert.rejects(
        pool.run(call),
        (error) => error instanceof BoxDied && /do not start/.test(error.message),
      );
    });

    it('leaves no process when the server is killed, and the next start removes its folders', async (t) => {
      const opened = await openTier(t, tier);
      if (opened === undefined) return;
      const directory = join(opened.folder, 'killed');
      const script = fileURLToPath(new URL('./children/server.ts', import.meta.url));
      const server = spawn(process.execPath, ['--conditions=octavo-source', script, directory, tier], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(createInterface({ input: server.stdout }), 'line');
      const pids = JSON.parse(line as string) as number[];
      assert.equal(pids.filter(isRunning).length, 2);
      const exit = once(server, 'exit');
      server.kill('SIGKILL');
      await exit;
      await until(() => pids.every((pid) => !isRunning(pid)));
      assert.equal(readdirSync(directory).length, 1);
      const next = await openSandbox({ directory, log: silentLog, allow: [tier] });
      await next.close();
      assert.deepEqual(readdirSync(directory), []);
    });
  });
}

describe('opening a sandbox', { timeout: 60_000 }, () => {
  const temporary = () => mkdtempSync(join(tmpdir(), 'octavo-test-'));

  it('falls to the next tier where programs are missing, never in silence', async (t) => {
    const folder = temporary();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const lines: string[] = [];
    const log = createLog({ level: 'warn', format: 'json', write: (line) => lines.push(line), now: () => 0 });
    const machine = thisMachine();
    const bare = {
      ...machine,
      find: (name: string) => (/bwrap|unshare/.test(name) ? null : machine.find(name)),
    };
    const sandbox = await openSandbox({ directory: folder, log, machine: bare });
    t.after(() => sandbox.close());
    assert.equal(sandbox.tier, 'limited');
    const warned = lines.map((line) => (JSON.parse(line) as { tier: string }).tier);
    assert.deepEqual(warned, ['bubblewrap', 'namespaces', 'limited']);
  });

  it('falls to the next tier where a program does not do what it should', async (t) => {
    const folder = temporary();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const machine = thisMachine();
    // It starts its command without any walls.
    const fake = join(folder, 'bwrap');
    const command = 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"';
    writeFileSync(fake, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
    const find = (name: string) => (name === 'bwrap' ? fake : name === 'unshare' ? null : machine.find(name));
    const sandbox = await openSandbox({
      directory: join(folder, 'boxes'),
      log: silentLog,
      machine: { ...machine, find },
    });
    t.after(() => sandbox.close());
    assert.equal(sandbox.tier, 'limited');
  });

  it('throws a sentence where no allowed tier works', async (t) => {
    const folder = temporary();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const machine = { ...thisMachine(), find: () => null };
    const opening = openSandbox({
      directory: folder,
      log: silentLog,
      allow: ['bubblewrap', 'namespaces'],
      machine,
    });
    await assert.rejects(opening, /No kind of box works here.*install bubblewrap/s);
  });

  it('leaves the folders of servers that live alone, also below a very long path', async (t) => {
    const folder = temporary();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const directory = join(folder, 'long-'.repeat(30), 'boxes');
    const first = await openSandbox({ directory, log: silentLog });
    t.after(() => first.close());
    const pool = first.pool(workProgram());
    const second = await openSandbox({ directory, log: silentLog });
    await second.close();
    assert.equal(readdirSync(directory).length, 1);
    writeFileSync(join(folder, 'a'), 'text');
    const inputs = [{ path: join(folder, 'a'), as: 'a' }];
    await pool.run({ message: { does: 'copy' }, inputs, outputDirectory: folder, wallMsMax: 10_000 });
    assert.ok(existsSync(join(folder, 'result')));
  });

  it('opens the strongest tier of this machine', async (t) => {
    const folder = temporary();
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const sandbox = await openSandbox({ directory: folder, log: silentLog });
    t.after(() => sandbox.close());
    assert.ok(sandbox.probes.length > 0);
    if (process.env['OCTAVO_REQUIRE_ENGINES'] === '1') assert.equal(sandbox.tier, 'bubblewrap');
  });
});
