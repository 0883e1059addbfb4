import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { writeProfile } from './child-profile.ts';
import type { Installation } from './installation.ts';

/** The office program ended, or does nothing any more. */
export class Stuck extends Error {
  override readonly name = 'Stuck';
}

const scratch = '/tmp';
const profile = join(scratch, 'profile');
/** What the program says on its pipe, see desktop/source/app/officeipcthread.cxx of LibreOffice. */
const asks = 'InternalIPC::SendArguments\0';
const done = 'InternalIPC::ProcessingDone\0';
/** It ends with this when it wants to be started anew. */
const againCode = 81;
const startsMax = 3;
const startMsMax = 20_000;
const lookMs = 10;
/** Without a moment of processor time it hangs. */
const idleMsMax = 10_000;
const idleLookMs = 500;

/** An office program that runs and waits for a document. */
export interface Office {
  /** Does what a command line of it says, once. Throws Stuck. */
  run(args: readonly string[]): Promise<void>;
}

/** Starts the program without a document, and lets it wait at its pipe. Throws Stuck where it does not come up. */
export async function startOffice(installation: Installation): Promise<Office> {
  writeProfile(profile, installation);
  for (let start = 1; ; start++) {
    const program = spawnOffice(installation);
    const pipe = await connected(program);
    if (pipe !== undefined) return { run: (args) => run(program, pipe, args) };
    const isAgain = program.exitCode === againCode;
    program.kill('SIGKILL');
    if (start === startsMax) throw new Stuck('it does not start');
    if (!isAgain) {
      rmSync(profile, { recursive: true, force: true });
      writeProfile(profile, installation);
    }
  }
}

function spawnOffice({ programs }: Installation): ChildProcess {
  const args = ['--headless', '--norestore', '--nolockcheck', '--nodefault', '--nologo'];
  return spawn(join(programs, 'soffice.bin'), [`-env:UserInstallation=file://${profile}`, ...args], {
    cwd: scratch,
    env: {
      HOME: scratch,
      TMPDIR: scratch,
      LANG: 'C.UTF-8',
      LD_LIBRARY_PATH: programs,
      // Draws into memory: no library of windows is loaded.
      SAL_USE_VCLPLUGIN: 'svp',
      SAL_DISABLE_OPENCL: '1',
      GIO_USE_VFS: 'local',
      GSETTINGS_BACKEND: 'memory',
    },
    stdio: 'ignore',
  });
}

/** The pipe of the program, once it asks for arguments; undefined where it ends or takes too long. */
async function connected(program: ChildProcess): Promise<Socket | undefined> {
  const until = performance.now() + startMsMax;
  for (; performance.now() < until && isAlive(program); await after(lookMs)) {
    const name = readdirSync(scratch).find((one) => one.startsWith('OSL_PIPE_'));
    const pipe = name === undefined ? undefined : await asking(join(scratch, name), until);
    if (pipe !== undefined) return pipe;
  }
  // The last start may have left its pipe.
  for (const name of readdirSync(scratch)) if (name.startsWith('OSL_PIPE_')) rmSync(join(scratch, name));
  return undefined;
}

async function asking(path: string, until: number): Promise<Socket | undefined> {
  const pipe = connect(path);
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(until - performance.now())));
  try {
    await heard(pipe, asks, signal);
    return pipe;
  } catch {
    pipe.destroy();
    return undefined;
  }
}

/** Resolves when these words have come. Rejects when the pipe ends before, or `signal` aborts. */
async function heard(pipe: Socket, words: string, signal: AbortSignal): Promise<void> {
  let said = '';
  const ended = once(pipe, 'close', { signal }).then(() => {
    throw new Stuck('it closed its pipe');
  });
  ended.catch(() => {});
  while (!said.endsWith(words)) {
    const [chunk] = (await Promise.race([once(pipe, 'data', { signal }), ended])) as [Buffer];
    said = (said + chunk.toString('latin1')).slice(-words.length);
  }
}

async function run(program: ChildProcess, pipe: Socket, args: readonly string[]): Promise<void> {
  const over = new AbortController();
  const idle = untilIdle(program, over.signal);
  pipe.write(`InternalIPC::Arguments2${scratch}${args.map((text) => `,${escaped(text)}`).join('')}\0`);
  try {
    await Promise.race([heard(pipe, done, over.signal), idle]);
  } finally {
    over.abort();
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\,]/g, '\\$&');
}

/** Rejects when the program has neither had nor wanted processor time for a while, or has ended. */
async function untilIdle(program: ChildProcess, signal: AbortSignal): Promise<void> {
  let [ticks, since] = [-1, performance.now()];
  while (!signal.aborted) {
    await after(idleLookMs, undefined, { signal }).catch(() => {});
    const { state, ticks: now } = usageOf(program);
    if (now !== ticks || state === 'R' || state === 'D') [ticks, since] = [now, performance.now()];
    else if (performance.now() - since > idleMsMax) throw new Stuck('it hangs');
  }
}

/** What a process does, and the processor time that it has had, in hundredths of a second (proc(5)). Throws Stuck where it has ended. */
function usageOf({ pid }: ChildProcess): { readonly state: string; readonly ticks: number } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The third field is the first one behind the name.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    throw new Stuck('it ended');
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
