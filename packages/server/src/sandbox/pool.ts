import type { Log } from '../platform/log.ts';
import type { BoxKind } from './box.ts';
import { Box } from './box.ts';
import type { BoxAnswer, BoxCall, BoxPool } from './sandbox.ts';
import { BoxDied } from './sandbox.ts';

/** How often boxes in a call are looked at. */
const watchMs = 100;
/** Boxes that fail to start one after the other, until callers are told. */
const failuresMax = 3;
const retryMsMax = 5_000;
const quietMsUsual = 60_000;
/** A machine may be busy; what takes longer hangs. */
const startMsMax = 60_000;

interface Waiter {
  resolve(box: Box): void;
  reject(error: Error): void;
}

/** Keeps children of one program and hands them out in the order in which callers came. */
export class Pool implements BoxPool {
  readonly #kind: BoxKind;
  readonly #nextFolder: () => string;
  readonly #log: Log;
  /** Every box with a process or a folder. */
  readonly #boxes = new Set<Box>();
  readonly #starting = new Set<Box>();
  readonly #idle: Box[] = [];
  readonly #busy = new Set<Box>();
  /** Boxes that leave when their call ends, as a successor is there or on its way. */
  readonly #leaving = new Set<Box>();
  readonly #waiters: Waiter[] = [];
  /** Calls came lately. */
  #rushed = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(kind: BoxKind, nextFolder: () => string, log: Log) {
    this.#kind = kind;
    this.#nextFolder = nextFolder;
    this.#log = log.with({ program: kind.program.name });
    this.#fill();
  }

  async run(call: BoxCall): Promise<BoxAnswer> {
    this.#rushed = true;
    const box = this.#takeIdle() ?? (await this.#wait(call.signal));
    this.#busy.add(box);
    this.#fill();
    clearTimeout(this.#quiet);
    this.#watch ??= setInterval(() => this.#look(), watchMs);
    try {
      return await box.call(call);
    } catch (error) {
      if (box.alive) box.kill('crash', 'The call failed outside of the box.');
      throw error;
    } finally {
      this.#release(box);
    }
  }

  pids(): readonly number[] {
    return [...this.#boxes].filter((box) => box.alive && box.pid !== 0).map((box) => box.pid);
  }

  /** Resolves when all boxes that are starting are ready; rejects when one cannot start. */
  async ready(): Promise<void> {
    await Promise.all([...this.#starting].map((box) => box.ready));
  }

  /** Ends all boxes. Callers get BoxDied. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    clearTimeout(this.#quiet);
    for (const box of this.#boxes) box.kill('aborted', 'The server is stopping.');
    this.#refuse(new BoxDied('aborted', 'The server is stopping.'));
    await Promise.all([...this.#boxes].map((box) => box.ended));
  }

  #takeIdle(): Box | undefined {
    if (this.#busy.size >= this.#kind.program.size) return undefined;
    return this.#waiters.length === 0 ? this.#shiftIdle() : undefined;
  }

  /** The next idle box that has not just ended. */
  #shiftIdle(): Box | undefined {
    for (let box = this.#idle.shift(); box !== undefined; box = this.#idle.shift()) if (box.alive) return box;
    return undefined;
  }

  #wait(signal: AbortSignal | undefined): Promise<Box> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new BoxDied('aborted', 'The server is stopping.'));
      const leave = () => {
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
        reject(new BoxDied('aborted', 'The call was aborted before it had a box.'));
      };
      const waiter: Waiter = {
        resolve: (box) => {
          signal?.removeEventListener('abort', leave);
          resolve(box);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      if (signal?.aborted) return leave();
      signal?.addEventListener('abort', leave);
      this.#waiters.push(waiter);
      this.#fill();
    });
  }

  /** Hands idle boxes to those who wait. */
  #serve(): void {
    while (this.#waiters.length > 0 && this.#busy.size < this.#kind.program.size) {
      const box = this.#shiftIdle();
      if (box === undefined) return;
      this.#busy.add(box);
      this.#waiters.shift()?.resolve(box);
    }
  }

  #release(box: Box): void {
    this.#busy.delete(box);
    if (this.#busy.size === 0) {
      clearInterval(this.#watch);
      this.#watch = undefined;
      this.#awaitQuiet();
    }
    if (box.alive) this.#keepOrReplace(box);
    this.#fill();
    this.#serve();
  }

  #keepOrReplace(box: Box): void {
    const worn = box.worn();
    const isUsedUp = worn === 'calls' && this.#kind.program.limits.callsMax === 1;
    if (worn === 'growth' || isUsedUp || this.#leaving.has(box)) return this.#retire(box);
    // It goes on until its successor is ready, so that no caller waits for a start.
    if (worn === 'calls' && this.#starting.size === 0) this.#startSuccessor(box);
    this.#idle.push(box);
  }

  #startSuccessor(box: Box): void {
    if (this.#leaving.has(box)) return;
    const successor = this.#start();
    void successor?.ready.then(
      () => this.#leave(box),
      () => {},
    );
  }

  #leave(box: Box): void {
    this.#leaving.add(box);
    if (this.#idle.includes(box)) this.#retire(box);
  }

  #awaitQuiet(): void {
    clearTimeout(this.#quiet);
    const { quietMs = quietMsUsual } = this.#kind.program;
    if (!this.#closed) this.#quiet = setTimeout(() => this.#shrink(), quietMs).unref();
  }

  /** Nobody has asked for a while: what was started for a rush gives its memory back. */
  #shrink(): void {
    this.#rushed = false;
    const { size, warm = size } = this.#kind.program;
    for (const box of this.#idle.slice(0, Math.max(0, this.#idle.length - warm))) this.#retire(box);
  }

  #retire(box: Box): void {
    const at = this.#idle.indexOf(box);
    if (at >= 0) this.#idle.splice(at, 1);
    box.kill('aborted', 'It has been replaced.');
  }

  /** Starts as many boxes as are missing. */
  #fill(): void {
    const living = () => [...this.#boxes].filter((box) => box.alive && !this.#leaving.has(box)).length;
    if (this.#failures > 0) return;
    const { size, warm = size, spare = 0 } = this.#kind.program;
    const asked = Math.min(size, Math.max(warm, this.#busy.size + this.#waiters.length));
    // Where nobody has a box yet, one more would only make the first one late.
    const isFirst = this.#busy.size === 0 && this.#waiters.length > 0;
    const wanted = asked + (this.#rushed && !isFirst ? spare : 0);
    while (!this.#closed && living() < wanted) {
      if (this.#start() === undefined) return;
    }
  }

  #start(): Box | undefined {
    let box: Box;
    try {
      box = new Box(this.#kind, this.#nextFolder());
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
    this.#boxes.add(box);
    this.#starting.add(box);
    const late = setTimeout(() => box.kill('wall-clock', 'It did not start in time.'), startMsMax);
    const ready = box.ready.finally(() => clearTimeout(late));
    void ready.then(
      () => this.#started(box),
      (error: unknown) => {
        this.#starting.delete(box);
        this.#failed(error);
      },
    );
    void box.ended.then(() => this.#gone(box));
    return box;
  }

  #started(box: Box): void {
    this.#starting.delete(box);
    this.#failures = 0;
    if (!box.alive) return;
    this.#idle.push(box);
    this.#serve();
    this.#fill();
    if (this.#busy.size === 0) this.#awaitQuiet();
  }

  #failed(error: unknown): void {
    if (this.#closed) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#failures += 1;
    this.#log.error('a box does not start', { reason: message, failures: this.#failures });
    if (this.#failures >= failuresMax) this.#refuse(new BoxDied('crash', `Boxes do not start: ${message}`));
    clearTimeout(this.#retry);
    const delay = Math.min(retryMsMax, 50 * 2 ** this.#failures);
    this.#retry = setTimeout(() => this.#tryAgain(), delay);
  }

  /** One box at first: the rest follows when it has started. */
  #tryAgain(): void {
    if (!this.#closed && this.#starting.size === 0) this.#start();
  }

  /** A box has ended, by our hand or not. */
  #gone(box: Box): void {
    this.#boxes.delete(box);
    this.#leaving.delete(box);
    const at = this.#idle.indexOf(box);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#fill();
  }

  #refuse(error: Error): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  #look(): void {
    for (const box of this.#busy) box.watch();
  }
}
