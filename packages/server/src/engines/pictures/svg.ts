import type { Size } from './page-size.ts';

/** Points of the units of CSS; a length without one is in pixels, of which 96 make an inch. */
const units: Readonly<Record<string, number>> = {
  '': 0.75,
  px: 0.75,
  pt: 1,
  pc: 12,
  in: 72,
  cm: 72 / 2.54,
  mm: 72 / 25.4,
  q: 72 / 101.6,
  em: 12,
  rem: 12,
  ex: 6,
};

/** The first tag of an SVG, by the beginning of its text; undefined where there is none. */
export function svgTag(beginning: string): string | undefined {
  const at = /<(?:[\w.-]{1,40}:)?svg(?=[\s/>])/.exec(beginning)?.index;
  if (at === undefined) return undefined;
  return /^<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*/.exec(beginning.slice(at))?.[0];
}

/** Points of an SVG as its tag says them; undefined where it says none. */
export function svgSize(tag: string): Size | undefined {
  const [, , across, down] =
    valueOf(tag, 'viewBox')
      ?.trim()
      .split(/[\s,]+/)
      .map(Number) ?? [];
  const box =
    across !== undefined && down !== undefined && across > 0 && down > 0 ? { across, down } : undefined;
  const [width, height] = [lengthOf(valueOf(tag, 'width')), lengthOf(valueOf(tag, 'height'))];
  if (width !== undefined && height !== undefined) return { width, height };
  if (box === undefined) return undefined;
  if (width !== undefined) return { width, height: (width * box.down) / box.across };
  if (height !== undefined) return { width: (height * box.across) / box.down, height };
  return { width: box.across * 0.75, height: box.down * 0.75 };
}

function valueOf(tag: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag) ?? [];
  return double ?? single;
}

/** Points of a length; undefined where it is none, or a part of something else. */
function lengthOf(value: string | undefined): number | undefined {
  const [, number, unit = ''] =
    /^\s*\+?(\d{0,9}(?:\.\d{0,9})?(?:e[+-]?\d)?)\s*([a-z]{0,3})\s*$/i.exec(value ?? '') ?? [];
  const points = Number(number) * (units[unit.toLowerCase()] ?? NaN);
  return number !== undefined && number !== '' && points > 0 ? points : undefined;
}
