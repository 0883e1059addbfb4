import { startServer } from '../compose.ts';
import type { Config } from '../config.ts';
import { silentLog } from '../platform/log.ts';

interface State {
  readonly ready: boolean;
  readonly says: string;
}

/** Starts everything on a free port, looks at it, says what it saw, and stops it. Gives 1 when something is missing. */
export async function doctor(config: Config): Promise<number> {
  const server = await startServer(
    { ...config, port: 0, host: 'localhost', auth: 'open', tls: 'off' },
    silentLog,
  );
  try {
    const { ready, details } = await server.health();
    const rows: readonly (readonly [string, State])[] = [
      ['database', details['database'] as State],
      ['storage', details['storage'] as State],
      ['boxes', boxState(server.tier)],
      ...(details['engines'] as (State & { name: string })[]).map(
        (state) => [`engine ${state.name}`, state] as const,
      ),
    ];
    for (const [name, state] of rows)
      console.log(`${state.ready ? 'ok     ' : 'MISSING'}  ${name.padEnd(16)} ${state.says}`);
    return ready ? 0 : 1;
  } finally {
    await server.stop(0);
  }
}

function boxState(tier: string | undefined): State {
  if (tier === undefined) return { ready: true, says: 'This role runs no documents.' };
  if (tier !== 'limited') return { ready: true, says: `Documents are walled off by ${tier}.` };
  return {
    ready: false,
    says: 'Only limits, no walls: install bubblewrap (Debian: apt install bubblewrap).',
  };
}
