import type { ReadingSettings } from '../../capabilities.ts';
import type { Page } from '../page.ts';
import { lineOf } from './lines.ts';
import { median } from './metrics.ts';
import type { Block, Line } from './model.ts';
import { pageRowsOf, type RuledRows } from './page-rows.ts';
import { itemRowsOf, regionsOf, type Region } from './reading-order.ts';
import { uprightOf } from './upright.ts';
import { boxOf } from './words.ts';

/** Of the height of a line: so much more than between other lines of a page parts paragraphs. */
const PARAGRAPH_GAP = 0.35;
/** Of the smaller of two heights: lines in letters that differ by more are a heading and its text. */
const HEIGHT_DIFFERENCE = 0.15;
/** Of the height of a line: the first line of a paragraph is set in by this and more. */
const INDENT_MIN = 0.6;
const INDENT_MAX = 4;

export function blocksOfPage(page: Page, settings: ReadingSettings): readonly Block[] {
  const { free, ruled } = pageRowsOf(uprightOf(page).page, settings, { keepsLeaders: true });
  return regionsOf(itemRowsOf(free, ruled))
    .flatMap(blocksOfRegion)
    .map((lines) => ({ lines, ...boxOf(lines) }));
}

function blocksOfRegion(rows: Region): Line[][] {
  const lines: { readonly line: Line; readonly isRow: boolean }[] = [];
  const blocks: Line[][] = [];
  const close = (): void => {
    for (const block of paragraphsOf(lines)) blocks.push(block);
    lines.length = 0;
  };
  for (const { items } of rows) {
    const table = items.find((item) => item.table !== undefined)?.table;
    if (table !== undefined) {
      close();
      blocks.push(linesOfTable(table));
      continue;
    }
    const words = items.flatMap(({ part }) => part?.lines.flatMap((line) => line.words) ?? []);
    lines.push({ line: lineOf(words), isRow: items.length > 1 });
  }
  close();
  return blocks;
}

/** A line for each row; where a cell has several lines, one cell after the other. */
function linesOfTable({ rows }: RuledRows): Line[] {
  return rows.flatMap(({ parts }) => {
    const lines = parts.flatMap((part) => part.lines);
    return parts.every((part) => part.lines.length === 1)
      ? [lineOf(lines.flatMap(({ words }) => words))]
      : lines;
  });
}

function paragraphsOf(lines: readonly { readonly line: Line; readonly isRow: boolean }[]): Line[][] {
  const paragraphs: Line[][] = [];
  const gaps: number[] = [];
  for (const [index, { line }] of lines.entries()) {
    const above = lines[index - 1]?.line;
    if (above !== undefined) gaps.push((line.top - above.bottom) / height(line));
  }
  const usual = Math.min(PARAGRAPH_GAP, median(gaps));
  for (const [index, { line, isRow }] of lines.entries()) {
    const above = lines[index - 1];
    const paragraph = paragraphs.at(-1);
    const goesOn =
      above !== undefined &&
      above.isRow === isRow &&
      (line.top - above.line.bottom) / height(line) < usual + PARAGRAPH_GAP &&
      above.line.angle === line.angle &&
      isSameHeight(above.line, line) &&
      !isSetIn(above.line, line, lines[index + 1]?.line);
    if (goesOn && paragraph !== undefined) paragraph.push(line);
    else paragraphs.push([line]);
  }
  return paragraphs;
}

function height({ top, bottom }: Line): number {
  return Math.max(1, bottom - top);
}

function isSameHeight(one: Line, other: Line): boolean {
  const [low, high] = [Math.min(height(one), height(other)), Math.max(height(one), height(other))];
  return high - low < HEIGHT_DIFFERENCE * low;
}

/** Whether a line begins to the right of those above and below it, as the first of a paragraph. */
function isSetIn(above: Line, line: Line, below: Line | undefined): boolean {
  const from = (other: Line): number => (line.left - other.left) / height(line);
  const isIn = (other: Line): boolean => from(other) > INDENT_MIN && from(other) < INDENT_MAX;
  return isIn(above) && below !== undefined && isIn(below);
}
