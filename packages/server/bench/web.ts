/** HTML to PDF through a server, beside the browser alone, which starts anew for each page too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../src/engines/chromium/engine.ts';
import { startOctavo } from '../test/program/server.ts';

const html = `<title>Invoice</title><h1>Invoice 42</h1><table border="1">${'<tr><td>Bolt<td>2<td>1.50</tr>'.repeat(40)}</table>`;
const boxes = 2;

/** Prints pages a minute for 1, 2 and 4 clients, latency for 1 and 3, and the memory of the server after so many and ten times as many. */
export async function benchWeb(count: number): Promise<void> {
  const browser = findBrowser();
  if (browser === undefined) return console.log('\nThere is no browser: no page of the web is measured.');
  const root = await mkdtemp(join(tmpdir(), 'octavo-bench-'));
  const server = await startOctavo(join(root, 'data'), {
    OCTAVO_LOG_LEVEL: 'error',
    OCTAVO_WORKERS: String(boxes),
    OCTAVO_SYNC_WAIT_SECONDS: '300',
  });
  try {
    const page = join(root, 'page.html');
    await writeFile(page, html);
    const alone = await measure(1, count, () => printAlone(browser, page, root));
    const rows: Record<string, object> = { 'browser alone, 1 after another': row(alone) };
    for (const clients of [1, 2, 3, 4])
      rows[`server, ${clients} client${clients === 1 ? '' : 's'}`] = row(
        await measure(clients, count, () => printBy(server.base)),
      );
    console.log(`\nHTML of one page to PDF (${count} pages each, ${boxes} boxes)`);
    console.table(rows);
    const pid = server.process.pid ?? 0;
    const few = residentOf(pid);
    await measure(4, 9 * count, () => printBy(server.base));
    console.log('Memory of the server itself, MB');
    console.table({ [`after ${4 * count} pages`]: few, [`after ${13 * count} pages`]: residentOf(pid) });
  } finally {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

interface Measured {
  readonly perMinute: number;
  readonly times: readonly number[];
}

async function measure(clients: number, count: number, print: () => Promise<void>): Promise<Measured> {
  const times: number[] = [];
  const began = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) {
        const start = performance.now();
        await print();
        times.push(performance.now() - start);
      }
    }),
  );
  return { perMinute: (times.length / (performance.now() - began)) * 60_000, times };
}

function row({ perMinute, times }: Measured) {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? 0);
  return { 'pages a minute': Math.round(perMinute * 10) / 10, 'p50 ms': at(0.5), 'p95 ms': at(0.95) };
}

async function printBy(base: string): Promise<void> {
  const body = new URLSearchParams({ html });
  const answer = await fetch(`${base}/pdf/convert/from/html`, { method: 'POST', body });
  const { error, message } = (await answer.json()) as { error: boolean; message?: string };
  if (error) throw new Error(message);
}

/** With a profile that is new, as in a box, but without its own sandbox, which root cannot have outside of one. */
async function printAlone(browser: string, page: string, root: string): Promise<void> {
  const profile = await mkdtemp(join(root, 'profile-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer'];
  const own = [`--user-data-dir=${profile}`, `--print-to-pdf=${join(root, 'alone.pdf')}`, page];
  await once(spawn(browser, [...flags, ...own], { stdio: 'ignore' }), 'exit');
  await rm(profile, { recursive: true, force: true });
}

function residentOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kilobytes) / 1024);
}
