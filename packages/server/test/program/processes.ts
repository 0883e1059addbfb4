import { readdirSync, readFileSync } from 'node:fs';

/** A process, as Linux shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes below one, at any depth. */
export function descendants(pid: number): ProcessEntry[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readEntry(Number(name)) ?? []);
  const found: ProcessEntry[] = [];
  const parents = new Set([pid]);
  for (let before = -1; before !== found.length;) {
    before = found.length;
    for (const entry of all) {
      if (!parents.has(entry.parent) || parents.has(entry.pid)) continue;
      parents.add(entry.pid);
      found.push(entry);
    }
  }
  return found;
}

/** The Node processes that run in boxes below a server; of one engine, or of all. */
export function boxes(server: number, engine = ''): number[] {
  return descendants(server)
    .filter(
      ({ command }) =>
        new RegExp(`${engine}/child\\.[jt]s`).test(command) &&
        !/\b(?:bwrap|unshare|prlimit|setpriv)\b/.test(command.split('\0')[0] ?? ''),
    )
    .map(({ pid }) => pid);
}

/** The postmaster of the embedded database in a data directory, while one runs. */
export function postmaster(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(`${dataDir}/database/cluster/postmaster.pid`, 'utf8').split('\n')[0]);
    return isAlive(pid) ? pid : undefined;
  } catch {
    // It is being started, or is not there.
    return undefined;
  }
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  return Number.isInteger(pid) && readEntry(pid) !== undefined;
}

function readEntry(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    return { pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'latin1') };
  } catch {
    return undefined;
  }
}
