import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import type { ClientConfig } from 'pg';

import type { Log } from '../platform/log.ts';
import type { Binaries } from './binaries.ts';
import { cannotStart, ownDirectory, spawnOptions, type Owner } from './cluster.ts';
import { answers } from './connect.ts';
import { isStopped, kill, killAllIn, processesIn } from './processes.ts';

const startMsMax = 60_000;
const stopMsMax = 10_000;
const lookMs = 1_000;
const answerMsMax = 2_000;
/** Looks in a row after which it is ended: for a process that a signal has stopped, and for one that may only be busy. */
const looksMax = { stopped: 2, silent: 3 };
const againMsMin = 100;
const againMsMax = 2_000;
const logBytesMax = 1_000_000;

export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly owner: Owner;
  /** Absolute, without links: as the kernel names it. */
  readonly directory: string;
  readonly logFile: string;
  /** How to reach it. */
  readonly connection: ClientConfig;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly log: Log;
}

export interface Postmaster {
  readonly pid: () => number | undefined;
  /** Ends it as PostgreSQL wants it: what is committed is written, nothing is left behind. */
  stop(): Promise<void>;
}

/**
 * Runs PostgreSQL in the directory from now on: takes over one that is alive there, else starts one, and starts it again whenever
 * it dies or stalls. Resolves when it answers. The directory has to be locked.
 */
export async function runPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { directory, log } = options;
  let pid = await adopt(options);
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let reviving: Promise<void> | undefined;

  /** Once it has begun it goes on until it has succeeded or is stopped. */
  const revive = () => (reviving ??= keepStarting().finally(() => (reviving = undefined)));

  async function keepStarting(): Promise<void> {
    for (let waitMs = againMsMin; ; waitMs = Math.min(waitMs * 2, againMsMax)) {
      if (stopping) return;
      try {
        pid = await startAfresh(options, died);
        return log.info('database started', { pid });
      } catch (error) {
        log.error('database does not start', { reason: String(error) });
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  function died(which: number): void {
    if (stopping || which !== pid || reviving !== undefined) return;
    log.warn('database died', { pid });
    void revive();
  }

  let stalledLooks = 0;
  async function look(): Promise<void> {
    if (stopping || reviving !== undefined || pid === undefined) return;
    if (!kill(pid, 0)) return died(pid);
    const stopped = isStopped(pid);
    const reason = stopped ? 'stopped by a signal' : await answers(options.connection, answerMsMax);
    stalledLooks = reason === null ? 0 : stalledLooks + 1;
    if (stalledLooks < looksMax[stopped ? 'stopped' : 'silent'] || stopping || reviving !== undefined) return;
    stalledLooks = 0;
    log.error('database stalled', { pid, reason });
    await revive();
  }

  function lookLater(): void {
    timer = setTimeout(() => void look().finally(lookLater), lookMs).unref();
  }

  if (pid === undefined) pid = await startAfresh(options, died);
  else log.info('database taken over', { pid });
  lookLater();

  return {
    pid: () => pid,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await reviving;
      clearTimeout(timer);
      if (pid !== undefined) await stopGently(pid);
      await killAllIn(directory);
    },
  };
}

/** The process id of a postmaster that is alive in the directory and answers, waiting for one that is starting. */
async function adopt({ directory, connection }: PostmasterOptions): Promise<number | undefined> {
  const pid = pidInFile(directory);
  if (pid === undefined) return undefined;
  const here = processesIn(directory).includes(pid);
  for (const endsAt = performance.now() + startMsMax; performance.now() < endsAt;) {
    const reason = await answers(connection, 1_000);
    if (reason === null && here) return pid;
    if (reason === null)
      throw new Error(`The database in ${directory} is used by a server in another container.`);
    if (!here || !/starting up|recovery/.test(reason) || isStopped(pid)) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}

/** Ends what is left in the directory, then starts a postmaster and waits until it answers. */
async function startAfresh(options: PostmasterOptions, died: (pid: number) => void): Promise<number> {
  const { directory, connection } = options;
  await killAllIn(directory);
  // Nobody is alive in there, so these are stale; left, they would stop it where their process id belongs to somebody else now.
  for (const name of ['postmaster.pid', '.s.PGSQL.5432', '.s.PGSQL.5432.lock'])
    rmSync(join(directory, name), { force: true });
  const child = spawnPostmaster(options);
  let ended: string | undefined;
  child.once('error', (error) => (ended = cannotStart(error).message));
  child.once('exit', (code, signal) => {
    ended ??= `PostgreSQL ended at once (${signal ?? code}): ${lastLines(options.logFile)}`;
    if (child.pid !== undefined) died(child.pid);
  });
  let waitMs = 5;
  for (const endsAt = performance.now() + startMsMax; performance.now() < endsAt;) {
    if ((await answers(connection, 1_000)) === null && child.pid !== undefined) return child.pid;
    if (ended !== undefined) throw new Error(ended);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitMs = Math.min(waitMs * 1.2, 100);
  }
  throw new Error(`PostgreSQL did not answer within ${startMsMax / 1000} s: ${lastLines(options.logFile)}`);
}

function spawnPostmaster(options: PostmasterOptions): ChildProcess {
  if ((statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax)
    truncateSync(options.logFile);
  const logFd = openSync(options.logFile, 'a', 0o600);
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  try {
    const child = spawn(options.binaries.postgres, ['-D', ownDirectory, ...settings], {
      ...spawnOptions(options.directory, options.owner),
      stdio: ['ignore', logFd, logFd],
      // A group of its own: Ctrl+C in a terminal is for us, and it has to live until our jobs have ended.
      detached: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(logFd);
  }
}

/** Fast shutdown; the hard way for one that does not hear. */
async function stopGently(pid: number): Promise<void> {
  kill(pid, 'SIGINT');
  for (const endsAt = performance.now() + stopMsMax; kill(pid, 0) && performance.now() < endsAt;)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

function pidInFile(directory: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(directory, 'postmaster.pid'), 'latin1'), 10);
    return Number.isInteger(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
  } catch {
    return '';
  }
}
