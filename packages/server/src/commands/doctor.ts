import { startServer } from '../compose.ts';
import { type Config, ConfigError } from '../config.ts';
import type { EngineState as State } from '../engines/engine.ts';
import type { Findings } from '../jobs/audit.ts';
import { silentLog } from '../platform/log.ts';

const usage = 'doctor [--repair]';

/**
 * Starts everything on a free port, looks at it, says what it saw, and stops it; repairs what can be, where it is told to. Gives 1
 * when something is missing that the server cannot do without.
 */
export async function doctor(config: Config, words: readonly string[]): Promise<number> {
  const repair = words[0] === '--repair';
  if (words.length > (repair ? 1 : 0)) throw new ConfigError(`usage: octavo ${usage}`);
  const server = await startServer(
    { ...config, port: 0, host: 'localhost', auth: 'open', tls: 'off' },
    silentLog,
  );
  try {
    // Before the trials, which take their time: the server deletes what has expired.
    const files = fileState(await server.audit(repair), repair);
    await server.tryEngines();
    const { ready, details } = await server.health();
    const rows: readonly (readonly [string, State])[] = [
      ['database', details['database'] as State],
      ['storage', details['storage'] as State],
      ['boxes', boxState(server.tier)],
      ...(details['engines'] as (State & { name: string })[]).map(
        (state) => [`engine ${state.name}`, state] as const,
      ),
    ];
    for (const [name, state] of [...rows, ['files', files] as const])
      console.log(`${mark(state)}  ${name.padEnd(18)} ${state.says}`);
    return ready && files.ready ? 0 : 1;
  } finally {
    await server.stop(0);
  }
}

function mark({ ready, absent }: State): string {
  if (ready) return 'ok     ';
  return absent ? 'absent ' : 'MISSING';
}

function fileState({ files, expired, orphans, missing }: Findings, repaired: boolean): State {
  const wrong = [
    ...(expired === 0 ? [] : [`expired long ago: ${expired}`]),
    ...(orphans === 0 ? [] : [`results that no job stands for: ${orphans}`]),
    ...(missing === 0 ? [] : [`jobs whose result is lost: ${missing}`]),
  ];
  if (wrong.length === 0) return { ready: true, says: `${files} stored, and each is known.` };
  const what = `${files} stored; ${wrong.join('; ')}`;
  return repaired
    ? { ready: true, says: `${what}. Repaired.` }
    : { ready: false, says: `${what}. octavo doctor --repair deletes such files, and ends such jobs.` };
}

function boxState(tier: string | undefined): State {
  if (tier === undefined) return { ready: true, says: 'This role runs no documents.' };
  if (tier !== 'limited') return { ready: true, says: `Documents are walled off by ${tier}.` };
  return {
    ready: false,
    says: 'Only limits, no walls: install bubblewrap (Debian: apt install bubblewrap).',
  };
}
