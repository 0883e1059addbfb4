import type { Log } from '../platform/log.ts';
import { answers, connect } from './connect.ts';
import type { Database } from './database.ts';

export interface ExternalOptions {
  /** `postgres://user:password@host:port/name`. */
  readonly url: string;
  readonly connectionsMax: number;
  readonly log: Log;
}

/** A PostgreSQL that somebody else runs. Connects when it is first used, and again after each loss. */
export function openExternal(options: ExternalOptions): Database {
  const config = { connectionString: options.url };
  const connected = connect(config, options);
  return {
    ...connected,
    alone: false,
    async probe() {
      const reason = await answers(config, 1_800);
      const says = 'The PostgreSQL of OCTAVO_DATABASE_URL';
      return reason === null
        ? { ready: true, says: `${says} answers.` }
        : { ready: false, says: `${says} does not answer: ${reason}.` };
    },
  };
}
