import { barcodeTypeOf } from './barcode-types.ts';
import { drawSvg, Misfit, settled } from './child-draw.ts';
import { type Macro, macrosOf } from './macro.ts';
import { misfitOf, planOf, symbologies } from './symbologies.ts';

/** Of one text: barcodes, the time for all of them, and the characters that they add to it. What is more is not drawn. */
const macrosMax = 1_000;
const msMax = 30_000;
const charactersMax = 32 * 1024 * 1024;
const warningsMax = 20;
const shownMax = 40;
const empty = pictureOf('<svg width="1" height="1" xmlns="http://www.w3.org/2000/svg"/>');

/**
 * Puts pictures, as data URIs of SVG, in the place of the macros `[[barcode: TYPE value ]]` of an HTML text. One that cannot be drawn
 * becomes an empty picture, and a warning says why.
 */
export function drawMacros(html: string): { readonly html: string; readonly warnings: readonly string[] } {
  const draw = createDrawer();
  const warnings: string[] = [];
  const parts: string[] = [];
  let at = 0;
  for (const [index, macro] of macrosOf(html).entries()) {
    const picture = draw(macro, index);
    if (typeof picture !== 'string')
      warnings.push(`Barcode ${index + 1} of the HTML is left out: ${picture.why}.`);
    parts.push(html.slice(at, macro.start), typeof picture === 'string' ? picture : empty);
    at = macro.end;
  }
  return { html: parts.join('') + html.slice(at), warnings: shortened(warnings) };
}

type Drawn = string | { readonly why: string };

/** Draws what is the same once, and no more than one text may have. */
function createDrawer(): (macro: Macro, index: number) => Drawn {
  const drawn = new Map<string, Drawn>();
  const endsAt = performance.now() + msMax;
  let characters = 0;
  return (macro, index) => {
    if (index >= macrosMax) return { why: `there are more than ${macrosMax}` };
    if (performance.now() > endsAt) return { why: 'all of them together take too long' };
    if (characters > charactersMax) return { why: 'all of them together are too large' };
    const key = `${macro.type} ${macro.value}`;
    const picture = drawn.get(key) ?? pictureOfMacro(macro);
    drawn.set(key, picture);
    if (typeof picture === 'string') characters += picture.length;
    return picture;
  };
}

function pictureOfMacro({ type: name, value }: Macro): Drawn {
  const type = barcodeTypeOf(name);
  if (type === undefined) return { why: `there is no type "${shown(name)}"` };
  const symbology = symbologies[type];
  if ('why' in symbology) return symbology;
  const plan = planOf(type, symbology, value);
  if ('misfit' in plan) return { why: plan.misfit };
  try {
    return pictureOf(drawSvg(settled(plan).plan));
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { why: misfitOf(type, symbology, error.complaint) };
  }
}

function pictureOf(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
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
