import { openDatabase } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { silentLog } from '../platform/log.ts';

/** Does something with the database of the settings, beside a running server too, and gives the exit code of that. */
export async function beside(config: Config, act: (database: Database) => Promise<number>): Promise<number> {
  const database = await openDatabase(config, silentLog, true);
  try {
    await migrate(database);
    return await act(database);
  } finally {
    await database.close();
  }
}
