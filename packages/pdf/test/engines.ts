import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const found = new Map<string, boolean>();

/**
 * Why a test that needs a program is skipped, or false if it is not. Where OCTAVO_REQUIRE_ENGINES is 1 it never is, so that
 * it fails without the program.
 */
export function withoutEngine(name: string): string | false {
  if (process.env['OCTAVO_REQUIRE_ENGINES'] === '1') return false;
  if (!found.has(name)) found.set(name, spawnSync(name, ['-v']).error === undefined);
  return found.get(name)! ? false : `${name} is not installed`;
}

/** Runs a program on a file, which stands at `FILE` among the arguments. */
export function runEngine(
  name: string,
  file: Uint8Array,
  args: readonly string[],
): { readonly status: number | null; readonly output: string; readonly complaints: string } {
  const directory = mkdtempSync(join(tmpdir(), 'octavo-engine-'));
  try {
    const path = join(directory, 'file.pdf');
    writeFileSync(path, file);
    const given = args.map((argument) => (argument === 'FILE' ? path : argument));
    const { status, stdout, stderr } = spawnSync(name, given, { encoding: 'utf8', maxBuffer: 1 << 28 });
    return { status, output: stdout, complaints: stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
