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

/**
 * One call of a box; what it makes goes to the directory of the context. `msMax`: what the engine itself allows, where a job may take
 * longer. Throws a Failure where it needs too much memory, or longer than that, else BoxDied.
 */
export async function ask(
  pool: BoxPool,
  message: object,
  inputs: BoxCall['inputs'],
  { directory, wallMsMax, stepMsMax, signal }: EngineContext,
  msMax = Infinity,
): Promise<Answer> {
  const call = {
    message,
    inputs,
    outputDirectory: directory,
    wallMsMax: Math.min(wallMsMax, msMax),
    ...(stepMsMax === undefined ? {} : { stepMsMax }),
    signal,
  };
  const { reply, files } = await pool.run(call).catch((error: unknown) => {
    if (!(error instanceof BoxDied)) throw error;
    // Another try would end in the same way.
    if (error.why === 'memory') throw tooComplex('it needs too much memory', error);
    if (error.why === 'wall-clock' && msMax < wallMsMax)
      throw tooComplex(`it takes longer than ${Math.round(msMax / 1_000)} s`, error);
    throw error;
  });
  const left = new Set(files);
  return { reply, made: (name) => fileIn(directory, name, left) };
}

function tooComplex(reason: string, cause: BoxDied): Failure {
  return new Failure('documentTooComplex', { reason }, { detail: cause.message, cause });
}

/** The context with a new directory below its own: for an ability that one job may ask for several times. */
export function inOwnFolder(context: EngineContext): EngineContext {
  return { ...context, directory: mkdtempSync(join(context.directory, 'made-')) };
}

/** What was made of a file, called as that: it is what a client knows. */
export function calledAs(
  made: FileHandle,
  { name = made.name, number }: Partial<FileHandle> = {},
): FileHandle {
  return { ...made, name, ...(number === undefined ? {} : { number }) };
}

/** A file that a box left in the directory of its call. Throws BoxDied where it is none of them. */
function fileIn(directory: string, name: string, files: ReadonlySet<string>): FileHandle {
  if (!files.has(name)) throw new BoxDied('crash', 'It left no result.');
  const path = join(directory, name);
  return { path, name, sizeBytes: statSync(path).size };
}
