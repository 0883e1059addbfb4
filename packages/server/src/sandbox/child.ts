import { readSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { messageBytesMax, stepEveryMs } from './frames.ts';

/** Paths of the files of one call. */
export interface Files {
  /** A file that was given to the call under this name: read-only. */
  input(name: string): string;
  /** Where a result of this name has to be written. */
  output(name: string): string;
}

/** The channel to the server: standard output stays free for whatever a library prints. */
const channel = 3;

/** When the server last heard of the call that is answered; for ever while there is none. */
let heardMs = Infinity;

/** Says that one of the steps of a call is done: a call that has a limit for each begins to count anew. Costs nothing where it comes often. */
export function stepDone(): void {
  const now = performance.now();
  if (now - heardMs < stepEveryMs) return;
  heardMs = now;
  writeSync(channel, noBytes);
}
const noBytes = Buffer.alloc(4);

/**
 * Answers calls, one after the other, until the server is gone. What the handler throws ends this process: what is bad input
 * belongs into its answer. It waits for the next call without an event loop, which is quicker, and nothing runs between calls.
 */
export async function serve(handler: (message: unknown, files: Files) => unknown): Promise<never> {
  const [, , input = '', output = ''] = process.argv;
  const files: Files = { input: (name) => `${input}/${name}`, output: (name) => `${output}/${name}` };
  // For the boxes that are started after this one: nothing that this one may be given has come yet.
  if (process.env['NODE_COMPILE_CACHE']?.startsWith(`${output}/`)) flushCompileCache();
  delete process.env['NODE_COMPILE_CACHE'];
  send({ ready: true });
  for (;;) {
    const message = receive();
    if (message === undefined) process.exit(0);
    try {
      heardMs = performance.now();
      const reply = await handler(message, files);
      heardMs = Infinity;
      send({ reply: reply ?? null });
    } catch (error) {
      send({ threw: describe(error), memory: isAllocationFailure(error) });
      process.exit(1);
    }
  }
}

function send(message: object): void {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > messageBytesMax) throw new Error('The answer is too long.');
  const header = Buffer.alloc(4);
  header.writeUInt32LE(body.length);
  const frame = Buffer.concat([header, body]);
  for (let at = 0; at < frame.length;) at += writeSync(channel, frame, at);
}

function receive(): unknown {
  const header = readExactly(4);
  const body = header && readExactly(header.readUInt32LE());
  return body && JSON.parse(body.toString());
}

/** Undefined when the server has gone. */
function readExactly(length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const count = readSync(channel, bytes, at, length - at, null);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}

function describe(error: unknown): string {
  return String(error instanceof Error ? (error.stack ?? error.message) : error).slice(0, 2_000);
}

/** What is thrown when the kernel's limit, or V8's own, leaves no room for an array or a text. */
function isAllocationFailure(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOMEM' || code === 'Z_MEM_ERROR' || code === 'ERR_MEMORY_ALLOCATION_FAILED') return true;
  return error instanceof RangeError && /allocat|Invalid (typed )?array|string length/i.test(message);
}
