import { genericOf } from './fonts.ts';
import type { Style } from '../page.ts';

/** Advance widths of U+0020 to U+007E in thousandths of the font size, from the metrics of the fonts that every reader of PDF has. */
const tables = {
  sans: '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584',
  sansBold:
    '278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584',
  serif:
    '250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541',
  serifBold:
    '250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 220 394 520',
  serifItalic:
    '250 333 420 500 500 833 778 214 333 333 500 675 250 333 250 278 500 500 500 500 500 500 500 500 500 500 333 333 675 675 675 500 920 611 611 667 722 611 611 722 722 333 444 667 556 833 667 722 611 722 611 500 556 722 611 833 611 556 556 389 278 389 422 500 333 500 500 444 500 444 278 500 500 278 278 444 278 722 500 500 500 500 389 389 278 500 444 667 444 444 389 400 275 400 541',
  serifBoldItalic:
    '250 389 555 500 500 833 778 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 500 500 333 333 570 570 570 500 832 667 667 667 722 667 667 722 778 389 500 667 611 889 722 722 611 722 667 556 611 722 667 889 667 611 611 333 278 333 570 500 333 500 500 444 500 444 333 500 556 278 278 500 278 778 556 500 500 500 389 389 278 556 444 667 500 444 389 348 220 348 570',
};
const widths = new Map(
  Object.entries(tables).map(([name, table]) => [name, table.split(' ').map(Number)] as const),
);
const monospaced = 600;
/** Of these the bold and the plain fonts differ by less than what is seen. */
const others: Readonly<Record<string, readonly [sans: number, serif: number]>> = {
  '\u2013': [556, 500],
  '\u2014': [1000, 1000],
  '\u2018': [222, 333],
  '\u2019': [222, 333],
  '\u201C': [333, 444],
  '\u201D': [333, 444],
  '\u2022': [350, 350],
  '\u20AC': [556, 500],
};

/** Families whose widths are those of the tables, in the order in which they are taken. */
export const stacks = {
  'sans-serif': "Arial,'Liberation Sans',Helvetica,sans-serif",
  serif: "'Times New Roman','Liberation Serif',Times,serif",
  monospace: "'Courier New','Liberation Mono',Courier,monospace",
};

/** How wide a text is in points in the font that stands in for its own; undefined where a character is not in the tables. */
export function widthOf(text: string, { font, size, isBold, isItalic }: Style): number | undefined {
  const generic = genericOf(font);
  const isSerif = generic === 'serif';
  const name = isSerif
    ? `serif${isBold ? 'Bold' : ''}${isItalic ? 'Italic' : ''}`
    : `sans${isBold ? 'Bold' : ''}`;
  const table = widths.get(name) ?? [];
  let sum = 0;
  for (const character of text.normalize('NFD').replaceAll(/\p{Mn}/gu, '')) {
    const width =
      generic === 'monospace'
        ? monospaced
        : (table[(character.codePointAt(0) ?? 0) - 0x20] ?? others[character]?.[isSerif ? 1 : 0]);
    if (width === undefined) return undefined;
    sum += width;
  }
  return (sum * size) / 1000;
}
