/**
 * Documents made into PDFs by a real server, beside the program that does it, which starts anew for each: in the same run. Rows of
 * Markdown, printed as they come, so that a run that is ended early has told what it saw.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../test/program/client.ts';
import { startOctavo } from '../test/program/server.ts';
import { type Memory, memoryOf, sizes } from './resources.ts';

/** Documents of a row, and of the peer's. */
const rowCount = 40;
const peerCount = 10;
/** No row takes longer, on whatever machine. */
const rowMsMax = 120_000;
const peerMsMax = 120_000;
/** Documents after which the memory is looked at first, and how many clients make what no row is made of. */
const settledCount = 50;
const fillers = 2;
/** The memory is what it was most of the time while the last of them were made: boxes come and go. */
const lookedAtCount = 10;
const lookPauseMs = 500;

/** What is made into PDFs. */
export interface Conversion {
  /** Head of the table. */
  readonly what: string;
  /** Of the URL. */
  readonly path: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly peer: Peer;
}

/** A program that makes the same of a file. */
export interface Peer {
  readonly label: string;
  readonly program: string;
  /** Its arguments for a document, with a profile that it keeps, so that it is at its fastest, and a folder where its PDF comes to lie. */
  arguments(document: string, profile: string, folder: string): readonly string[];
  /** Name of its PDF. */
  readonly made: string;
}

interface Times {
  readonly each: readonly number[];
  readonly wholeMs: number;
}

/**
 * Prints documents a minute and latencies for 1 to 4 clients and of the peer, and the memory after 50 documents and after `count`, of which
 * the rows are a part.
 */
export async function benchConversions(conversion: Conversion, count: number): Promise<void> {
  await during(conversion, async ({ repeated, alone, memoryDuring }) => {
    const settled = Math.min(settledCount, count);
    const memories = [[settled, await fill(settled)] as const];
    head(conversion.what, ['a minute', 'p50 ms', 'p95 ms']);
    const rows = new Map<number, Times>();
    for (const clients of [1, 2, 3, 4]) {
      const times = await repeated(clients, Math.min(rowCount, count), rowMsMax);
      tell(`Octavo, ${clients} client${clients === 1 ? '' : 's'}`, times);
      rows.set(clients, times);
    }
    const peer = alone(Math.min(peerCount, count));
    tell(conversion.peer.label, peer);
    const made = settled + [...rows.values()].reduce((sum, { each }) => sum + each.length, 0);
    const p50 = (clients: number) => quantile(rows.get(clients)!, 0.5);
    const ratio = (one: number, other: number) => (one / other).toFixed(2);
    console.log(`\n- p50 of 3 clients to that of 1: ${ratio(p50(3), p50(1))}`);
    console.log(`- p50 of 1 client to the program's: ${ratio(p50(1), quantile(peer, 0.5))}`);
    console.log(`- a minute, 2 clients to the program: ${ratio(perMinute(rows.get(2)!), perMinute(peer))}`);
    const whole = Math.max(count, made + Math.min(lookedAtCount, count));
    memories.push([whole, await fill(whole - made)]);
    head('resident MB', ['server', 'boxes', 'both', 'processes of both', 'database']);
    for (const [after, { server, boxes, database, processes }] of memories)
      row([`after ${after} documents`, server, boxes, server + boxes, processes, database]);

    async function fill(documents: number): Promise<Memory> {
      const looked = Math.min(lookedAtCount, documents);
      await repeated(fillers, documents - looked);
      return memoryDuring(() => repeated(fillers, looked));
    }
  });
}

/** Prints the latency of one client and of the peer. */
export async function benchLatency(conversion: Conversion, count: number): Promise<void> {
  await during(conversion, async ({ repeated, alone }) => {
    // The first one waits for a box.
    await repeated(1, 2);
    head(conversion.what, ['a minute', 'p50 ms', 'p95 ms']);
    tell('Octavo, 1 client', await repeated(1, Math.min(rowCount, count), rowMsMax));
    tell(conversion.peer.label, alone(Math.min(peerCount, count)));
  });
}

