import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clean, Failure } from '../../errors.ts';
import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { BoxDied } from '../../sandbox/sandbox.ts';
import { type Answer, ask, inOwnFolder } from '../answers.ts';
import { probeIn } from '../probe.ts';
import type { FileHandle, MadeDocument, MadeFiles } from '../capabilities.ts';
import type { Ability, Engine, EngineContext } from '../engine.ts';
import { readFacts } from './facts.ts';
import {
  type Act,
  attachedMax,
  factsName,
  inputName,
  type OctavoRequest,
  partsMax,
  resultName,
} from './messages.ts';
import { readParts, readReply } from './replies.ts';
import { samplePdf } from './sample.ts';

const mebibyte = 1024 * 1024;
const titleLengthMax = 120;
/** The end of a name has its extension. */
const attachedNameMax = 100;

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
      filesMax: partsMax,
      cpuMsMax: 10 * 60_000,
      openFilesMax: 1_024,
      callsMax: 1_000,
    },
  };
}

/** The engine of our own PDF core, over boxes of `octavoProgram`. `directory`: on the file system of storage, for the probe. */
export function createOctavoEngine(
  pool: BoxPool,
  options: { readonly directory: string },
): Engine & { readonly abilities: ReturnType<typeof abilitiesOf> } {
  return {
    name: 'octavo',
    abilities: abilitiesOf(pool),
    probe: () => probe(pool, options.directory),
  };
}

function abilitiesOf(pool: BoxPool) {
  const one = (act: Act, document: FileHandle, context: EngineContext) =>
    makeOne(pool, act, [document], context);
  const several = (act: Act, document: FileHandle, context: EngineContext) =>
    makeSeveral(pool, act, document, context);
  return {
    'pdf.merge': mergeBy(pool),
    'pdf.split': async ({ document, pages, stem }, context) => {
      const made = await several({ does: 'split', pages }, document, context);
      const files = made.files.map((file) => ({ ...file, name: `${stem}_${file.name}.pdf` }));
      return { ...made, files };
    },
    'pdf.delete-pages': ({ document, pages }, context) =>
      one({ does: 'delete-pages', pages }, document, context),
    'pdf.keep-pages': ({ document, pages }, context) => one({ does: 'keep-pages', pages }, document, context),
    'pdf.rotate-pages': ({ document, pages, angle }, context) =>
      one({ does: 'rotate-pages', pages, angle }, document, context),
    'pdf.encrypt': ({ document, encryption }, context) =>
      one({ does: 'encrypt', encryption }, document, context),
    'pdf.decrypt': ({ document }, context) => one({ does: 'decrypt' }, document, context),
    'pdf.info': async ({ document }, context) => {
      const { reply, made } = await askCore(pool, { does: 'info' }, [document], context);
      const { warnings } = readReply(reply, [document]);
      return { facts: readFacts(made(factsName)), warnings };
    },
    'pdf.attachments': ({ document }, context) => several({ does: 'attachments' }, document, context),
    'pdf.attach': attachBy(pool),
  } satisfies Engine['abilities'];
}

function mergeBy(pool: BoxPool): Ability<'pdf.merge'> {
  return ({ documents, outlines }, context) =>
    makeOne(pool, { does: 'merge', titles: documents.map(titleOf), outlines }, documents, context);
}

function attachBy(pool: BoxPool): Ability<'pdf.attach'> {
  return ({ document, attachments }, context) => {
    if (attachments.length > attachedMax)
      throw new Failure('documentTooComplex', {
        reason: `it would have more than ${attachedMax} attachments`,
      });
    const files = attachments.map(({ name, mediaType, modified }) => ({
      name: [...name].slice(-attachedNameMax).join(''),
      mediaType: mediaType?.slice(0, attachedNameMax),
      modified,
    }));
    return makeOne(pool, { does: 'attach', files }, [document], context, attachments);
  };
}

async function makeOne(
  pool: BoxPool,
  act: Act,
  documents: readonly FileHandle[],
  context: EngineContext,
  /** Files that are no documents. */
  others: readonly FileHandle[] = [],
): Promise<MadeDocument> {
  const { reply, made } = await askCore(pool, act, [...documents, ...others], context);
  return { ...readReply(reply, documents), file: made(resultName) };
}

async function makeSeveral(
  pool: BoxPool,
  act: Act,
  document: FileHandle,
  context: EngineContext,
): Promise<MadeFiles> {
  const { reply, made } = await askCore(pool, act, [document], context);
  const told = readReply(reply, [document]);
  return { ...told, files: readParts(reply).map(({ as, name }) => ({ ...made(as), name })) };
}

function askCore(
  pool: BoxPool,
  act: Act,
  given: readonly FileHandle[],
  context: EngineContext,
): Promise<Answer> {
  const message: OctavoRequest = { ...act, password: context.password };
  const inputs = given.map(({ path }, index) => ({ path, as: inputName(index) }));
  return ask(pool, message, inputs, inOwnFolder(context));
}

/** The name of a document without its extension; the core says `Document N` where nothing is left. */
function titleOf({ name }: FileHandle): string {
  return clean(name.replace(/\.pdf$/i, ''), titleLengthMax);
}

/** Merges two tiny documents. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = { ready: 'Merges PDFs.', wrong: 'It merges PDFs wrongly.', failed: 'It does not merge PDFs' };
  return probeIn(directory, pool, says, async (context) => {
    const documents = await Promise.all(['a', 'b'].map((name) => writeSample(context.directory, name)));
    const attempt = () => mergeBy(pool)({ documents, outlines: 'join' }, context);
    // A box that has just ended is replaced: its end says nothing about the engine.
    const { pageCount } = await attempt().catch((error: unknown) =>
      hasCrashed(error) ? attempt() : Promise.reject(error),
    );
    return pageCount === 2;
  });
}

function hasCrashed(error: unknown): boolean {
  return error instanceof BoxDied && error.why === 'crash';
}

async function writeSample(folder: string, name: string): Promise<FileHandle> {
  const [path, bytes] = [join(folder, name), samplePdf()];
  await writeFile(path, bytes);
  return { path, name: `${name}.pdf`, sizeBytes: bytes.length };
}
