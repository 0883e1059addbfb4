import { type RenderOptions, toBuffer, toSVG } from 'bwip-js/node';
import type { Complaint, Plan } from './symbologies.ts';

/** Pixels of a module. */
export const modulePixels = 4;
const millimetresPerUnit = 25.4 / 72;

/**
 * The plan as it can be drawn: one whose elements of GS1 are not what their identifiers say, without a look at that, as programs may
 * still understand each other by it. `isOdd`: so it was. Throws Misfit.
 */
export function settled(plan: Plan): { readonly plan: Plan; readonly isOdd: boolean } {
  if (!('dontlint' in plan.options)) return { plan, isOdd: false };
  try {
    toSVG(optionsOf(plan));
    return { plan, isOdd: false };
  } catch (error) {
    if (!/bwipp\.GS1/.test(String(error))) throw complaintOf(error);
    return { plan: { ...plan, options: { ...plan.options, dontlint: true } }, isOdd: true };
  }
}

/** A barcode as PNG. Throws Misfit. */
export async function drawPng(plan: Plan): Promise<Buffer> {
  try {
    return await toBuffer(optionsOf(plan));
  } catch (error) {
    throw complaintOf(error);
  }
}

/** A barcode as SVG that is as large as its PNG would be. Throws Misfit. */
export function drawSvg(plan: Plan): string {
  try {
    return toSVG(optionsOf(plan)).replace(
      /^<svg viewBox="0 0 ([\d.]+) ([\d.]+)"/,
      '<svg width="$1" height="$2" viewBox="0 0 $1 $2"',
    );
  } catch (error) {
    throw complaintOf(error);
  }
}

/** Thrown of a value that does not fit its type. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
  readonly complaint: Complaint;
  constructor(complaint: Complaint, message: string) {
    super(message);
    this.complaint = complaint;
  }
}

function optionsOf({ encoder, text, options: { height, ...options }, look }: Plan): RenderOptions {
  const [sides, ends] = look.quiet;
  return {
    bcid: encoder,
    text,
    ...options,
    ...(height !== undefined && { height: Number(height) * millimetresPerUnit }),
    binarytext: true,
    scale: modulePixels / look.units,
    paddingwidth: sides * look.units,
    paddingheight: ends * look.units,
    backgroundcolor: 'FFFFFF',
  };
}

/** What an encoder throws of a value is a text for developers. What else it throws comes of values that it did not expect. */
function complaintOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/memory|allocat|array length/i.test(message)) return error;
  if (/TooLong|TooLarge|TooBig|TooMuch|NoValidSymbol|insufficientCapacity/i.test(message))
    return new Misfit('too-long', message);
  return new Misfit(/check ?(?:digit|sum)/i.test(message) ? 'check-digit' : 'other', message);
}
