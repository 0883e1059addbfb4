import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Every process of PostgreSQL works in its data directory, and nobody else does: that finds the postmaster and its children
 * however they came to be, also those whose postmaster is dead. By device and inode, as a path says nothing across containers.
 */
export function processesIn(directory: string): number[] {
  const found = statSync(directory, { throwIfNoEntry: false });
  // Somebody has deleted it under us.
  if (found === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && worksIn(pid, basename(directory), found));
}

/** Ends them all, and resolves when none is left. */
export async function killAllIn(directory: string): Promise<void> {
  for (let left = processesIn(directory); left.length > 0; left = processesIn(directory)) {
    for (const pid of left) kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether the process, or a child of it, was stopped by a signal and cannot go on by itself. */
export function isStopped(pid: number): boolean {
  return [pid, ...childrenOf(pid)].some((one) => stateOf(one) === 'T');
}

/** False where there is no such process. */
export function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** False too for processes of other users, which we may not look at. */
function worksIn(pid: number, name: string, directory: { dev: number; ino: number }): boolean {
  try {
    // First by name: to ask for the inode of a directory on a dead network drive would hang.
    if (!readlinkSync(`/proc/${pid}/cwd`).endsWith(`/${name}`)) return false;
    const found = statSync(`/proc/${pid}/cwd`);
    return found.dev === directory.dev && found.ino === directory.ino;
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** The letter after the name in parentheses, which may hold anything. */
function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.[0];
  } catch {
    return undefined;
  }
}
