import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { after } from 'node:test';
import { silentLog } from '../../src/platform/log.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { Own } from './program.ts';
import { workProgram } from './program.ts';
import type { BoxCall, BoxPool, Sandbox, Tier } from '../../src/sandbox/sandbox.ts';

const opened = new Map<Tier, Promise<Sandbox>>();
const temporary = mkdtempSync(join(tmpdir(), 'octavo-test-'));

after(async () => {
  for (const opening of opened.values()) await opening.then((sandbox) => sandbox.close()).catch(() => {});
  rmSync(temporary, { recursive: true, force: true });
});

/** The sandbox of one tier, the same for all tests of a file. */
function sandboxOf(tier: Tier): Promise<Sandbox> {
  const directory = join(temporary, `boxes-${tier}`);
  const opening = opened.get(tier) ?? openSandbox({ directory, log: silentLog, allow: [tier] });
  opened.set(tier, opening);
  return opening;
}

/** The sandbox of a tier and a folder of the test's own; skipped, or failed where all is required, when there is none. */
export async function openTier(
  t: TestContext,
  tier: Tier,
): Promise<{ sandbox: Sandbox; folder: string } | undefined> {
  try {
    return { sandbox: await sandboxOf(tier), folder: mkdtempSync(join(temporary, 'test-')) };
  } catch (error) {
    if (process.env['OCTAVO_REQUIRE_ENGINES'] === '1') throw error;
    t.skip(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** What most tests need: a pool of `children/work.ts`, and a short way to call it. */
export async function openWork(t: TestContext, tier: Tier, own: Own = {}) {
  const found = await openTier(t, tier);
  if (found === undefined) return undefined;
  const { sandbox, folder } = found;
  const pool = sandbox.pool(workProgram(own)) as Pool;
  t.after(() => pool.close());
  return { folder, boxes: join(temporary, `boxes-${tier}`), pool, ask: asking(pool, folder) };
}

/** Calls a box; results go to `folder`. */
export function asking(pool: BoxPool, folder: string) {
  return (does: string, more: Record<string, unknown> = {}, call: Partial<BoxCall> = {}) =>
    pool.run({ message: { does, ...more }, inputs: [], outputDirectory: folder, wallMsMax: 30_000, ...call });
}

/** Whether a process exists and is more than an entry that nobody has read yet. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}

/** Waits for something that no event tells of; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
