import { mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { type BoxCall, BoxDied, type BoxPool } from '../sandbox/sandbox.ts';
import type { FileHandle } from './capabilities.ts';
import type { EngineContext } from './engine.ts';

/** What a box answered: JSON from a hostile place, to be checked, and files. */
export interface Answer {
  readonly reply: unknown;
  /** A file that the box left under this name. Throws BoxDied where it is none of them. */
  made(name: string): FileHandle;
}

/** One call of a box; what it makes goes to the directory of the context. Throws a Failure where it needs too much memory, else BoxDied. */
export async function ask(
  pool: BoxPool,
  message: object,
  inputs: BoxCall['inputs'],
  { directory, wallMsMax, stepMsMax, signal }: EngineContext,
): Promise<Answer> {
  const steps = stepMsMax === undefined ? {} : { stepMsMax };
  const call = { message, inputs, outputDirectory: directory, wallMsMax, ...steps, signal };
  const { reply, files } = await pool.run(call).catch(rethrowDeath);
  const left = new Set(files);
  return { reply, made: (name) => fileIn(directory, name, left) };
}

/** The context with a new directory below its own: for an ability that one job may ask for several times. */
export function inOwnFolder(context: EngineContext): EngineContext {
  return { ...context, directory: mkdtempSync(join(context.directory, 'made-')) };
}

/** Too little memory is the document's fault: another try would end in the same way. */
export function rethrowDeath(error: unknown): never {
  if (!(error instanceof BoxDied) || error.why !== 'memory') throw error;
  throw new Failure(
    'documentTooComplex',
    { reason: 'it needs too much memory' },
    { detail: error.message, cause: error },
  );
}

/** A file that a box left in the directory of its call. Throws BoxDied where it is none of them. */
export function fileIn(directory: string, name: string, files: ReadonlySet<string>): FileHandle {
  if (!files.has(name)) throw new BoxDied('crash', 'It left no result.');
  const path = join(directory, name);
  return { path, name, sizeBytes: statSync(path).size };
}
