import { barcodeTypeOf } from './barcode-types.ts';
import { drawSvg, Misfit, settled } from './child-draw.ts';
import { type Macro, macrosOf } from './macro.ts';
import { misfitOf, planOf, symbologies } from './symbologies.ts';

/** Barcodes of one text. */
const macrosMax = 1_000;
/** For all of them: those that are left when it has passed are not drawn. */
const msMax = 30_000;
const warningsMax = 20;
const shownMax = 40;
const empty = pictureOf('<svg width="1" height="1" xmlns="http://www.w3.org/2000/svg"/>');

/**
 * Puts pictures, as data URIs of SVG, in the place of the macros `[[barcode: TYPE value ]]` of an HTML text. One that cannot be drawn
 * becomes an empty picture, and a warning says why.
 */
export function drawMacros(html: string): { readonly html: string; readonly warnings: readonly string[] } {
  const endsAt = performance.now() + msMax;
  const drawn = new Map<string, string>();
  const warnings: string[] = [];
  const parts: string[] = [];
  let at = 0;
  for (const [index, macro] of macrosOf(html).entries()) {
    const key = `${macro.type} ${macro.value}`;
    const isLate = index >= macrosMax || performance.now() > endsAt;
    const picture = isLate
      ? undefined
      : (drawn.get(key) ?? pictureOfMacro(macro, (why) => warnings.push(warningOf(index, why))));
    if (picture !== undefined) drawn.set(key, picture);
    else if (isLate)
      warnings.push(warningOf(index, `there are more than ${macrosMax}, or they take too long`));
    parts.push(html.slice(at, macro.start), picture ?? empty);
    at = macro.end;
  }
  return { html: parts.join('') + html.slice(at), warnings: shortened(warnings) };
}

/** Undefined where it cannot be drawn: `complain` hears why. */
function pictureOfMacro({ type: name, value }: Macro, complain: (why: string) => void): string | undefined {
  const type = barcodeTypeOf(name);
  if (type === undefined) return void complain(`there is no type "${shown(name)}"`);
  const symbology = symbologies[type];
  if ('why' in symbology) return void complain(symbology.why);
  const plan = planOf(type, symbology, value);
  if ('misfit' in plan) return void complain(plan.misfit);
  try {
    return pictureOf(drawSvg(settled(plan).plan));
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return void complain(misfitOf(type, symbology, error.complaint));
  }
}

function pictureOf(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function warningOf(index: number, why: string): string {
  return `Barcode ${index + 1} of the HTML is left out: ${why}.`;
}

function shortened(warnings: readonly string[]): string[] {
  const more = warnings.length - warningsMax;
  return more <= 0
    ? [...warnings]
    : [...warnings.slice(0, warningsMax), `${more} more barcodes of the HTML are left out.`];
}

function shown(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '?').slice(0, shownMax);
}
