import type { Box, Page } from '../page.ts';

/** A page of more boxes of a kind is a drawing, and none of them belongs to a text. */
const boxesMax = 2_000;
/** Of 255: brighter letters are not seen on white. */
const lightFrom = 230;

/** Colour of the uppermost fill behind the middle of a text; undefined for white. */
export function backgroundOf(text: Box, { fills }: Page): string | undefined {
  const fill = around(text, fills);
  return fill === undefined || /^#f{6}$/i.test(fill.color) ? undefined : fill.color.toLowerCase();
}

/** The last of some boxes in which the middle of a text lies. */
export function around<One extends Box>(text: Box, boxes: readonly One[]): One | undefined {
  return boxes.length > boxesMax ? undefined : boxes.findLast((box) => isIn(text, box));
}

/** Whether the middle of one lies in the other. */
export function isIn({ left, right, top, bottom }: Box, other: Box): boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return other.left <= x && x <= other.right && other.top <= y && y <= other.bottom;
}

/** A colour that is lost on white, by the weights of ITU-R BT.709. */
export function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > lightFrom;
}
