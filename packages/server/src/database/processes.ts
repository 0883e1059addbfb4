import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Every process of PostgreSQL works in its data directory, and nobody else does: that finds the postmaster and its children
 * however they came to be, also those whose postmaster is dead.
 */
export function processesIn(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && workingDirectory(pid) === directory);
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

function workingDirectory(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
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
