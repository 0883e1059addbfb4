import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { fileIn, rethrowDeath } from '../answers.ts';
import type { Abilities, FileHandle, ReadingOutput } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { readReply } from '../octavo/replies.ts';
import { probeIn } from '../probe.ts';
import { renderBy } from './engine-render.ts';
import { inputName, type PdfiumRequest, resultName } from './messages.ts';

const mebibyte = 1024 * 1024;

/** What both programs of PDFium are started with. */
export interface PdfiumOptions {
  readonly size: number;
  readonly memoryBytesMax?: number;
}

/**
 * The program that reads documents with PDFium, to be started by a Sandbox. PDFium and the layout hold one page at a time; a page of
 * 500,000 glyphs takes 200 MB.
 */
export function pdfiumProgram(options: PdfiumOptions): BoxProgram {
  return {
    name: 'pdfium',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    packages: ['@octavo/pdf', '@embedpdf/pdfium'],
    size: options.size,
    warm: 1,
    limits: {
      memoryBytesMax: options.memoryBytesMax ?? 768 * mebibyte,
      fileBytesMax: 4096 * mebibyte,
      cpuMsMax: 10 * 60_000,
      openFilesMax: 1_024,
      callsMax: 1_000,
    },
  };
}

/** The same with the library of pictures, which is machine code: for what needs pictures, and only then started. */
export function pdfiumPicturesProgram(options: PdfiumOptions): BoxProgram {
  const program = pdfiumProgram(options);
  return {
    ...program,
    name: 'pdfium-pictures',
    packages: [...(program.packages ?? []), 'sharp'],
    addons: true,
    warm: 0,
  };
}

/** Boxes of `pdfiumProgram` and of `pdfiumPicturesProgram`. */
export interface PdfiumPools {
  readonly plain: BoxPool;
  readonly pictures: BoxPool;
}

/** The engine of PDFium. `directory`: on the file system of storage, for the probe. */
export function createPdfiumEngine(pools: PdfiumPools, options: { readonly directory: string }): Engine {
  return {
    name: 'pdfium',
    abilities: {
      'pdf.read': (request, context) => read(pools, request, context),
      'pdf.render': renderBy(pools.pictures),
    },
    probe: () => probe(pools.plain, options.directory),
  };
}

async function read(
  pools: PdfiumPools,
  { document, pages, settings, output }: Abilities['pdf.read']['takes'],
  context: EngineContext,
): Promise<Abilities['pdf.read']['gives']> {
  const pool = needsPictures(output) ? pools.pictures : pools.plain;
  const { password } = context;
  const { reply, files } = await ask(
    pool,
    { does: 'read', pages, settings, output, password },
    document,
    context,
  );
  return {
    ...readReply(reply, [document]),
    file: fileIn(context.directory, resultName, new Set(files)),
  };
}

function needsPictures(output: ReadingOutput): boolean {
  switch (output.as) {
    case 'json':
    case 'xml':
      return output.pictures !== undefined;
    case 'html':
      return !output.isSimple;
    default:
      return false;
  }
}

function ask(
  pool: BoxPool,
  message: PdfiumRequest,
  document: FileHandle,
  { directory, wallMsMax, signal }: EngineContext,
) {
  const inputs = [{ path: document.path, as: inputName }];
  return pool.run({ message, inputs, outputDirectory: directory, wallMsMax, signal }).catch(rethrowDeath);
}

/** Starts PDFium. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = { ready: 'Reads PDFs.', wrong: 'It does not start.', failed: 'It does not read PDFs' };
  const message: PdfiumRequest = { does: 'probe' };
  return probeIn(directory, pool, says, async ({ directory: outputDirectory, wallMsMax, signal }) => {
    const { reply } = await pool.run({ message, inputs: [], outputDirectory, wallMsMax, signal });
    return readReply(reply, []).pageCount === 0;
  });
}
