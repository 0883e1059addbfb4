/** The client's flow on Octavo and on the afternoon server, in turns in the same run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../test/program/client.ts';
import { onePagePdf } from '../test/program/document.ts';
import { type Running, startAfternoon, startOctavo } from '../test/program/server.ts';

const flows = 200;
const clients = 20;
const loadMs = 6_000;
const pollPauseMs = 5;

/** Prints latency and rate of both, and the ratios. */
export async function benchFlow(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bench-'));
  const octavo = await startOctavo(join(root, 'data'), { OCTAVO_LOG_LEVEL: 'error' });
  const afternoon = await startAfternoon(root);
  try {
    await compare(octavo, afternoon);
  } finally {
    await Promise.all([octavo.stop(), afternoon.stop()]);
    await rm(root, { recursive: true, force: true });
  }
}

async function compare(octavo: Running, afternoon: Running): Promise<void> {
  const times = { octavo: [] as number[], afternoon: [] as number[] };
  for (let turn = 0; turn < 4; turn++) {
    times.afternoon.push(...(await latencies(afternoon.base, flows / 4)));
    times.octavo.push(...(await latencies(octavo.base, flows / 4)));
  }
  const rates = { octavo: 0, afternoon: 0 };
  for (let turn = 0; turn < 2; turn++) {
    rates.afternoon = Math.max(rates.afternoon, await flowsPerSecond(afternoon.base));
    rates.octavo = Math.max(rates.octavo, await flowsPerSecond(octavo.base));
  }
  console.log(`\nThe client's flow, two small files (${flows} flows; then ${clients} clients at once)`);
  console.table({
    'accepted to success, p50 ms': row(quantile(times.octavo, 0.5), quantile(times.afternoon, 0.5)),
    'accepted to success, p95 ms': row(quantile(times.octavo, 0.95), quantile(times.afternoon, 0.95)),
    'whole flows a second': row(rates.octavo, rates.afternoon),
  });
}

function row(octavo: number, afternoon: number) {
  return { octavo: round(octavo), afternoon: round(afternoon), ratio: round(octavo / afternoon) };
}

async function latencies(base: string, count: number): Promise<number[]> {
  const client = new Client(base);
  const times: number[] = [];
  for (let index = 0; index < count; index++)
    times.push(await client.mergeTwo(onePagePdf('a'), onePagePdf('b'), 0));
  client.close();
  return times;
}

async function flowsPerSecond(base: string): Promise<number> {
  const began = performance.now();
  const loops = Array.from({ length: clients }, async () => {
    const client = new Client(base);
    let done = 0;
    for (; performance.now() - began < loadMs; done++)
      await client.mergeTwo(onePagePdf('a'), onePagePdf('b'), pollPauseMs);
    client.close();
    return done;
  });
  const done = await Promise.all(loops);
  return done.reduce((sum, count) => sum + count, 0) / ((performance.now() - began) / 1000);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
