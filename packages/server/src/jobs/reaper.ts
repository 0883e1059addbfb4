import type { Log } from '../platform/log.ts';
import type { Claims } from './claims.ts';
import type { Runner } from './runner.ts';

/** Among several: a worker that was not heard of for 9 s is dead, so that its jobs end on another one well within 20 s. */
const amongOthers = { beatMs: 2_000, deadSeconds: 9 };
/** Alone there is only what we may have forgotten ourselves: a claim whose answer was lost on the way. */
const whereAlone = { beatMs: 5_000, deadSeconds: 20 };

/** What has to be stopped. */
export interface Reaper {
  stop(): void;
}

/**
 * Says again and again that the jobs of this process are worked on, and gives back those of which nobody says so. After an outage
 * of the database all were silent: so nobody is judged before the judge itself has been heard for as long as that takes.
 */
export function keepAlive(parts: {
  readonly claims: Claims;
  readonly runner: Runner;
  readonly log: Log;
  readonly alone: boolean;
  /** Called when somebody seems to have died. */
  readonly died: () => void;
}): Reaper {
  const { claims, runner, log } = parts;
  const { beatMs, deadSeconds } = parts.alone ? whereAlone : amongOthers;
  let heardSince: number | undefined;
  let busy = false;

  async function beat(): Promise<void> {
    const mine = runner.running();
    if (mine.length > 0) runner.drop(await claims.beat(mine));
    heardSince ??= performance.now();
    if (performance.now() - heardSince < 2 * beatMs) return;
    const released = await claims.releaseDead(deadSeconds);
    if (released === 0) return;
    log.warn('jobs that nobody works on go back', { jobs: released });
    parts.died();
    runner.wake();
  }

  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    beat()
      .catch((error: unknown) => {
        heardSince = undefined;
        log.debug('no beat', { reason: String(error) });
      })
      .finally(() => (busy = false));
  }, beatMs).unref();
  return { stop: () => clearInterval(timer) };
}
