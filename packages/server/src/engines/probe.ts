import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BoxDied, type BoxPool } from '../sandbox/sandbox.ts';
import type { Engine, EngineContext } from './engine.ts';

/** A box may have to start first, and to load what it works with, on a machine that is busy. */
const probeMsMax = 20_000;

/** What an operator hears of a probe; `failed` goes on with the reason. */
export interface ProbeWords {
  readonly ready: string;
  readonly wrong: string;
  readonly failed: string;
}

/**
 * Tries an engine in a directory below this one, which is gone afterwards: `attempt` says whether what came of it is right. An engine
 * whose boxes are all at work is ready too.
 */
export async function probeIn(
  directory: string,
  pool: BoxPool,
  says: ProbeWords,
  attempt: (context: EngineContext) => Promise<boolean>,
): ReturnType<Engine['probe']> {
  const folder = await mkdtemp(join(directory, 'probe-'));
  const signal = AbortSignal.timeout(probeMsMax);
  try {
    const ready = await attempt({ password: '', directory: folder, wallMsMax: probeMsMax, signal });
    return { ready, says: ready ? says.ready : says.wrong };
  } catch (error) {
    if (error instanceof BoxDied && error.why === 'aborted' && pool.pids().length > 0)
      return { ready: true, says: 'All boxes are at work.' };
    const reason = error instanceof Error ? error.message : String(error);
    return { ready: false, says: `${says.failed}: ${reason}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
