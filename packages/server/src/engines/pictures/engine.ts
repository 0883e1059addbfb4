import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, calledAs, inOwnFolder } from '../answers.ts';
import type { Abilities } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { readReply } from '../octavo/replies.ts';
import { probeIn } from '../probe.ts';
import { fontPaths, hasFonts } from './fonts.ts';
import type { OptimiseRequest, ProbeRequest, ToPdfRequest } from './messages.ts';
import { inputName, pictureName, resultName } from './messages.ts';

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
    reads: fontPaths,
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
    abilities: {
      'pdf.optimise': (request, context) => optimise(pool, request, context),
      'pictures.to-pdf': (request, context) => toPdf(pool, request, context),
    },
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
  const { reply, made } = await ask(pool, message, inputs, inOwnFolder(context));
  const read = readReply(reply, [document]);
  const file = made(resultName);
  return { ...read, file, bytesBefore: document.sizeBytes, bytesAfter: file.sizeBytes };
}

async function toPdf(
  pool: BoxPool,
  { pictures, sizes }: Abilities['pictures.to-pdf']['takes'],
  context: EngineContext,
): Promise<Abilities['pictures.to-pdf']['gives']> {
  const message: ToPdfRequest = { does: 'to-pdf', count: pictures.length, sizes, hasFonts: hasFonts() };
  const inputs = pictures.map(({ path }, index) => ({ path, as: pictureName(index) }));
  const { reply, made } = await ask(pool, message, inputs, inOwnFolder(context));
  // Of what is said of it later, the first picture is what a client knows.
  return { ...readReply(reply, pictures), file: calledAs(made(resultName), pictures[0]) };
}

/** Packs a tiny picture. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = {
    ready: 'Packs pictures.',
    wrong: 'It packs pictures wrongly.',
    failed: 'It does not pack pictures',
  };
  const message: ProbeRequest = { does: 'probe' };
  return probeIn(directory, pool, says, async (context) => {
    const { reply } = await ask(pool, message, [], context);
    return Number((reply as { bytes?: unknown } | null)?.bytes) > 0;
  });
}
