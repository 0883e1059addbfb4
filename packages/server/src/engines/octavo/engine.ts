import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../errors.ts';
import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { BoxDied } from '../../sandbox/sandbox.ts';
import type { Abilities, FileHandle } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import type { MergeRequest } from './messages.ts';
import { inputName, resultName } from './messages.ts';
import { clean, readReply } from './replies.ts';
import { samplePdf } from './sample.ts';

const mebibyte = 1024 * 1024;
const titleLengthMax = 120;

/**
 * The program of our own PDF core, to be started by a Sandbox. Its memory: merging 2 x 1 GB takes under 200 MB, and the core's
 * own limits, which give a better answer, let it hold 256 MB of one decoded stream besides the objects.
 */
export function octavoProgram(options: {
  readonly size: number;
  readonly memoryBytesMax?: number;
}): BoxProgram {
  return {
    name: 'octavo',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    packages: ['@octavo/pdf'],
    size: options.size,
    limits: {
      memoryBytesMax: options.memoryBytesMax ?? 768 * mebibyte,
      fileBytesMax: 4096 * mebibyte,
      cpuMsMax: 10 * 60_000,
      openFilesMax: 1_024,
      callsMax: 1_000,
    },
  };
}

/** The engine of our own PDF core, over boxes of `octavoProgram`. `directory`: on the file system of storage, for the probe. */
export function createOctavoEngine(pool: BoxPool, options: { readonly directory: string }): Engine {
  return {
    name: 'octavo',
    abilities: { 'pdf.merge': (request, context) => merge(pool, request, context) },
    probe: () => probe(pool, options.directory),
  };
}

async function merge(
  pool: BoxPool,
  { documents, outlines }: Abilities['pdf.merge']['takes'],
  context: EngineContext,
): Promise<Abilities['pdf.merge']['gives']> {
  const message: MergeRequest = { titles: documents.map(titleOf), outlines, password: context.password };
  const inputs = documents.map(({ path }, index) => ({ path, as: inputName(index) }));
  const call = { message, inputs, outputDirectory: context.directory };
  const { reply, files } = await pool
    .run({ ...call, wallMsMax: context.wallMsMax, signal: context.signal })
    .catch(rethrowDeath);
  const read = readReply(reply, documents);
  return { ...read, file: resultIn(context.directory, files) };
}

/** The name of a document without its extension; the core says `Document N` where nothing is left. */
function titleOf({ name }: FileHandle): string {
  return clean(name.replace(/\.pdf$/i, ''), titleLengthMax);
}

/** Too little memory is the document's fault: another try would end in the same way. */
function rethrowDeath(error: unknown): never {
  if (!(error instanceof BoxDied) || error.why !== 'memory') throw error;
  throw new Failure(
    'documentTooComplex',
    { reason: 'it needs too much memory' },
    { detail: error.message, cause: error },
  );
}

function resultIn(directory: string, files: readonly string[]): FileHandle {
  if (!files.includes(resultName)) throw new BoxDied('crash', 'It left no result.');
  const path = join(directory, resultName);
  return { path, name: resultName, sizeBytes: statSync(path).size };
}

const probeMsMax = 5_000;

/** Merges two tiny documents. An engine whose boxes are all at work is ready too. */
async function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const folder = await mkdtemp(join(directory, 'probe-'));
  const signal = AbortSignal.timeout(probeMsMax);
  try {
    const documents = await Promise.all(['a', 'b'].map((name) => writeSample(folder, name)));
    const context = { password: '', directory: folder, wallMsMax: probeMsMax, signal };
    const attempt = () => merge(pool, { documents, outlines: 'join' }, context);
    // A box that has just ended is replaced: its end says nothing about the engine.
    const { pageCount } = await attempt().catch((error: unknown) =>
      hasCrashed(error) ? attempt() : Promise.reject(error),
    );
    return { ready: pageCount === 2, says: pageCount === 2 ? 'Merges PDFs.' : 'It merges PDFs wrongly.' };
  } catch (error) {
    if (isWaiting(error) && pool.pids().length > 0) return { ready: true, says: 'All boxes are at work.' };
    return {
      ready: false,
      says: `It does not merge PDFs: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function hasCrashed(error: unknown): boolean {
  return error instanceof BoxDied && error.why === 'crash';
}

function isWaiting(error: unknown): boolean {
  return error instanceof BoxDied && error.why === 'aborted';
}

async function writeSample(folder: string, name: string): Promise<FileHandle> {
  const [path, bytes] = [join(folder, name), samplePdf()];
  await writeFile(path, bytes);
  return { path, name: `${name}.pdf`, sizeBytes: bytes.length };
}
