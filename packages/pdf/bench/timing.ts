import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'octavo-pdf-bench-'));
process.once('exit', () => rmSync(directory, { recursive: true }));

/** A path in a directory that goes with this process. */
export function path(name: string): string {
  return join(directory, name);
}

/** How long a step takes. */
export function milliseconds(step: () => unknown): number {
  const start = performance.now();
  step();
  return performance.now() - start;
}

/** Runs a program to its end. */
export function runProgram(name: string, args: readonly string[]): void {
  const { status } = spawnSync(name, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
}

/** Whether a program is there. */
export function isFound(name: string, argument: string): boolean {
  return spawnSync(name, [argument], { stdio: 'ignore' }).error === undefined;
}

/**
 * The least time of each of some programs, run in turn so that all see the same machine. What each writes is gone before it
 * runs, as replacing a file takes its own time.
 */
export function leastTimes(
  programs: ReadonlyMap<string, () => unknown>,
  runs: number,
  resultOf: (name: string) => string,
): ReadonlyMap<string, number> {
  const least = new Map([...programs.keys()].map((name) => [name, Infinity]));
  for (let run = 0; run < runs; run++)
    for (const [name, program] of programs) {
      rmSync(resultOf(name), { force: true });
      least.set(name, Math.min(least.get(name)!, milliseconds(program)));
    }
  return least;
}
