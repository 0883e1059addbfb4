import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { clean, Failure, placeText } from '../../errors.ts';
import { BoxDied, type BoxPool, type BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, inOwnFolder } from '../answers.ts';
import type { AbilityName, BrowsingSettings, FileHandle, PrintSettings, WebPage } from '../capabilities.ts';
import { absentEngine, type Engine, type EngineContext, type EngineState } from '../engine.ts';
import { probeIn } from '../probe.ts';
import {
  type AskedPage,
  type BrowseLimits,
  type BrowseRequest,
  dataName,
  htmlName,
  resultName,
} from './messages.ts';
import { systemReads } from './places.ts';

const mebibyte = 1024 * 1024;

export const browseLimits: BrowseLimits = {
  htmlBytesMax: 64 * mebibyte,
  loadMs: 15_000,
  scriptMs: 10_000,
  pagesMax: 5_000,
  sideMax: 16_384,
};
/** What takes longer is given up: a print cannot be stopped half-way. */
const callMsMax = 180_000;
/** The browser with an empty page, as the sum of its processes, each with all that they share: 850 MB were measured. */
const browserBytes = 1_024 * mebibyte;
const warningsMax = 50;
const warningLengthMax = 400;

export const webAbilities: readonly AbilityName[] = ['web.to-pdf', 'web.to-picture'];

/**
 * The program that shows pages, to be started by a Sandbox. `browser`: the browser's own program. `door` gets the one way out of each box.
 * Each page has a box of its own; the next one waits while calls keep coming, as a browser takes long to start.
 */
export function chromiumProgram(options: {
  readonly size: number;
  readonly browser: string;
  readonly door: (stream: Duplex) => void;
  /** What a page may take beside the browser itself. */
  readonly memoryBytesMax?: number;
}): BoxProgram {
  const { memoryBytesMax: pageBytes = 768 * mebibyte } = options;
  return {
    name: 'chromium',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    beside: [new URL('../barcodes/', import.meta.url)],
    packages: ['@octavo/pdf', 'bwip-js', 'handlebars', 'json5'],
    native: {
      reads: [dirname(options.browser), ...systemReads],
      scratchBytesMax: 256 * mebibyte,
      processesMax: 48,
    },
    door: options.door,
    size: options.size,
    warm: 0,
    spare: 1,
    limits: {
      memoryBytesMax: browserBytes + pageBytes,
      fileBytesMax: 1_024 * mebibyte,
      cpuMsMax: 5 * 60_000,
      openFilesMax: 4_096,
      callsMax: 1,
    },
  };
}

/** Stands for the engine where there is no browser, or no box for it. */
export function absentChromium(why: string): Engine {
  return absentEngine('chromium', webAbilities, why);
}

const untried: EngineState = { ready: true, says: 'A browser is installed; the first page starts it.' };
const tried: EngineState = { ready: true, says: 'Shows pages, with its own sandbox in each box.' };

/**
 * The engine of the browser, over boxes of `chromiumProgram`. `loadsResources`: whether pages that come as files may load what lies
 * elsewhere. `directory`: on the file system of storage, for the trial. Where the browser cannot have its own sandbox in the box, it is not
 * used, and says so. To start one takes seconds of a processor, so that its state is what was seen of the last page.
 */
export function createChromiumEngine(
  pool: BoxPool,
  {
    directory,
    loadsResources,
    limits = browseLimits,
  }: { readonly directory: string; readonly loadsResources: boolean; readonly limits?: BrowseLimits },
): Engine {
  let state = untried;
  const browse = async (
    page: WebPage,
    rest: Pick<BrowseRequest, 'browsing' | 'make'>,
    context: EngineContext,
  ) => {
    try {
      const made = await show(pool, page, { ...rest, limits }, loadsResources, context);
      state = tried;
      return made;
    } catch (error) {
      if (!isOfStart(error)) throw error;
      state = { ready: false, absent: true, says: whyNot(error.message) };
      throw new Failure(
        'abilityMissing',
        { what: 'its browser does not start' },
        { detail: state.says, cause: error },
      );
    }
  };
  return {
    name: 'chromium',
    abilities: {
      'web.to-pdf': ({ page, browsing, print }, context) =>
        browse(page, { browsing, make: { as: 'pdf', print } }, context),
      'web.to-picture': ({ page, browsing, as, width }, context) =>
        browse(page, { browsing, make: { as, width } }, context),
    },
    probe: async () => state,
    trial: async () => {
      const seen = await probeIn(directory, pool, { ...words, ready: tried.says }, async (context) => {
        const path = join(context.directory, htmlName);
        await writeFile(path, '<p>a');
        const page = {
          html: { path, name: htmlName, sizeBytes: 4 },
          data: undefined,
          isOffline: true,
        } as const;
        return (
          (await browse(page, { browsing: plainly, make: { as: 'pdf', print: letter } }, context))
            .pageCount === 1
        );
      });
      // Why the browser does not start at all was seen there.
      if (!state.absent) state = seen;
      return state;
    },
  };
}

