import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { CompiledCode } from './compiled.ts';
import { bytesIn, moveOutputs, placeInputs, removeInputs } from './files.ts';
import { removeTree } from './directory.ts';
import { frame, FrameReader, stepEveryMs } from './frames.ts';
import type { BoxFolders, Launch, Launcher } from './launch.ts';
import { boxUser, cpuCallsMax } from './launch.ts';
import { childrenOf, descendantsOf, parentOf, usageOf, usageOfOne } from './processes.ts';
import type { BoxAnswer, BoxCall, BoxProgram } from './sandbox.ts';
import { BoxDied } from './sandbox.ts';
import type { View } from './view.ts';

/** What all boxes of one program have in common. */
export interface BoxKind {
  readonly program: BoxProgram;
  readonly launcher: Launcher;
  readonly view: View;
  readonly root: boolean;
  /** Undefined where boxes compile for themselves. */
  readonly compiled?: CompiledCode | undefined;
}

/** A box may be Node, the first process of its namespace, and what is just starting: more is an attack. */
const processesMaxUsual = 4;
const errorTextMax = 4_096;
const errorBytesMax = 1024 * 1024;

/** One child with its folders, from its start to its removal. */
export class Box {
  /** Resolves when the child can take calls; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when no process of the box is left and its folders are gone. */
  readonly ended: Promise<void>;
  calls = 0;

  readonly #kind: BoxKind;
  readonly #folders: BoxFolders;
  readonly #launch: Launch;
  /** Where the box puts the code that it compiles, for the boxes after it. */
  readonly #compiles: string | undefined;
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #reader = new FrameReader();
  #waiting: { resolve(message: Record<string, unknown>): void; reject(error: Error): void } | undefined;
  #death: BoxDied | undefined;
  /** Ends a call that has a limit for its steps. */
  #stuck: NodeJS.Timeout | undefined;
  #exited = false;
  #errorText = '';
  #errorBytes = 0;
  /** Process id of Node as the host sees it, and of the first process of its namespace. */
  #node = 0;
  #first = 0;
  #cpuMsBefore = 0;

  constructor(kind: BoxKind, folder: string) {
    this.#kind = kind;
    const code = kind.compiled?.find();
    this.#folders = { ...makeFolders(folder, kind.root), ...(code === undefined ? {} : { code }) };
    this.#launch = kind.launcher.launch(kind.view, this.#folders, kind.program);
    if (kind.compiled !== undefined && code === undefined)
      this.#compiles = join(this.#folders.output, 'code');
    this.#child = start(this.#launch, kind.program.door !== undefined, this.#codeInside(code));
    this.#channel = this.#child.stdio[3] as Socket;
    this.#channel.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#channel.on('error', () => {});
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#keepErrorText(chunk));
    this.ended = this.#end();
    this.#openDoor(kind.program.door);
    this.ready = this.#start();
    this.ready.catch(() => {});
  }

  get alive(): boolean {
    return this.#death === undefined;
  }
  /** Process id of Node on the host. */
  get pid(): number {
    return this.#node;
  }

