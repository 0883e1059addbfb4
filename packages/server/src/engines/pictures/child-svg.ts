import { readFileSync, statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { asText } from './beginning.ts';
import { packed } from './child-decode.ts';
import type { PicturePage } from './child-page.ts';
import { assertPixels, refuse } from './child-refused.ts';
import { openSharp } from './child-sharp.ts';
import { pictureBytesMax } from './limits.ts';
import { fitted, type Size } from './page-size.ts';
import { svgSize, svgTag } from './svg.ts';

const beginningBytes = 64 * 1024;
const perInch = 300;
/** What is drawn with more pixels takes longer than it is worth. */
const pixelsMax = 36_000_000;
/** Pixels of a side that the library draws. */
const sideMax = 32_000;
/** The library counts points of 72 to the inch where nothing else is asked for. */
const [usualDensity, densityMax] = [72, 100_000];

/**
 * An SVG as a page of its own size, drawn by librsvg: it knows no scripts, and of what an SVG refers to it opens nothing, as the bytes
 * come from no place. Undefined where a file is none. Throws Refused.
 */
export async function svgPage(
  path: string,
  hasFonts: boolean,
  say: (text: string) => void,
): Promise<PicturePage | undefined> {
  if (statSync(path).size > pictureBytesMax) throw new Refused('limit', 'its file is too large');
  const data = readFileSync(path);
  const tag = svgTag(asText(data.subarray(0, beginningBytes)));
  if (tag === undefined) return undefined;
  if (!hasFonts && data.includes('<text')) say('There are no fonts to draw its text with.');
  const sharp = await openSharp();
  const usual = await sharp(data).metadata().catch(refuse);
  assertPixels(usual.width, usual.height);
  const points = fitted(svgSize(tag) ?? { width: usual.width * 0.75, height: usual.height * 0.75 });
  const scale = scaleOf(points);
  if (scale * 72 < perInch - 1) say(`It is large, and drawn with ${Math.round(scale * 72)} pixels per inch.`);
  const wanted = Math.min((points.width * scale) / usual.width, (points.height * scale) / usual.height);
  const times = Math.min(wanted, sideMax / usual.width, sideMax / usual.height);
  const open = (density: number) =>
    sharp(data, {
      density: Math.max(1, Math.min(density, densityMax)),
      limitInputPixels: 2 * pixelsMax,
    });
  const density = await densityFor(times, (one) => open(one).metadata().catch(refuse), usual);
  const drawn = open(density);
  const { width, height } = await drawn.metadata().catch(refuse);
  const colors = drawn.flatten({ background: 'white' }).toColourspace('srgb');
  const picture = await packed(colors, width, height).catch(refuse);
  return { picture, perInch: [(width * 72) / points.width, (height * 72) / points.height] };
}

/** Pixels for each point. */
function scaleOf({ width, height }: Size): number {
  return Math.min(perInch / 72, Math.sqrt(pixelsMax / (width * height)));
}

/** The density at which a drawing has so many times the pixels of its sides: they grow with it, or with its square where they are lengths of paper. */
async function densityFor(
  times: number,
  sizeAt: (density: number) => Promise<Size>,
  usual: Size,
): Promise<number> {
  if (Math.abs(times - 1) < 0.01) return usualDensity;
  const { width } = await sizeAt(usualDensity * Math.sqrt(times));
  const power = Math.log(width / usual.width) / Math.log(Math.sqrt(times));
  return usualDensity * times ** (1 / Math.max(1, Math.min(2, Math.round(power))));
}
