import { openExternal } from '../../src/database/external.ts';
import { Failure } from '../../src/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { startWorld } from './harness.ts';

/**
 * Accepts jobs of one tenant in a process of its own, as many at once as it has connections, until its credits are used up; then says
 * how many were accepted. Arguments: its directory, the address of the database, the tenant, how many connections. It says that it is
 * ready when all of them are open, and begins when the channel `spend` is notified: calls end in time, and must not wait for a start.
 */
const [directory = '', url = '', tenant = '', count = ''] = process.argv.slice(2);
const lanes = Array.from({ length: Number(count) });
const database = openExternal({ url, connectionsMax: lanes.length, log: silentLog });
const world = await startWorld(database, directory, {}, { role: 'api' });
const told = Promise.withResolvers<string>();
await database.listen('spend', told.resolve, () => {});
await Promise.all(lanes.map(() => database.query('SELECT 1')));
console.log('ready');
await told.promise;
const accepted = await Promise.all(lanes.map(spend));
console.log(accepted.reduce((sum, one) => sum + one));
await world.jobs.stop(0);
await database.close();

/** How many jobs were accepted, one after the other. */
async function spend(): Promise<number> {
  for (let jobs = 0; ; jobs++)
    try {
      await world.accept('write', { tenant: Number(tenant) });
    } catch (error) {
      if (error instanceof Failure && error.row === 'creditsUsedUp') return jobs;
      throw error;
    }
}
