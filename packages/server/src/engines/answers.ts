import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../errors.ts';
import { BoxDied } from '../sandbox/sandbox.ts';
import type { FileHandle } from './capabilities.ts';

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
