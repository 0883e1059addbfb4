/** Points of a CSS length unit; without one a length is in pixels. */
const unitPoints: Readonly<Record<string, number>> = {
  '': 0.75,
  px: 0.75,
  pt: 1,
  mm: 72 / 25.4,
  cm: 72 / 2.54,
  in: 72,
};
export const unitNames = 'px, pt, mm, cm or in';

const one = String.raw`(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})(?:\s*(px|pt|mm|cm|in))?`;
const first = new RegExp(`^${one}`, 'i');
const between = /^(?:\s*[,x]\s*|\s+)/i;

/**
 * Reads lengths with blanks, commas or an `x` between them: `5px 10mm`, `200 300`, `8.5in x 11in`. Gives them in points; undefined
 * where the text is something else.
 */
export function readLengths(text: string): number[] | undefined {
  const lengths: number[] = [];
  for (let rest = text.trim(); rest !== '';) {
    const [found, number, unit = ''] = first.exec(rest) ?? [];
    if (found === undefined) return undefined;
    lengths.push(Number(number) * (unitPoints[unit.toLowerCase()] ?? 0));
    const after = rest.slice(found.length);
    if (after === '') break;
    const gap = between.exec(after)?.[0];
    if (gap === undefined || gap.length === after.length) return undefined;
    rest = after.slice(gap.length);
  }
  return lengths;
}