/** What there is to measure while a server runs. */
interface Measures {
  /** So many clients have the PDF of the document made and read it, one after another each, until there are as many as asked for. */
  repeated(clients: number, count: number, msMax?: number): Promise<Times>;
  /** The peer, one document after another. */
  alone(count: number): Times;
  memoryDuring(work: () => Promise<unknown>): Promise<Memory>;
}

async function during(
  { path, name, bytes, peer }: Conversion,
  step: (measures: Measures) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bench-'));
  const dataDir = join(root, 'data');
  const env = { OCTAVO_LOG_LEVEL: 'error', OCTAVO_SYNC_WAIT_SECONDS: '300' };
  const server = await startOctavo(dataDir, env);
  try {
    const document = join(root, name);
    await writeFile(document, bytes);
    const uploader = new Client(server.base);
    const link = await uploader.upload(name, bytes);
    uploader.close();
    const convert = async (client: Client) => {
      const { url } = await client.json(`${path}?url=${link}`);
      const { status, body } = await client.send('GET', String(url));
      if (status !== 200 || body.toString('latin1', 0, 5) !== '%PDF-')
        throw new Error(`the result answered ${status}, and is no PDF`);
    };
    await step({
      repeated: (clients, count, msMax = Infinity) =>
        repeat(clients, count, msMax, () => new Client(server.base), convert),
      alone: (count) => aloneBy(peer, document, root, count),
      memoryDuring: (work) => usualDuring(work, () => memoryOf(server, dataDir, sizes.resident)),
    });
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

async function repeat(
  clients: number,
  count: number,
  msMax: number,
  open: () => Client,
  convert: (client: Client) => Promise<void>,
): Promise<Times> {
  const each: number[] = [];
  const began = performance.now();
  let left = count;
  const loops = Array.from({ length: clients }, async () => {
    const client = open();
    while (left-- > 0 && performance.now() - began < msMax) {
      const start = performance.now();
      await convert(client);
      each.push(performance.now() - start);
    }
    client.close();
  });
  await Promise.all(loops);
  return { each, wholeMs: performance.now() - began };
}

/** Its first run makes its profile, and is not counted. */
function aloneBy(peer: Peer, document: string, root: string, count: number): Times {
  const profile = join(root, 'profile');
  const made = join(root, peer.made);
  const once = (): number => {
    rmSync(made, { force: true });
    const start = performance.now();
    const args = peer.arguments(document, profile, root);
    const { error } = spawnSync(peer.program, args, { stdio: 'ignore', timeout: peerMsMax });
    if (error !== undefined || !existsSync(made))
      throw new Error(`${peer.program} made no PDF`, { cause: error });
    return performance.now() - start;
  };
  once();
  const began = performance.now();
  const each: number[] = [];
  while (each.length < count && performance.now() - began < rowMsMax) each.push(once());
  return { each, wholeMs: performance.now() - began };
}

/** The look with the middle sum of all that were taken while something was done. */
async function usualDuring(work: () => Promise<unknown>, look: () => Memory): Promise<Memory> {
  const looks: Memory[] = [];
  const watch = setInterval(() => looks.push(look()), lookPauseMs);
  try {
    await work();
  } finally {
    clearInterval(watch);
  }
  looks.push(look());
  const sum = ({ server, boxes }: Memory) => server + boxes;
  return looks.toSorted((one, other) => sum(one) - sum(other))[Math.floor(looks.length / 2)]!;
}

function tell(label: string, times: Times): void {
  const at = (share: number) => Math.round(quantile(times, share));
  row([label, perMinute(times).toFixed(1), at(0.5), at(0.95)]);
}

function perMinute({ each, wholeMs }: Times): number {
  return (each.length / wholeMs) * 60_000;
}

function quantile({ each }: Times, share: number): number {
  return each.toSorted((one, other) => one - other)[Math.floor(each.length * share)] ?? Number.NaN;
}

function head(what: string, columns: readonly string[]): void {
  console.log();
  row([what, ...columns]);
  console.log(`|---|${'---:|'.repeat(columns.length)}`);
}

function row(cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
