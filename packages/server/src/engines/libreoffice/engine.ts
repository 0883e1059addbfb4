import { availableParallelism, totalmem } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { clean, Failure, placeText } from '../../errors.ts';
import { BoxDied, type BoxPool, type BoxProgram, type Sandbox } from '../../sandbox/sandbox.ts';
import { type Answer, ask, inOwnFolder } from '../answers.ts';
import type { Abilities, FileHandle } from '../capabilities.ts';
import { type Ability, absentEngine, type Engine, type EngineContext, type EngineState } from '../engine.ts';
import { probeIn } from '../probe.ts';
import { findInstallation, type Installation, missingModules, readsOf } from './installation.ts';
import { documentName, type OfficeReply, type OfficeRequest, resultName } from './messages.ts';

const mebibyte = 1024 * 1024;
/** Of the memory of the machine, the part that boxes of this engine may come to. */
const memoryPart = 0.5;
/** A wide margin: the program takes 140 MB for a letter. */
const memoryBytesUsual = 1_024 * mebibyte;
/** A trial starts a whole office program: not while the server starts, whose first calls want the processors. */
const firstAfterMs = 10_000;
/** What it showed is remembered for so long. */
const probeKeptMs = 5 * 60_000;
/** One that failed is made again soon. */
const failureKeptMs = 20_000;

export interface OfficeOptions {
  /** On the file system of storage, for the probe. */
  readonly directory: string;
  /** Documents at one time; 0: by processors and memory. */
  readonly boxes?: number;
  readonly memoryBytesMax?: number;
  /** Looks at the PDF that comes out. */
  readonly inspect: Ability<'pdf.info'>;
}

/** The engine of LibreOffice; one that says why it is not there, where it or what walls it off is missing. */
export function createOfficeEngine(sandbox: Pick<Sandbox, 'tier' | 'pool'>, options: OfficeOptions): Engine {
  const installation = findInstallation();
  const lacks = ['office.to-pdf'] as const;
  if (installation === undefined)
    return absentEngine('libreoffice', lacks, 'LibreOffice is not installed: `octavo engines` installs it.');
  if (sandbox.tier === 'limited')
    return absentEngine('libreoffice', lacks, 'LibreOffice runs in walled boxes alone: install bubblewrap.');
  const pool = sandbox.pool(officeProgram(installation, options));
  const toPdf: ToPdf = (request, context) => print(pool, options.inspect, request, context);
  return {
    name: 'libreoffice',
    abilities: { 'office.to-pdf': toPdf },
    ...probeOf(pool, toPdf, options.directory, installation),
  };
}

/** The program that runs LibreOffice, to be started by a Sandbox: a box for each document, and one that waits. */
function officeProgram(installation: Installation, options: OfficeOptions): BoxProgram {
  const { boxes = 0, memoryBytesMax = memoryBytesUsual } = options;
  const fitting = Math.max(1, Math.floor((totalmem() * memoryPart) / memoryBytesMax));
  return {
    name: 'libreoffice',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    beside: ['compound', 'pictures', 'sheets', 'zip'].map(
      (folder) => new URL(`../${folder}/`, import.meta.url),
    ),
    packages: ['@octavo/pdf'],
    native: { reads: readsOf(installation), scratchBytesMax: 512 * mebibyte, processesMax: 16 },
    size: boxes === 0 ? Math.min(availableParallelism(), fitting) : boxes,
    warm: 0,
    spare: 1,
    limits: {
      memoryBytesMax,
      fileBytesMax: 512 * mebibyte,
      cpuMsMax: 10 * 60_000,
      openFilesMax: 1_024,
      callsMax: 1,
    },
  };
}

const replySchema: z.ZodType<OfficeReply> = z.union([
  z.object({ warnings: z.array(z.string()).max(100) }),
  z.object({ stuck: z.string() }),
  z.object({
    refused: z.object({ code: z.string(), input: z.number().optional(), message: z.string() }),
  }) as never,
]);

const warningLengthMax = 300;

type ToPdf = Ability<'office.to-pdf'>;

