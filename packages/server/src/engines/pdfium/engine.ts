import type { BoxPool, BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, inOwnFolder } from '../answers.ts';
import type { Abilities, ReadingOutput } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { probeIn } from '../probe.ts';
import { askPages } from './ask.ts';
import { findBy, findTablesBy } from './engine-find.ts';
import { renderBy } from './engine-render.ts';
import { type Part, type PdfiumRequest, resultName } from './messages.ts';
import { type Division, joinFiles, readInParts } from './parts.ts';
import { warningsOf } from './remarks.ts';
import { picturesMax } from './render-messages.ts';

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
    beside: ['compound', 'writing'].map((folder) => new URL(`../${folder}/`, import.meta.url)),
    packages: ['@octavo/pdf', '@embedpdf/pdfium', 're2js'],
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
    limits: { ...program.limits, filesMax: picturesMax },
  };
}

/** Boxes of `pdfiumProgram` and of `pdfiumPicturesProgram`. */
export interface PdfiumPools {
  readonly plain: BoxPool;
  readonly pictures: BoxPool;
}

/** What the engine is made with. */
export interface PdfiumEngineOptions {
  /** On the file system of storage, for the probe. */
  readonly directory: string;
  /** Boxes of each pool that may work at one document; 1 where it is left out. */
  readonly boxes?: number;
  /** After so long what is left of a document is divided among them. */
  readonly aloneMsMax?: number;
  /** Time for a page, see `Division`. */
  readonly pageMsMax?: number;
}

/** The engine of PDFium. */
export function createPdfiumEngine(pools: PdfiumPools, options: PdfiumEngineOptions): Engine {
  const { directory, boxes = 1, aloneMsMax = 300, pageMsMax } = options;
  const division: Division = { boxes, aloneMsMax, ...(pageMsMax === undefined ? {} : { pageMsMax }) };
  return {
    name: 'pdfium',
    abilities: {
      'pdf.read': (request, context) => read(pools, division, request, context),
      'pdf.render': renderBy(pools.pictures, division),
      'pdf.find': findBy(pools.plain, division),
      'pdf.find-tables': findTablesBy(pools.plain, division),
    },
    probe: () => probe(pools.plain, directory),
  };
}

async function read(
  pools: PdfiumPools,
  division: Division,
  { document, pages, settings, output }: Abilities['pdf.read']['takes'],
  context: EngineContext,
): Promise<Abilities['pdf.read']['gives']> {
  const pool = needsPictures(output) ? pools.pictures : pools.plain;
  const { password } = context;
  const readPart = async (part: Part, own: EngineContext) => {
    const request = { does: 'read', pages, settings, output, password, part } as const;
    const { reply, made } = await askPages(pool, request, document, own);
    return { ...reply, file: made(resultName(part.from)) };
  };
  const boxes = canBeDivided(output) ? division.boxes : 1;
  const parts = await readInParts(readPart, { ...division, boxes }, inOwnFolder(context));
  const [first, ...rest] = parts;
  return {
    file: await joinFiles([first.file, ...rest.map(({ file }) => file)]),
    pageCount: first.pageCount,
    warnings: warningsOf(parts.map(({ noticed }) => noticed)),
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

/** Whether what is written of a page depends on nothing but whether it is the first, so that parts make a whole. */
function canBeDivided(output: ReadingOutput): boolean {
  switch (output.as) {
    case 'text':
    case 'text-simple':
    case 'csv':
      return true;
    case 'json':
    case 'xml':
      return output.pictures === undefined && output.path.length === 0;
    case 'html':
      return output.isSimple;
    default:
      return false;
  }
}

/** Starts PDFium. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = { ready: 'Reads PDFs.', wrong: 'It does not start.', failed: 'It does not read PDFs' };
  const message: PdfiumRequest = { does: 'probe' };
  return probeIn(directory, pool, says, async (context) => {
    const { reply } = await ask(pool, message, [], context);
    return reply !== null;
  });
}
