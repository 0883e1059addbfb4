import * as z from 'zod';
import { Failure } from '../../errors.ts';
import { BoxDied, type BoxPool, type BoxProgram } from '../../sandbox/sandbox.ts';
import { ask, inOwnFolder } from '../answers.ts';
import type { Abilities } from '../capabilities.ts';
import type { Engine, EngineContext } from '../engine.ts';
import { refusedIn } from '../octavo/replies.ts';
import { probeIn } from '../probe.ts';
import { type BarcodeType, barcodeTypes } from './barcode-types.ts';
import { decorationName, type DrawReply, type DrawRequest, resultName } from './messages.ts';
import { misfitOf, type Plan, planOf, symbologies, type Symbology } from './symbologies.ts';

const mebibyte = 1024 * 1024;

/** The program that draws barcodes, to be started by a Sandbox. */
export function barcodesProgram(options: { readonly size: number }): BoxProgram {
  return {
    name: 'barcodes',
    entry: new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url),
    beside: [new URL('../pictures/', import.meta.url)],
    packages: ['bwip-js', 'sharp'],
    addons: true,
    size: options.size,
    // Few calls draw barcodes.
    warm: 0,
    limits: {
      memoryBytesMax: 768 * mebibyte,
      fileBytesMax: 64 * mebibyte,
      // The largest symbols take two seconds.
      cpuMsMax: 60_000,
      openFilesMax: 256,
      callsMax: 1_000,
    },
  };
}

/** The engine of barcodes, over boxes of `barcodesProgram`. `directory`: on the file system of storage, for the probe. */
export function createBarcodesEngine(pool: BoxPool, { directory }: { readonly directory: string }): Engine {
  return {
    name: 'barcodes',
    abilities: { 'barcodes.draw': (request, context) => draw(pool, request, context) },
    probe: () => probe(pool, directory),
  };
}

const replySchema = z.union([
  z.object({ drawn: z.literal(true), isOdd: z.boolean() }),
  z.object({ misfit: z.enum(['too-long', 'check-digit', 'other']) }),
]) satisfies z.ZodType<Exclude<DrawReply, { readonly refused: unknown }>>;

type Request = Abilities['barcodes.draw']['takes'];

async function draw(
  pool: BoxPool,
  { barcode, decoration }: Request,
  context: EngineContext,
): Promise<Abilities['barcodes.draw']['gives']> {
  const symbology = symbologyOf(barcode.type);
  const picture = symbology.encoder === 'qrcode' ? decoration : undefined;
  const plan = planned(barcode, symbology, picture !== undefined);
  const message: DrawRequest = { plan, isDecorated: picture !== undefined };
  const inputs = picture === undefined ? [] : [{ path: picture.path, as: decorationName }];
  const { reply, made } = await ask(pool, message, inputs, inOwnFolder(context));
  const refused = refusedIn(reply, picture === undefined ? [] : [picture]);
  if (refused !== undefined) throw refused;
  const { success, data } = replySchema.safeParse(reply);
  if (!success) throw new BoxDied('crash', 'It did not say whether it drew.');
  if ('misfit' in data) throw misfit(misfitOf(barcode.type, symbology, data.misfit));
  const warnings = [
    symbology.remark,
    data.isOdd ? oddWarning : undefined,
    decoration === picture ? undefined : 'decorationImage is left out: only a QRCode has room for it.',
  ];
  return { file: made(resultName), warnings: warnings.filter((warning) => warning !== undefined) };
}

const oddWarning = 'The value does not hold what GS1 lays down for its identifiers: readers may refuse it.';

function symbologyOf(type: BarcodeType): Symbology {
  const symbology = symbologies[type];
  if ('why' in symbology)
    throw new Failure('abilityMissing', { what: `${symbology.why}; it draws ${drawn}` });
  return symbology;
}

const drawn = barcodeTypes.filter((type) => !('why' in symbologies[type])).join(', ');

function planned(
  { type, value, errorCorrection }: Request['barcode'],
  symbology: Symbology,
  isDecorated: boolean,
): Plan {
  const plan = planOf(type, symbology, value);
  if ('misfit' in plan) throw misfit(plan.misfit);
  if (symbology.encoder !== 'qrcode') return plan;
  const eclevel = levels[isDecorated ? 'high' : errorCorrection];
  return { ...plan, options: { ...plan.options, eclevel } };
}

const levels = { low: 'L', medium: 'M', quarter: 'Q', high: 'H' } as const;

function misfit(expected: string): Failure {
  return new Failure('fieldInvalid', { field: 'value', expected });
}

/** Draws a small code. */
function probe(pool: BoxPool, directory: string): ReturnType<Engine['probe']> {
  const says = {
    ready: 'Draws barcodes.',
    wrong: 'It draws barcodes wrongly.',
    failed: 'It does not draw barcodes',
  };
  const barcode = { type: 'QRCode', value: 'Octavo', errorCorrection: 'medium' } as const;
  return probeIn(directory, pool, says, async (context) => {
    const { file } = await draw(pool, { barcode, decoration: undefined }, context);
    return file.sizeBytes > 0;
  });
}