async function print(
  pool: BoxPool,
  inspect: OfficeOptions['inspect'],
  { document, sheet, fitsPages }: Abilities['office.to-pdf']['takes'],
  context: EngineContext,
): Promise<Abilities['office.to-pdf']['gives']> {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(document.name)?.[1]?.toLowerCase() ?? '';
  const request: OfficeRequest = { extension, sheet, fitsPages, password: context.password };
  const { reply, made } = await tryTwice(pool, request, document, context);
  if ('refused' in reply) throw failureOf(reply.refused, document);
  const file = made(resultName);
  const { facts } = await inspect({ document: file }, { ...context, password: '' });
  const warnings = reply.warnings.map((text) => clean(text, warningLengthMax));
  return { file, pageCount: facts.pageCount, warnings };
}

type Reply = Exclude<OfficeReply, { readonly stuck: string }>;

/** A program that hangs or breaks down gets a second chance, in a new box: half of the time each. */
async function tryTwice(
  pool: BoxPool,
  request: OfficeRequest,
  document: FileHandle,
  context: EngineContext,
): Promise<{ readonly reply: Reply; readonly made: Answer['made'] }> {
  const inputs = [{ path: document.path, as: documentName }];
  const half = { ...context, wallMsMax: context.wallMsMax / 2 };
  let why = '';
  for (let tries = 0; tries < 2; tries++) {
    const answer = await ask(pool, request, inputs, inOwnFolder(half)).catch(stuckBy);
    if ('stuck' in answer) {
      why = answer.stuck;
      continue;
    }
    const reply = readReply(answer);
    if (!('stuck' in reply)) return { reply, made: answer.made };
    why = reply.stuck;
  }
  throw new Failure(
    'officeRefused',
    { place: placeText(document), reason: 'it breaks down over it' },
    { detail: why },
  );
}

/** Whether another try may go better: it may have hung. Throws what ends the call. */
function stuckBy(error: unknown): { readonly stuck: string } {
  if (error instanceof BoxDied && error.why === 'wall-clock') return { stuck: error.message };
  throw error;
}

function readReply({ reply }: Answer): OfficeReply {
  const { success, data } = replySchema.safeParse(reply);
  if (!success) throw new BoxDied('crash', 'It did not say what it made.');
  return data;
}

function failureOf(
  { code, message }: { readonly code: string; readonly message: string },
  document: FileHandle,
): Failure {
  const place = placeText(document);
  const reason = clean(message, warningLengthMax);
  switch (code) {
    case 'password':
      return new Failure('passwordWrong', {}, { detail: reason });
    case 'module':
      return new Failure('abilityMissing', { what: `LibreOffice ${reason} is not installed` });
    case 'sheet':
      return new Failure('sheetUnknown', { reason });
    case 'limit':
      return new Failure('documentTooComplex', { place, reason });
    default:
      return new Failure(
        'officeRefused',
        { place, reason: 'it is damaged, protected, or of an unknown kind' },
        { detail: reason },
      );
  }
}

/**
 * Converts a document of one letter, while somebody asks for its state now and then: who asks hears what was seen last, and waits for
 * nothing.
 */
function probeOf(
  pool: BoxPool,
  toPdf: ToPdf,
  directory: string,
  installation: Installation,
): Required<Pick<Engine, 'probe' | 'trial'>> {
  const missing = missingModules(installation);
  const without = missing.length === 0 ? '' : ` Without ${missing.join(', ')}.`;
  const says = {
    ready: `Turns documents into PDF by LibreOffice, ${installation.programs}.${without}`,
    wrong: 'LibreOffice makes other pages than it should.',
    failed: 'LibreOffice does not turn documents into PDF',
  };
  const look = () =>
    probeIn(directory, pool, says, async (context) => {
      const path = join(context.directory, 'probe.csv');
      await writeFile(path, 'a\n');
      const document = { path, name: missing.includes('Writer') ? 'probe.csv' : 'probe.txt', sizeBytes: 2 };
      const { pageCount } = await toPdf({ document, sheet: '', fitsPages: false }, context);
      return pageCount === 1;
    });
  let state: EngineState = { ready: true, says: `LibreOffice is installed, and soon tried.${without}` };
  let due = performance.now() + firstAfterMs;
  let looking: Promise<EngineState> | undefined;
  const lookAndKeep = async () => {
    try {
      state = await look();
      due = performance.now() + (state.ready ? probeKeptMs : failureKeptMs);
      return state;
    } finally {
      looking = undefined;
    }
  };
  const trial = () => (looking ??= lookAndKeep());
  return {
    trial,
    probe: async () => {
      // What goes wrong around a trial says nothing about the program: the next one will.
      if (performance.now() >= due) trial().catch(() => {});
      return state;
    },
  };
}