const words = { wrong: 'Chromium makes other pages than it should.', failed: 'Chromium does not show pages' };
/** How the page of a trial is shown and printed: on Letter, without margins. */
const plainly: BrowsingSettings = { media: 'print', waitsForAll: false, loadMsMax: undefined, script: '' };
const letter: PrintSettings = {
  paper: { width: 612, height: 792 },
  heedsPageSize: false,
  margins: { top: 0, right: 0, bottom: 0, left: 0 },
  background: false,
  header: '',
  footer: '',
};

/** A browser that does not start is as good as none. */
function isOfStart(error: unknown): error is BoxDied {
  return error instanceof BoxDied && error.message.startsWith('Boxes do not start');
}

function whyNot(message: string): string {
  return /No usable sandbox|sandbox of the browser|zygote/i.test(message)
    ? "Chromium's own sandbox does not work in boxes here, and it is not used without: allow user namespaces to ordinary users (AppArmor: kernel.apparmor_restrict_unprivileged_userns=0)."
    : `Chromium does not start in a box: ${clean(message, warningLengthMax)}`;
}

const madeSchema: z.ZodType<{
  readonly made: { readonly pageCount: number; readonly warnings: readonly string[] };
}> = z.object({
  made: z.object({ pageCount: z.int().min(1), warnings: z.array(z.string()) }),
});
const refusedSchema: z.ZodType<{ readonly refused: { readonly code: string; readonly message: string } }> =
  z.object({ refused: z.object({ code: z.string(), message: z.string() }) });

/** Shows one page, and makes a file of it. */
async function show(
  pool: BoxPool,
  page: WebPage,
  request: Omit<BrowseRequest, 'page'>,
  loadsResources: boolean,
  context: EngineContext,
): Promise<{ readonly file: FileHandle; readonly pageCount: number; readonly warnings: readonly string[] }> {
  const message: BrowseRequest = { ...request, page: askedPage(page, loadsResources) };
  const { reply, made } = await ask(pool, message, inputsOf(page), inOwnFolder(context), callMsMax);
  const refused = refusedSchema.safeParse(reply);
  if (refused.success) throw failureOf(refused.data.refused, 'html' in page ? placeText(page.html) : '');
  const { success, data } = madeSchema.safeParse(reply);
  if (!success) throw new BoxDied('crash', 'It did not say what it made.');
  const { pageCount, warnings } = data.made;
  const shown = warnings.slice(0, warningsMax).map((text) => clean(text, warningLengthMax));
  return { file: made(resultName), pageCount, warnings: shown };
}

function askedPage(page: WebPage, loadsResources: boolean): AskedPage {
  return 'html' in page
    ? {
        kind: 'html',
        isTemplate: page.isTemplate ?? page.data !== undefined,
        hasData: page.data !== undefined,
        isPicture: page.isPicture === true,
        isOnline: loadsResources && page.isOffline !== true && page.isPicture !== true,
      }
    : { kind: 'link', ...page };
}

function inputsOf(page: WebPage): { readonly path: string; readonly as: string }[] {
  if (!('html' in page)) return [];
  const html = { path: page.html.path, as: htmlName };
  return page.data === undefined ? [html] : [html, { path: page.data.path, as: dataName }];
}

function failureOf(
  { code, message }: { readonly code: string; readonly message: string },
  place: string,
): Failure {
  const reason = clean(message, warningLengthMax);
  switch (code) {
    case 'template':
      return new Failure('templateFailed', { reason });
    case 'data':
      return new Failure('fieldInvalid', { field: 'templateData', expected: reason });
    case 'refused':
      return new Failure('sourceRefused', { field: 'url' });
    case 'unreachable':
      return new Failure('pageUnreachable', { reason });
    case 'picture':
      return new Failure('pictureDamaged', { place });
    case 'limit':
      return new Failure('documentTooComplex', { place, reason });
    default:
      throw new BoxDied('crash', 'It gave an error that it cannot have.');
  }
}
