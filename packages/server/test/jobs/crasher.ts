import type { Database } from '../../src/database/database.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { openExternal } from '../../src/database/external.ts';
import { createPost } from '../../src/net/post.ts';
import { silentLog } from '../../src/platform/log.ts';
import { startWorld, write } from './harness.ts';

/**
 * A server that is killed. Arguments: its directory, the address of an external database or nothing, its role, and a callback. Works on the act
 * `hang` for ever, and says so; accepts one such job itself where it is not a worker, or with a callback one that ends at once.
 */
const [directory = '', url = '', role = 'all', callback = ''] = process.argv.slice(2);
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
  {
    role: role as 'all' | 'worker',
    post: createPost({ allow: ['127.0.0.0/8'], timeoutMs: 10_000 }),
  },
);
if (role === 'worker') console.log('ready');
else if (callback !== '') console.log((await world.accept('write', { callback })).id);
else console.log((await world.accept('hang', { text: 'after the crash' })).id);
setInterval(() => {}, 1_000);
