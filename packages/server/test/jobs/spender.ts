import { openExternal } from '../../src/database/external.ts';
import { Failure } from '../../src/errors.ts';
import { silentLog } from '../../src/platform/log.ts';
import { startWorld } from './harness.ts';

/**
 * Accepts jobs of one tenant, all at once, in a process of its own, and says how many were accepted. Arguments: its directory, the
 * address of the database, the tenant, how many jobs.
 */
const [directory = '', url = '', tenant = '', jobs = ''] = process.argv.slice(2);
const database = openExternal({ url, connectionsMax: 4, log: silentLog });
const world = await startWorld(database, directory, {}, { role: 'api' });
const tries = await Promise.allSettled(
  Array.from({ length: Number(jobs) }, () => world.accept('write', { tenant: Number(tenant) })),
);
const isUsedUp = (error: unknown) => error instanceof Failure && error.row === 'creditsUsedUp';
for (const one of tries) if (one.status === 'rejected' && !isUsedUp(one.reason)) throw one.reason;
console.log(tries.filter(({ status }) => status === 'fulfilled').length);
await world.jobs.stop(0);
await database.close();
