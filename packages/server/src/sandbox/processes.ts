import { readFileSync, readdirSync } from 'node:fs';

/** What a process and all that it started take, as the kernel counts it. */
export interface Usage {
  readonly residentBytes: number;
  readonly cpuMs: number;
  readonly processes: number;
}

const pageBytes = 4096;
/** The unit of times in /proc is a hundredth of a second wherever Linux runs. */
const tickMs = 10;

/** Usage of a process with everything below it; null where it is gone or the system has no /proc. */
export function usageOf(pid: number): Usage | null {
  const all = [pid, ...descendantsOf(pid)].map(usageOfOne).filter((usage) => usage !== null);
  if (all.length === 0) return null;
  return all.reduce((sum, one) => ({
    residentBytes: sum.residentBytes + one.residentBytes,
    cpuMs: sum.cpuMs + one.cpuMs,
    processes: sum.processes + one.processes,
  }));
}

/** Usage of one process alone. */
export function usageOfOne(pid: number): Usage | null {
  const fields = statFields(pid);
  if (fields === null) return null;
  const at = (index: number) => Number(fields[index]);
  // Fields 14 to 17 and 24 of proc(5), counted from the third: user and system time, its own and of children that ended.
  return {
    cpuMs: (at(11) + at(12) + at(13) + at(14)) * tickMs,
    residentBytes: at(21) * pageBytes,
    processes: 1,
  };
}

/** The process that started this one; null where it is gone. */
export function parentOf(pid: number): number | null {
  const fields = statFields(pid);
  return fields === null ? null : Number(fields[1]);
}

/** The direct children of a process, whichever of its threads started them. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Enough to see that a box has far too many. */
const descendantsMax = 256;

/** All that a process and its children have started, as far as it still runs. */
export function descendantsOf(pid: number): number[] {
  const found = childrenOf(pid);
  for (let at = 0; at < found.length && found.length < descendantsMax; at += 1) {
    found.push(...childrenOf(found[at] ?? 0));
  }
  return found;
}

/** Fields of /proc/<pid>/stat after the name, which may hold anything. */
function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
