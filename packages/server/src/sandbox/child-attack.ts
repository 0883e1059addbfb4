import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Damage, Targets } from './attacks.ts';
import { serve } from './child.ts';

await serve(async (message, files) => {
  const { port, marker, outside } = message as Targets;
  const damage: Damage = {
    useful: works(() => writeFileSync(files.output('result'), readFileSync(files.input('input')))),
    network: await connects(port),
    read: works(() => readFileSync(marker)),
    write: works(() => writeFileSync(outside, 'written')),
    input: works(() => writeFileSync(files.input('input'), 'changed', { flag: 'r+' })),
    orphan: works(() => startOrphan()),
  };
  return damage;
});

function works(attack: () => unknown): boolean {
  try {
    attack();
    return true;
  } catch {
    return false;
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    setTimeout(() => resolve(false), 500).unref();
  });
}

function startOrphan(): void {
  const orphan = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], {
    detached: true,
    stdio: 'ignore',
  });
  orphan.on('error', () => {});
  if (orphan.pid === undefined) throw new Error('nothing was started');
}
