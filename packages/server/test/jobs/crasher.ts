import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { openExternal } from '../../src/database/external.ts';
import { silentLog } from '../../src/platform/log.ts';
import { startWorld, write } from './harness.ts';

/**
 * A server that is killed. Arguments: its directory, the address of an external database or nothing, and its role. Works on the act
 * `hang` for ever, and says so; accepts one such job itself where it is not a worker.
 */
const [directory = '', url = '', role = 'all'] = process.argv.slice(2);
const database: Database =
  url === ''
    ? await openEmbedded({ dataDirectory: directory, log: silentLog })
    : openExternal({ url, connectionsMax: 4, log: silentLog });
const world = await startWorld(
  database,
  directory,
  {
    write,
    hang() {
      console.log('working');
      return new Promise(() => {});
    },
  },
  { role: role as 'all' | 'worker' },
);
console.log(role === 'worker' ? 'ready' : (await world.accept('hang', { text: 'after the crash' })).id);
setInterval(() => {}, 1_000);
