/** A server in a process of its own, so that its memory can be measured without the client's. Talks by IPC. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { calls } from '../../src/calls/index.ts';
import { httpDefaults } from '../../src/http/options.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { createLinks } from '../../src/links/links.ts';
import { endlessCredits } from '../../src/jobs/credits.ts';
import { createFiles } from '../../src/jobs/files.ts';
import { noQuotas } from '../../src/jobs/quotas.ts';
import { operations } from '../../src/operations/index.ts';
import { silentLog } from '../../src/platform/log.ts';
import { createFileStorage } from '../../src/storage/file.ts';
import { nothingNeeded } from '../../src/storage/storage.ts';
import { createMemoryQueue, noDeliveries, noTemplates } from './memory-queue.ts';

const directory = await mkdtemp(join(process.argv[2] as string, 'octavo-memory-'));
const links = createLinks(Buffer.alloc(32, 7));
const queue = createMemoryQueue(links, Date.now);
const storage = await createFileStorage({ directory });
const server = createHttpServer({
  operations,
  calls,
  pages: [],
  queue,
  storage,
  files: createFiles({ storage, queue, clock: { now: Date.now }, needed: nothingNeeded, quotas: noQuotas }),
  links,
  authenticate: () => 0,
  authenticateAdmin: () => 0,
  deliveries: noDeliveries,
  templates: noTemplates,
  remainingCredits: endlessCredits.remaining,
  checkSource: async () => null,
  releaseSources: () => {},
  readSource: () => Promise.reject(new Error('nothing is read')),
  health: async () => ({ ready: true, details: {} }),
  version: '0.0.0-test',
  log: silentLog,
  clock: { now: Date.now },
  settings: { ...httpDefaults, host: '127.0.0.1', port: 0 },
});
let peakBytes = 0;
const look = () => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};
setInterval(look, 5).unref();
process.on('message', (message) => {
  look();
  if (message === 'peak') process.send?.({ peakBytes });
  // Nothing that a client may already have used is measured as growth.
  if (message === 'reset') {
    peakBytes = 0;
    look();
    process.send?.({ peakBytes });
  }
  if (message === 'stop') {
    void (async () => {
      await server.close(0);
      await rm(directory, { recursive: true, force: true });
      process.disconnect();
    })();
  }
});
process.send?.({ port: (await server.listen()).port });