  /** Process ids of all that runs in the box, on the host. */
  processes(): number[] {
    return [this.#node, ...descendantsOf(this.#first || this.#node)];
  }

  /** One call. Rejects with BoxDied when the box has to go, and then the box is going. */
  async call(call: BoxCall): Promise<BoxAnswer> {
    this.calls += 1;
    await placeInputs(call.inputs, this.#folders.input, this.#kind.root);
    const message = await this.#exchange(call);
    const reply = this.#understand(message);
    const files = this.#collect(call.outputDirectory);
    removeInputs(call.inputs, this.#folders.input);
    return { reply, files };
  }

  /** Whether the child has served or grown enough to be replaced. */
  worn(): 'calls' | 'growth' | undefined {
    const { limits } = this.#kind.program;
    const usage = usageOfOne(this.#node);
    this.#cpuMsBefore = usage?.cpuMs ?? 0;
    if (usage !== null && usage.residentBytes > limits.memoryBytesMax / 2) return 'growth';
    if (usage !== null && usage.cpuMs > (limits.cpuMsMax * cpuCallsMax) / 2) return 'growth';
    return this.calls >= limits.callsMax ? 'calls' : undefined;
  }

  /** Looks at a box in a call: the kernel's limits hold for each process, these for all of the box together. */
  watch(): void {
    const { limits, native } = this.#kind.program;
    const processesMax = native?.processesMax ?? processesMaxUsual;
    const usage = usageOf(this.#first || this.#node);
    if (usage === null || !this.alive) return;
    if (usage.residentBytes > limits.memoryBytesMax) this.kill('memory', 'It passed its limit of memory.');
    else if (usage.processes > processesMax) this.kill('crash', 'It started other processes.');
    else if (usage.cpuMs - this.#cpuMsBefore > limits.cpuMsMax) {
      this.kill('wall-clock', 'It passed its limit of processor time.');
    } else if (bytesIn(this.#folders.output, limits.filesMax) > limits.fileBytesMax) {
      this.kill('crash', 'It wrote more than a call may write.');
    }
  }

  /** Ends the box; `ended` tells when it is gone. */
  kill(why: BoxDied['why'], message: string): void {
    this.#die(new BoxDied(why, message));
    if (this.#exited) return;
    // With the first process of a namespace the kernel ends all others, and reports its end only after theirs.
    if (this.#first !== 0 && parentOf(this.#first) === this.#child.pid) endProcess(this.#first);
    else this.#killGroup();
    const late = setTimeout(() => this.#killGroup(), 1_000);
    void this.ended.then(() => clearTimeout(late));
  }

  #killGroup(): void {
    if (!this.#exited && this.#child.pid !== undefined) endProcess(-this.#child.pid);
  }

  #openDoor(take: BoxProgram['door']): void {
    const stream = this.#child.stdio[4] as Socket | undefined;
    if (!take || !stream) return;
    stream.on('error', () => {});
    void this.ended.then(() => stream.destroy());
    take(stream);
  }

  async #start(): Promise<void> {
    const message = await this.#next();
    if (message['ready'] !== true) throw this.#garbage('something else than that it is ready');
    this.#findProcesses();
    if (this.#compiles !== undefined) await this.#kind.compiled?.keep(this.#compiles);
  }

  /** Where Node looks for compiled code, or puts it. */
  #codeInside(code: string | undefined): string | undefined {
    if (code !== undefined) return this.#launch.code;
    return this.#compiles === undefined ? undefined : `${this.#launch.output}/code`;
  }

  #findProcesses(): void {
    let pid = this.#child.pid ?? 0;
    if (this.#launch.layers === 2) {
      this.#first = childrenOf(pid)[0] ?? 0;
      pid = childrenOf(this.#first)[0] ?? pid;
    }
    this.#node = pid;
  }

  async #exchange(call: BoxCall): Promise<Record<string, unknown>> {
    if (call.signal?.aborted) this.kill('aborted', 'The call was aborted.');
    const bytes = frame(call.message);
    const abort = () => this.kill('aborted', 'The call was aborted.');
    const clock = setTimeout(
      () => this.kill('wall-clock', `It did not answer within ${call.wallMsMax} ms.`),
      call.wallMsMax,
    );
    const { stepMsMax } = call;
    if (stepMsMax !== undefined)
      this.#stuck = setTimeout(
        () => this.kill('stuck', `It took more than ${stepMsMax} ms for one step.`),
        stepMsMax + stepEveryMs,
      );
    call.signal?.addEventListener('abort', abort);
    try {
      const answer = this.#next();
      this.#channel.write(bytes);
      return await answer;
    } finally {
      clearTimeout(clock);
      clearTimeout(this.#stuck);
      this.#stuck = undefined;
      call.signal?.removeEventListener('abort', abort);
    }
  }

  #understand(message: Record<string, unknown>): unknown {
    if ('reply' in message) return message['reply'];
    const text = clean(String(message['threw'] ?? ''));
    this.kill(message['memory'] === true ? 'memory' : 'crash', `Its program threw: ${text}`);
    throw this.#death ?? new BoxDied('crash', text);
  }

  #collect(target: string): string[] {
    try {
      return moveOutputs(this.#folders.output, target, this.#kind.program.limits);
    } catch (error) {
      throw this.#garbage(error instanceof Error ? error.message : 'unreadable results');
    }
  }

  #next(): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#death !== undefined) reject(this.#death);
      else this.#waiting = { resolve, reject };
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#death !== undefined) return;
    try {
      const { hasStepped, message } = this.#reader.push(chunk);
      if (this.#waiting === undefined) throw new Error('without being asked');
      if (hasStepped) this.#stuck?.refresh();
      if (message === undefined) return;
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve(message);
    } catch (error) {
      this.#garbage(error instanceof Error ? error.message : '');
    }
  }

  #garbage(what: string): BoxDied {
    this.kill('crash', `It answered with garbage: ${clean(what)}`);
    return this.#death as BoxDied;
  }

  #die(death: BoxDied): void {
    this.#death ??= death;
    this.#waiting?.reject(this.#death);
    this.#waiting = undefined;
  }

  /** Follows the child to its end, whoever ends it. */
  async #end(): Promise<void> {
    const exit = once(this.#child, 'exit').catch((error: unknown) => [null, String(error)]);
    this.#child.on('error', () => {});
    const [code, signal] = await exit;
    this.#exited = true;
    const { stderr } = this.#child;
    if (stderr && !stderr.closed) {
      await once(stderr, 'close', { signal: AbortSignal.timeout(100) }).catch(() => {});
    }
    this.#die(causeOf(code as number | null, signal as string | null, clean(this.#errorText)));
    this.#channel.destroy();
    stderr?.destroy();
    // What cannot be removed now is swept away at a later start.
    await removeTree(this.#folders.all).catch(() => {});
  }

  #keepErrorText(chunk: Buffer): void {
    this.#errorBytes += chunk.length;
    this.#errorText = (this.#errorText + chunk.toString('latin1')).slice(0, errorTextMax);
    if (this.#errorBytes > errorBytesMax) this.kill('crash', 'It flooded its standard error.');
  }
}

function makeFolders(all: string, root: boolean): BoxFolders {
  const folders = { all, input: join(all, 'in'), output: join(all, 'out'), root: join(all, 'root') };
  for (const folder of [all, folders.input, folders.output, folders.root]) {
    mkdirSync(folder);
    // Whatever the umask. Others cannot get here: storage is closed to them.
    chmodSync(folder, 0o755);
  }
  if (root) chownSync(folders.output, boxUser.uid, boxUser.gid);
  return folders;
}

function start(
  { command, args, cwd = '/', uid, gid }: Launch,
  hasDoor: boolean,
  code: string | undefined,
): ChildProcess {
  return spawn(command, args, {
    env: code === undefined ? {} : { NODE_COMPILE_CACHE: code },
    cwd,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', ...(hasDoor ? (['pipe'] as const) : [])],
    // Away from the terminal: Ctrl-C is for the server, which lets its boxes finish.
    detached: true,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
}

/** Reads from how a child ended why it did. */
function causeOf(code: number | null, signal: string | null, errorText: string): BoxDied {
  const how = signal === null ? `code ${code}` : signal;
  const message = `It ended by itself (${how}): ${errorText}`;
  if (/out of memory|allocation failed|bad_alloc|cannot allocate/i.test(errorText))
    return new BoxDied('memory', message);
  // A shell and bubblewrap report a signal as 128 and its number; 24 is SIGXCPU.
  if (signal === 'SIGXCPU' || code === 152) return new BoxDied('wall-clock', message);
  return new BoxDied('crash', message);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Text from a hostile place, fit for a log. */
function clean(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 1_000);
}
