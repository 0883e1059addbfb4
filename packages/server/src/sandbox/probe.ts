import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Damage, Targets } from './attacks.ts';
import { Box } from './box.ts';
import type { Launcher } from './launch.ts';
import { parentOf } from './processes.ts';
import type { BoxProgram, Sandbox } from './sandbox.ts';
import { viewOf } from './view.ts';

const program: BoxProgram = {
  name: 'probe',
  entry: new URL(
    import.meta.url.endsWith('.ts') ? './child-attack.ts' : './child-attack.js',
    import.meta.url,
  ),
  size: 1,
  limits: {
    memoryBytesMax: 256 * 1024 * 1024,
    fileBytesMax: 1024 * 1024,
    cpuMsMax: 10_000,
    openFilesMax: 64,
    callsMax: 1,
  },
};
const startMsMax = 5_000;

/** Attacks a real box from inside and reports what happened. Rejects, with a reason, when a box does not even start. */
export async function probe(launcher: Launcher, folder: string, root: boolean): Promise<Sandbox['probes']> {
  const outside = makeTargets();
  const canary = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  try {
    await once(canary, 'listening');
    const box = new Box({ program, launcher, view: viewOf(program, launcher.tools), root }, folder);
    try {
      await ready(box);
      return await attack(box, outside, (canary.address() as AddressInfo).port);
    } finally {
      box.kill('aborted', 'The probe is over.');
      await box.ended;
    }
  } finally {
    canary.close();
    await rm(outside, { recursive: true, force: true });
  }
}

/** A folder that is open to everybody, so that it is the box that stops an attack and not the rights of its user. */
function makeTargets(): string {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-probe-'));
  chmodSync(folder, 0o777);
  mkdirSync(join(folder, 'results'), { mode: 0o700 });
  for (const name of ['marker', 'input']) {
    writeFileSync(join(folder, name), 'untouched');
    chmodSync(join(folder, name), 0o666);
  }
  return folder;
}

async function ready(box: Box): Promise<void> {
  const clock = setTimeout(() => box.kill('wall-clock', 'It did not start in time.'), startMsMax);
  await box.ready.finally(() => clearTimeout(clock));
}

async function attack(box: Box, folder: string, port: number): Promise<Sandbox['probes']> {
  const targets: Targets = { port, marker: join(folder, 'marker'), outside: join(folder, 'written') };
  const { reply } = await box.call({
    message: targets,
    inputs: [{ path: join(folder, 'input'), as: 'input' }],
    outputDirectory: join(folder, 'results'),
    wallMsMax: startMsMax,
  });
  const damage = reply as Damage;
  if (!damage.useful) throw new Error('A process in it can neither read its inputs nor write results.');
  const left = await leftAfterKill(box);
  const input = damage.input || readFileSync(join(folder, 'input'), 'utf8') !== 'untouched';
  return [
    { attack: 'reach the network', stopped: !damage.network },
    { attack: 'read a file outside', stopped: !damage.read },
    { attack: 'write a file outside', stopped: !damage.write && !existsSync(targets.outside) },
    { attack: 'change an input', stopped: !input },
    { attack: 'outlive the box', stopped: left.length === 0 },
  ];
}

/** Kills the box and gives the processes of it that are still there; then ends them too. */
async function leftAfterKill(box: Box): Promise<number[]> {
  const all = box.processes();
  box.kill('aborted', 'The probe is over.');
  await box.ended;
  const left = all.filter((pid) => pid !== 0 && parentOf(pid) !== null);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return left;
}
