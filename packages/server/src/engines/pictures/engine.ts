import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { BoxDied } from '../../sandbox/sandbox.ts';
import { fileIn, rethrowDeath } from '../answers.ts';
import type { Abilities } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { readReply } from '../octavo/replies.ts';
import type { OptimiseRequest, ProbeRequest } from './messages.ts';
import { inputName, resultName } from './messages.ts';

const mebibyte = 1024 * 1024;
const cpuMsMax = 10 * 60_000;

/**
 * The program that reads and packs pictures, to be started by a Sandbox. Pictures are
 * decoded whole; one that would not fit into its memory stays as it is.
 */
export function picturesProgram(options: {
  readonly size: number;
  readonly memoryBytesMax?: number;
}): BoxProgram {
  return {
    name: 'pictures',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    packages: ['@octavo/pdf', 'sharp'],
    addons: true,
    size: options.size,
    // Few documents are made smaller: nobody else should pay for boxes that wait for that.
    warm: 0,
    limits: {
      memoryBytesMax: options.memoryBytesMax ?? 768 * mebibyte,
      fileBytesMax: 4096 * mebibyte,
      cpuMsMax,
      openFilesMax: 1_024,
      callsMax: 1_000,
    },
  };
}

/** The engine of pictures, over boxes of `picturesProgram`. `directory`: on the file system of storage, for the probe. */
export function createPicturesEngine(pool: BoxPool, options: { readonly directory: string }): Engine {
  return {
    name: 'pictures',
    abilities: { 'pdf.optimise': (request, context) => optimise(pool, request, context) },
    probe: () => probe(pool, options.directory),
  };
}

async function optimise(
  pool: BoxPool,
  { document, pictures }: Abilities['pdf.optimise']['takes'],
  context: EngineContext,
): Promise<Abilities['pdf.optimise']['gives']> {
  const message: OptimiseRequest = {
    does: 'optimise',
    pictures,
    picturesMsMax: Math.min(context.wallMsMax, cpuMsMax) / 2,
    password: context.password,
  };
  const inputs = [{ path: document.path, as: inputName }];
  const { reply, files } = await pool
    .run({
      message,
      inputs,
      outputDirectory: context.directory,
      wallMsMax: context.wallMsMax,
      signal: context.signal,
    })
    .catch(rethrowDeath);
  const read = readReply(reply, [document]);
  const file = fileIn(context.directory, resultName, new Set(files));
  return { ...read, file, bytesBefore: document.sizeBytes, bytesAfter: file.sizeBytes };
}

const probeMsMax = 5_000;

/** Packs a tiny picture. An engine whose boxes are all at work is ready too. */
async function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const folder = await mkdtemp(join(directory, 'probe-'));
  const signal = AbortSignal.timeout(probeMsMax);
  const message: ProbeRequest = { does: 'probe' };
  try {
    const call = { message, inputs: [], outputDirectory: folder, wallMsMax: probeMsMax, signal };
    const { reply } = await pool.run(call);
    const ready = Number((reply as { bytes?: unknown } | null)?.bytes) > 0;
    return { ready, says: ready ? 'Packs pictures.' : 'It packs pictures wrongly.' };
  } catch (error) {
    if (error instanceof BoxDied && error.why === 'aborted' && pool.pids().length > 0)
      return { ready: true, says: 'All boxes are at work.' };
    return {
      ready: false,
      says: `It does not pack pictures: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
