/**
 * Sends every file of a directory through /pdf/merge, 8 at a time, while good jobs run beside them.
 * Run: node --conditions=octavo-source packages/server/bench/hostile.ts DIRECTORY
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../test/program/client.ts';
import { onePagePdf } from '../test/program/document.ts';
import { startOctavo } from '../test/program/server.ts';

const atOnce = 8;

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: hostile.ts DIRECTORY');
const root = await mkdtemp(join(tmpdir(), 'octavo-hostile-'));
const server = await startOctavo(join(root, 'data'), { OCTAVO_LOG_LEVEL: 'error' });
const pid = server.process.pid;
const rows: Record<string, { ms: number; status: number; says: string }> = {};
const good = { done: 0, slowestMs: 0 };
const names = (await readdir(directory)).toSorted();
const queue = [...names];
const over = new AbortController();
const goodLoop = goodJobs();
await Promise.all(Array.from({ length: atOnce }, hostileJobs));
over.abort();
await goodLoop;
console.table(rows);
console.log(
  `${names.length} files; ${good.done} good jobs beside them, slowest ${Math.round(good.slowestMs)} ms`,
);
console.log(
  `server process ${pid === server.process.pid && server.process.exitCode === null ? 'never changed' : 'ENDED'}; stopped with ${await server.stop()}`,
);
console.log(server.printed());
await rm(root, { recursive: true, force: true });

async function hostileJobs(): Promise<void> {
  const client = new Client(server.base);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const began = performance.now();
    const link = await client.upload('hostile.pdf', await readFile(join(directory as string, name)));
    const answer = await client.send('GET', `${server.base}/pdf/merge?url=${link}`);
    const body = JSON.parse(answer.body.toString()) as {
      status: number;
      message?: string;
      pageCount?: number;
      warnings?: string[];
    };
    const says = body.message ?? `${body.pageCount} pages; ${(body.warnings ?? []).join(' ')}`;
    rows[name] = { ms: Math.round(performance.now() - began), status: body.status, says: says.slice(0, 90) };
  }
  client.close();
}

async function goodJobs(): Promise<void> {
  const client = new Client(server.base);
  while (!over.signal.aborted) {
    const ms = await client.mergeTwo(onePagePdf('good'), onePagePdf('good'), 5);
    good.done++;
    good.slowestMs = Math.max(good.slowestMs, ms);
  }
  client.close();
}
