import type { Log } from '../platform/log.ts';
import { bubblewrap } from './bubblewrap.ts';
import { compiledCode } from './compiled.ts';
import { openBoxDirectory } from './directory.ts';
import type { Launcher, Machine } from './launch.ts';
import { thisMachine } from './launch.ts';
import { limitedTier } from './limited.ts';
import { namespaces } from './namespaces.ts';
import { Pool } from './pool.ts';
import { probe } from './probe.ts';
import type { Sandbox, Tier } from './sandbox.ts';
import { viewOf } from './view.ts';

/** All tiers, strongest first. */
export const tiers: readonly Tier[] = ['bubblewrap', 'namespaces', 'limited'];

export interface SandboxOptions {
  /** For the files of boxes: on the same file system as storage, so that inputs and results are not copied. */
  readonly directory: string;
  readonly log: Log;
  /** Tiers that may be used; all where it is left out. */
  readonly allow?: readonly Tier[];
  /** What the machine offers; this one where it is left out. */
  readonly machine?: Machine;
}

/**
 * Opens the strongest tier that stops every attack of the probe, or at last the one without walls. Throws, with a sentence for
 * the operator, where no allowed tier works.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { directory, log, allow = tiers, machine = thisMachine() } = options;
  const own = await openBoxDirectory(directory, log);
  try {
    const { launcher, probes } = await choose(allow, machine, own.next, log);
    const pools: Pool[] = [];
    return {
      tier: launcher.tier,
      probes,
      pool: (program) => {
        if (program.native !== undefined && launcher.tier === 'limited')
          throw new Error('Programs of the system run in walled boxes alone: install bubblewrap.');
        const view = viewOf(program, launcher.tools);
        // The permission model would have to allow for it, and boxes without walls are not made for speed.
        const isWalled = launcher.tier !== 'limited';
        const compiled = isWalled
          ? compiledCode(view, `${launcher.tier} ${machine.root ? 'root' : 'user'}`)
          : undefined;
        const pool = new Pool({ program, launcher, view, root: machine.root, compiled }, own.next, log);
        pools.push(pool);
        return pool;
      },
      close: async () => {
        await Promise.all(pools.map((pool) => pool.close()));
        await own.close();
      },
    };
  } catch (error) {
    await own.close();
    throw error;
  }
}

type Choice = { launcher: Launcher; probes: Sandbox['probes'] };

async function choose(
  allow: readonly Tier[],
  machine: Machine,
  next: () => string,
  log: Log,
): Promise<Choice> {
  const make = { bubblewrap, namespaces, limited: limitedTier };
  const reasons: string[] = [];
  for (const tier of tiers.filter((name) => allow.includes(name))) {
    const launcher = make[tier](machine);
    const result = await tryTier(launcher, machine, next);
    if (typeof result !== 'string') return announce(result, log);
    reasons.push(`${tier}: ${result}`);
    log.warn('a kind of box cannot be used here', { tier, reason: result });
  }
  const says = 'No kind of box works here, and documents are read only in boxes: install bubblewrap';
  const readable = machine.root
    ? ', start the server as an ordinary user, or put Node and the program where every user can read them'
    : '';
  throw new Error(`${says}${readable}. ${reasons.join(' ')}`);
}

/** What the probe saw, or why the tier cannot be used. */
async function tryTier(
  launcher: Launcher | null,
  machine: Machine,
  next: () => string,
): Promise<Choice | string> {
  if (launcher === null) return 'the programs that it needs are not installed.';
  try {
    const probes = await probe(launcher, next(), machine.root);
    const through = probes.filter(({ stopped }) => !stopped).map(({ attack }) => attack);
    if (launcher.tier === 'limited' || through.length === 0) return { launcher, probes };
    return `a process in it could ${through.join(', ')}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function announce(choice: Choice, log: Log): Choice {
  const { launcher, probes } = choice;
  const through = probes.filter(({ stopped }) => !stopped).map(({ attack }) => attack);
  if (through.length === 0) log.info('boxes are walled off', { tier: launcher.tier });
  else
    log.warn('boxes are not walled off: bubblewrap is missing or not permitted', {
      tier: launcher.tier,
      not_stopped: through.join(', '),
    });
  return choice;
}
