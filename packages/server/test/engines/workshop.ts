import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it, type TestContext } from 'node:test';
import type { FileHandle } from '../../src/engines/capabilities.ts';
import type { EngineContext } from '../../src/engines/engine.ts';
import { silentLog } from '../../src/platform/log.ts';
import { openSandbox, tiers } from '../../src/sandbox/open.ts';
import type { Sandbox, Tier } from '../../src/sandbox/sandbox.ts';

/** Where the engine of a suite works: real boxes, and a folder for its files. */
export interface Workshop {
  readonly folder: string;
  /** A file for the engine to read. */
  file(bytes: Uint8Array | string, name?: string, number?: number): FileHandle;
  /** A call with a directory of its own for results. */
  context(own?: Partial<EngineContext>): EngineContext;
  /** A test that is skipped where there are no such boxes. */
  test(name: string, run: (t: TestContext) => Promise<void> | void): void;
}

/** Paths of the files in a folder and below, in their order. */
export function filesIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .toSorted();
}

/**
 * Opens a workshop for the suite that calls this, and closes it afterwards; `start` makes the engine. Without a tier the strongest one of
 * the machine counts; with one that is not there, its tests are skipped, or fail where all is required.
 */
export function openWorkshop(
  tier: Tier | undefined,
  start: (sandbox: Sandbox, folder: string) => void,
): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-engine-'));
  const mayMiss = tier !== undefined && process.env['OCTAVO_REQUIRE_ENGINES'] !== '1';
  let sandbox: Sandbox | undefined;
  let missing = '';
  let count = 0;
  before(async () => {
    const allow = tier === undefined ? tiers : [tier];
    const opening = openSandbox({ directory: join(folder, 'boxes'), log: silentLog, allow });
    sandbox = await (mayMiss ? opening.catch((error: Error) => void (missing = error.message)) : opening);
    if (sandbox !== undefined) start(sandbox, folder);
  });
  after(async () => {
    await sandbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    file(bytes, name = 'a.pdf', number) {
      const path = join(folder, `source-${(count += 1)}`);
      writeFileSync(path, bytes, { mode: 0o600 });
      return { path, name, sizeBytes: statSync(path).size, ...(number === undefined ? {} : { number }) };
    },
    context(own = {}) {
      const directory = join(folder, `job-${(count += 1)}`);
      mkdirSync(directory, { mode: 0o700 });
      return { password: '', directory, wallMsMax: 60_000, signal: new AbortController().signal, ...own };
    },
    test: (name, run) => void it(name, async (t) => (sandbox === undefined ? t.skip(missing) : run(t))),
  };
}
