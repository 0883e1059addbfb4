/** Documents to PDF through a real server, beside the office program alone, which starts anew for each: in turns in the same run. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../test/program/client.ts';
import { docx, newPage, paragraphs } from '../test/program/office.ts';
import { descendants } from '../test/program/processes.ts';
import { type Running, startOctavo } from '../test/program/server.ts';
import { sizeOf } from './uploads.ts';

const pollPauseMs = 20;
const loadMs = 20_000;
/** Calls after which the memory is looked at, the second as many times the first. */
const settled = 50;

/** Prints documents a minute and latencies by users, and the memory after 50 documents and after `count`. */
export async function benchOffice(count: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bench-'));
  const server = await startOctavo(join(root, 'data'), { OCTAVO_LOG_LEVEL: 'error' });
  try {
    const text = Array.from({ length: 40 }, (_, index) => `Paragraph ${index} of a letter. `.repeat(5));
    const letter = docx(paragraphs(...text) + newPage + paragraphs(...text));
    const path = join(root, 'letter.docx');
    writeFileSync(path, letter);
    await printed(server, letter, settled);
    const before = memoryOf(server);
    const rows: Record<string, object> = {};
    rows['soffice --convert-to alone'] = told(alone(root, path));
    for (const users of [1, 2, 3, 4]) rows[`${users} at a time`] = told(await loaded(server, letter, users));
    rows['soffice --convert-to alone, again'] = told(alone(root, path));
    console.log(`\nA letter of ${Math.round(letter.length / 1024)} KB to PDF, ${loadMs / 1000} s each`);
    console.table(rows);
    await printed(server, letter, Math.max(0, count - settled));
    console.log(
      `memory of the server (resident): ${before} MB after ${settled}, ${memoryOf(server)} MB after ${count} more`,
    );
    console.log(`processes below it: ${descendants(server.process.pid as number).length}`);
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

function told(times: readonly number[]): object {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN);
  return { 'a minute': Math.round(times.length / (loadMs / 60_000)), 'p50 ms': at(0.5), 'p95 ms': at(0.95) };
}

function alone(root: string, path: string): number[] {
  const folder = join(root, 'alone');
  mkdirSync(folder, { recursive: true });
  const times: number[] = [];
  for (const began = performance.now(); performance.now() - began < loadMs;) {
    const start = performance.now();
    const args = [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', 'pdf'];
    spawnSync('soffice', [...args, '--outdir', folder, path], { stdio: 'ignore' });
    times.push(performance.now() - start);
  }
  return times;
}

async function loaded(server: Running, letter: Buffer, users: number): Promise<number[]> {
  const began = performance.now();
  const loops = Array.from({ length: users }, async () => {
    const client = new Client(server.base);
    const times: number[] = [];
    while (performance.now() - began < loadMs) times.push(await print(client, letter));
    client.close();
    return times;
  });
  return (await Promise.all(loops)).flat();
}

async function printed(server: Running, letter: Buffer, count: number): Promise<void> {
  let left = count;
  const loops = Array.from({ length: 2 }, async () => {
    const client = new Client(server.base);
    while (left-- > 0) await print(client, letter);
    client.close();
  });
  await Promise.all(loops);
}

/** Milliseconds from "accepted" to "success". */
async function print(client: Client, letter: Buffer): Promise<number> {
  const link = await client.upload('letter.docx', letter);
  const start = performance.now();
  const { jobId, url } = await client.json(`/pdf/convert/from/doc?async=True&url=${link}`);
  await client.waitFor(String(jobId), pollPauseMs);
  const took = performance.now() - start;
  const { status } = await client.send('GET', String(url));
  if (status !== 200) throw new Error(`the result answered ${status}`);
  return took;
}

function memoryOf(server: Running): number {
  return Math.round(sizeOf(server.process.pid as number, 'status', 'VmRSS'));
}
