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
  /** Ends it by SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

/** Starts Octavo on a free port and waits until `/health` answers 200. */
export async function startOctavo(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const port = await freePort();
  const bin = fileURLToPath(new URL('../bin/octavo.js', import.meta.url));
  return start([bin, 'serve'], `http://127.0.0.1:${port}`, '/health', {
    OCTAVO_PORT: String(port),
    OCTAVO_DATA_DIR: dataDir,
    OCTAVO_LOG_LEVEL: 'error',
    ...env,
  });
}

/** Starts the peer of the flow benchmark. */
export async function startAfternoon(directory: string): Promise<Running> {
  const port = await freePort();
  const script = fileURLToPath(new URL('afternoon.ts', import.meta.url));
  return start([script, String(port), directory], `http://127.0.0.1:${port}`, '/job/check', {});
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
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await answers(base + path))) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    await pause(10);
  }
  const readyMs = performance.now() - began;
  return {
    base,
    process: child,
    readyMs,
    async stop() {
      if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
