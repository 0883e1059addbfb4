/** Many large uploads at once, by each way in: what the server's memory grows by, and how much comes in each second. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../test/program/client.ts';
import { type Running, startOctavo } from '../test/program/server.ts';

const megabyte = 1024 * 1024;
const parallel = 8;
/** Flat means that the larger ones need no more memory than the smaller ones. */
const smallMb = 32;

/** Prints a line for each way in. The larger files have `largeMb` each. */
export async function benchUploads(largeMb: number): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bench-'));
  const env = { OCTAVO_LOG_LEVEL: 'error', OCTAVO_LOG_FORMAT: 'json' };
  const server = await startOctavo(join(root, 'data'), env);
  const client = new Client(server.base);
  const part = (type: string) => ({
    head: `--edge\r\nContent-Disposition: form-data; name="file"${type}\r\n\r\n`,
    tail: '\r\n--edge--\r\n',
  });
  const ways: Readonly<Record<string, (mb: number) => Promise<string>>> = {
    'PUT to a presigned link': async (mb) => {
      const { presignedUrl, url } = await client.json('/file/upload/get-presigned-url?name=large.bin');
      await send('PUT', String(presignedUrl), mb, { head: '', tail: '' });
      return String(url);
    },
    'a part to /file/upload': async (mb) =>
      urlIn(await send('POST', `${server.base}/file/upload`, mb, part('; filename="large.bin"'))),
    'base64 in a part to /file/upload/base64': async (mb) =>
      urlIn(await send('POST', `${server.base}/file/upload/base64`, mb, part(''))),
  };
  try {
    // What is loaded and compiled by the first is no growth by the size.
    for (const way of Object.values(ways)) await way(8);
    const rows: Record<string, unknown> = {};
    for (const [name, way] of Object.entries(ways)) rows[name] = await measure(server, way, largeMb);
    console.log(`\n${parallel} uploads at once`);
    console.table(rows);
  } finally {
    client.close();
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

async function measure(
  server: Running,
  way: (mb: number) => Promise<string>,
  largeMb: number,
): Promise<object> {
  const small = await measureSize(server, way, smallMb);
  const large = await measureSize(server, way, largeMb);
  return {
    [`growth, ${smallMb} MB each`]: `${small.growthMb} MB`,
    [`growth, ${largeMb} MB each`]: `${large.growthMb} MB`,
    speed: `${Math.round(large.mbPerSecond)} MB/s`,
  };
}

async function measureSize(
  server: Running,
  way: (mb: number) => Promise<string>,
  mb: number,
): Promise<{ growthMb: number; mbPerSecond: number }> {
  const began = performance.now();
  let links: string[] = [];
  const growthMb = await growthDuring(server.process.pid as number, async () => {
    links = await Promise.all(Array.from({ length: parallel }, () => way(mb)));
  });
  const seconds = (performance.now() - began) / 1000;
  await fetch(`${server.base}/file/delete?url=${links.join(',')}`, { method: 'POST' });
  return { growthMb, mbPerSecond: (parallel * mb) / seconds };
}

function urlIn(answer: string): string {
  return (JSON.parse(answer) as { url: string }).url;
}

/** Peak of the resident memory of a process above what it was before, in MB. */
export async function growthDuring(pid: number, work: () => Promise<void>): Promise<number> {
  const before = sizeOf(pid, 'status', 'VmRSS');
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, sizeOf(pid, 'status', 'VmRSS'))), 20);
  await work();
  clearInterval(watch);
  return Math.round(peak - before);
}

/** Sends so many megabytes between a head and a tail, paced by the server alone; gives the answer, which has to be a 200. */
export function send(
  method: string,
  url: string,
  mb: number,
  { head, tail }: { readonly head: string; readonly tail: string },
): Promise<string> {
  // Without a padding, so that it is base64 too, however often it is repeated.
  const chunk = Buffer.alloc(megabyte, 'octavo01');
  const headers = { 'content-length': mb * megabyte + head.length + tail.length };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (more: string) => (text += more))
        .on('end', () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`)),
        );
    }).on('error', reject);
    call.write(head);
    let left = mb;
    const more = () => {
      while (left-- > 0) if (!call.write(chunk)) return void call.once('drain', more);
      call.end(tail);
    };
    more();
  });
}

/** A size out of /proc, in MB. */
export function sizeOf(pid: number, file: string, name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
