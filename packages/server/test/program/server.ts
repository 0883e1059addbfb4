import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, ready to answer. */
export interface Running {
  readonly base: string;
  readonly process: ChildProcess;
  /** Milliseconds from its start until it answered. */
  readonly readyMs: number;
  /** What it has printed so far. */
  printed(): string;
  /** Ends it by SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

/** The program as a user starts it. */
export const octavoBin: string = fileURLToPath(new URL('../../bin/octavo.js', import.meta.url));

const afternoonScript = fileURLToPath(new URL('../../bench/afternoon.ts', import.meta.url));
const readyMsMax = 60_000;

/** Starts Octavo on a port (a free one by default) and waits until `/health` answers 200. */
export async function startOctavo(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
  port?: number,
): Promise<Running> {
  const taken = String(port ?? (await freePort()));
  const scheme = env['OCTAVO_TLS'] === undefined ? 'http' : 'https';
  return start([octavoBin, 'serve'], `${scheme}://localhost:${taken}`, '/health', {
    OCTAVO_PORT: taken,
    OCTAVO_DATA_DIR: dataDir,
    ...env,
  });
}

/** Starts the peer of the flow benchmark. */
export async function startAfternoon(directory: string): Promise<Running> {
  const port = await freePort();
  return start([afternoonScript, String(port), directory], `http://127.0.0.1:${port}`, '/job/check', {});
}

/**
 * A port that nobody listens on at the moment. Not of those that the system hands out itself: until it is used, another test could be
 * given one of these.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}

async function start(
  args: readonly string[],
  base: string,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  while (!(await answers(base + path))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() - began > readyMsMax) {
      child.kill('SIGKILL');
      throw new Error(`the server did not get ready (code ${child.exitCode}):\n${printed}`);
    }
    await pause(10);
  }
  const readyMs = performance.now() - began;
  return {
    base,
    process: child,
    readyMs,
    printed: () => printed,
    async stop() {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGTERM'))
        await once(child, 'exit');
      return child.exitCode;
    },
  };
}

/** Whether the address answers 200. Certificates are not looked at: the tests of TLS are elsewhere. */
async function answers(url: string): Promise<boolean> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    request(url, { agent: false, rejectUnauthorized: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200));
    })
      .on('error', () => resolve(false))
      .end();
  });
}
