/** Memory and start of the server, in a process of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../test/program/client.ts';
import { onePagePdf } from '../test/program/document.ts';
import { descendants, postmaster } from '../test/program/processes.ts';
import { type Running, startOctavo } from '../test/program/server.ts';
import { growthDuring, send, sizeOf } from './uploads.ts';

const uploadMb = 1024;
const settleMs = 3_000;

/** Prints the time until ready on an existing data directory, the idle memory, and the growth during a large upload. */
export async function benchResources(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bench-'));
  const dataDir = join(root, 'data');
  const env = { OCTAVO_LOG_LEVEL: 'error', OCTAVO_LOG_FORMAT: 'json' };
  try {
    const first = await startOctavo(dataDir, env);
    await first.stop();
    const server = await startOctavo(dataDir, env);
    await warm(server);
    await pause(settleMs);
    const idle = memoryOf(server, dataDir, sizes.proportional);
    const growthMb = await growthDuringUpload(server);
    await server.stop();
    console.log('\nThe server');
    console.table({
      'ready, new data directory': { measured: `${Math.round(first.readyMs)} ms`, aim: '' },
      'ready, existing data directory': { measured: `${Math.round(server.readyMs)} ms`, aim: '2,000 ms' },
      'idle memory (PSS), server': { measured: `${idle.server} MB`, aim: '' },
      'idle memory (PSS), boxes': { measured: `${idle.boxes} MB`, aim: '' },
      'idle memory (PSS), database': { measured: `${idle.database} MB`, aim: '' },
      'idle memory (PSS), all': { measured: `${idle.server + idle.boxes + idle.database} MB`, aim: '250 MB' },
      'growth of the server during a 1 GB upload': { measured: `${growthMb} MB`, aim: '64 MB' },
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function warm(server: Running): Promise<void> {
  const client = new Client(server.base);
  for (let count = 0; count < 20; count++) await client.mergeTwo(onePagePdf('a'), onePagePdf('b'), 5);
  client.close();
}

/** In MB. */
export interface Memory {
  readonly server: number;
  readonly boxes: number;
  readonly database: number;
  /** Of the server and the boxes. */
  readonly processes: number;
}

/** How large a process is. Proportional shares: pages that processes share are not counted twice. */
export const sizes = {
  resident: (pid: number): number => sizeOf(pid, 'status', 'VmRSS'),
  proportional: (pid: number): number => sizeOf(pid, 'smaps_rollup', 'Pss'),
};

/** What a server and all below it take. */
export function memoryOf(server: Running, dataDir: string, size: (pid: number) => number): Memory {
  const pid = server.process.pid as number;
  const master = postmaster(dataDir) as number;
  const database = new Set([master, ...descendants(master).map((entry) => entry.pid)]);
  const below = descendants(pid)
    .map((entry) => entry.pid)
    .filter((one) => !database.has(one));
  const sum = (pids: Iterable<number>) => Math.round([...pids].reduce((total, one) => total + size(one), 0));
  return { server: sum([pid]), boxes: sum(below), database: sum(database), processes: below.length + 1 };
}

/** With the upload paced by the server alone. */
async function growthDuringUpload(server: Running): Promise<number> {
  const client = new Client(server.base);
  const { presignedUrl } = await client.json('/file/upload/get-presigned-url?name=large.pdf');
  client.close();
  return growthDuring(server.process.pid as number, async () => {
    await send('PUT', String(presignedUrl), uploadMb, { head: '', tail: '' });
  });
}
