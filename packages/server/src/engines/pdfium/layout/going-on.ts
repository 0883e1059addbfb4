import { headLinesOf } from './heads.ts';
import { isAligned, LINE_GAP_MAX, type TableLines, textOf } from './table-lines.ts';

/** Of the height of a line: lines of one cell are closer than rows by this and more. */
const CLOSER_MIN = 0.15;
/** Of the lower of two lines: those that share more of their height are one row, as of a cell in the middle beside one of two lines. */
const OVERLAP_MIN = 0.3;
/** Of the texts of a column: where more begin with a small letter, that says nothing. */
const SMALL_LETTERS_MAX = 0.5;

/** A word in small letters alone: `pH` and `iPhone` begin a text as well as any. */
export const startsSmall = /^\p{Ll}+(?![\p{L}\d])/u;

/** Whether a line belongs to the row of the one above, by how lines stand, and by how their texts begin. */
export function goesOnBy(lines: TableLines): (index: number) => boolean {
  const isOne = (index: number): boolean =>
    lines.gapOf(index) < -OVERLAP_MIN && !lines.isAcross(index - 1) && !lines.isAcross(index);
  const bySmallLetters = goesOnBySmallLetters(lines);
  const bySpacing = goesOnBySpacing(lines, isOne);
  const isHeadLine = headLinesOf(lines);
  /** What the full line below goes on with belongs to that one. */
  const isBegun: boolean[] = [];
  for (let index = lines.rows.length - 2; index >= 0; index--)
    isBegun[index] =
      !lines.isFull(index) &&
      bySmallLetters(index + 1) &&
      (lines.isFull(index + 1) || isBegun[index + 1] === true);
  return (index) => {
    if (index === 0) return false;
    if (isOne(index) || bySmallLetters(index) || isHeadLine(index)) return true;
    return isBegun[index] !== true && bySpacing(index);
  };
}

function goesOnBySpacing(lines: TableLines, isOne: (index: number) => boolean): (index: number) => boolean {
  let nearestFull = Infinity;
  let farthestOther = -Infinity;
  let nearestBelowFull = Infinity;
  let farthestBelowOther = -Infinity;
  for (const index of lines.rows.keys()) {
    if (index === 0 || isOne(index)) continue;
    const gap = lines.gapOf(index);
    if (lines.isFull(index)) nearestFull = Math.min(nearestFull, gap);
    else farthestOther = Math.max(farthestOther, gap);
    if (lines.isAboveMore(index - 1)) farthestBelowOther = Math.max(farthestBelowOther, gap);
    else nearestBelowFull = Math.min(nearestBelowFull, gap);
  }
  const isCloser = farthestOther < nearestFull - CLOSER_MIN;
  const isCloserBelow = farthestBelowOther > -Infinity && farthestBelowOther < nearestBelowFull - CLOSER_MIN;
  return (index) => {
    if (isCloserBelow && lines.isAboveMore(index - 1)) return true;
    if (lines.isFull(index) || (isCloserBelow && lines.isAboveMore(index))) return false;
    const [above, row] = [lines.at(index - 1), lines.at(index)];
    const isBelowText = [...row.keys()].every((column) => above.has(column));
    if (isCloser) return isBelowText || row.size === 1;
    const isText = row.size === 1 && [...row.values()].every((part) => /\p{L}/u.test(textOf(part)));
    return isBelowText && isText && !row.has(0) && lines.gapOf(index) <= LINE_GAP_MAX;
  };
}

/** Texts that begin with a small letter go on with what stands above them, in columns whose texts do not begin so. */
function goesOnBySmallLetters(lines: TableLines): (index: number) => boolean {
  const texts = new Map<number, { all: number; small: number }>();
  for (const index of lines.rows.keys()) {
    for (const [column, part] of lines.at(index)) {
      const count = texts.get(column) ?? { all: 0, small: 0 };
      count.all++;
      if (startsSmall.test(textOf(part))) count.small++;
      texts.set(column, count);
    }
  }
  const says = (column: number): boolean => {
    const { all, small } = texts.get(column) ?? { all: 0, small: 0 };
    return small <= SMALL_LETTERS_MAX * all;
  };
  return (index) => {
    if (lines.gapOf(index) > LINE_GAP_MAX) return false;
    const below = [...lines.at(index)].flatMap(([column, part]) => {
      const above = lines.at(index - 1).get(column);
      return above === undefined ? [] : [{ column, part, above }];
    });
    return (
      below.length > 0 &&
      below.every(({ column, part, above }) => {
        const goesOn = startsSmall.test(textOf(part)) && !textOf(above).endsWith(':');
        return goesOn && says(column) && isAligned(above, part);
      })
    );
  };
}
