import type { Cell, Grid } from '../layout/model.ts';
import type { Page, Style } from '../page.ts';
import { backgroundOf, isLight } from './background.ts';
import { familyOf } from './fonts.ts';
import { DateHabit, dateOf } from './sheet-dates.ts';
import { NumberHabit, numberOf, type Separators } from './sheet-numbers.ts';
import {
  type CellFont,
  generalFormat,
  type Styles,
  textFormat,
  usualFont,
} from '../../writing/sheet-styles.ts';
import type { CellContent } from '../../writing/workbook.ts';
import type { SheetOutput } from './sheet.ts';
import type { NumericCell } from './sheet-value.ts';

/** Characters of a cell; spreadsheet programs take no more. */
const charactersMax = 32_767;
/** What Excel would take for a formula or a number where somebody edits it. */
const needsQuote = /^[=+\-@\t]|^[\s\d.,()%$€£'-]+$/;
const unprintable = /(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]/gu;

/** Makes typed cells of what stands in a grid. How numbers and dates are written, it learns from page to page. */
export class CellReader {
  readonly #output: SheetOutput;
  readonly #styles: Styles;
  readonly #warn: (text: string) => void;
  readonly #separators: Separators;
  readonly #numbers = new NumberHabit();
  readonly #dates = new DateHabit();

  constructor(output: SheetOutput, styles: Styles, warn: (text: string) => void) {
    const { decimalSeparator, groupSeparator } = output;
    this.#output = output;
    this.#styles = styles;
    this.#warn = warn;
    this.#separators = { decimal: decimalSeparator || undefined, group: groupSeparator || undefined };
  }

  /** Reads all cells for how they are written, before the first is taken. */
  learn(grid: Grid): void {
    if (!this.#output.numbers) return;
    for (const { cells } of grid.rows)
      for (const cell of cells) {
        if (cell === undefined) continue;
        const text = cell.text.trim();
        this.#numbers.learn(text);
        this.#dates.learn(text);
      }
  }

  read(cell: Cell, page: Page): CellContent {
    const look = this.#output.styles ? lookOf(cell, page) : { font: undefined, fill: undefined };
    const numeric = this.#output.numbers ? this.#numeric(cell.text.trim()) : undefined;
    if (numeric !== undefined) {
      const style = { ...look, format: numeric.format, wraps: false, isQuoted: false };
      return { value: numeric.number, style: this.#styles.placeOf(style) };
    }
    const value = this.#text(cell.text);
    const isQuoted = needsQuote.test(value);
    const format = isQuoted ? textFormat : generalFormat;
    const style = { ...look, format, wraps: value.includes('\n'), isQuoted };
    return { value, style: this.#styles.placeOf(style) };
  }

  #numeric(text: string): NumericCell | undefined {
    const decimal = this.#separators.decimal ?? this.#numbers.decimal;
    // Nobody who writes a comma before decimals puts months in front of days.
    const order = this.#dates.order ?? (decimal === ',' ? 'day-first' : undefined);
    const cell = dateOf(text, order) ?? numberOf(text, this.#separators, this.#numbers);
    return cell !== undefined && this.#styles.takes(cell.format) ? cell : undefined;
  }

  #text(text: string): string {
    const clean = text.replaceAll(/\r\n?/g, '\n').replaceAll(unprintable, '');
    if (clean.length <= charactersMax) return clean.toWellFormed();
    this.#warn(`A cell has more than ${charactersMax} characters; the rest of it is left out.`);
    return clean.slice(0, charactersMax).toWellFormed();
  }
}

function lookOf(cell: Cell, page: Page): { font: CellFont | undefined; fill: string | undefined } {
  const style = usualStyle(cell, page);
  const fill = backgroundOf(cell.lines[0] ?? cell, page);
  if (style === undefined) return { font: undefined, fill };
  // Light letters on a picture would be lost on the white of a sheet.
  const isLost = fill === undefined && isLight(style.color);
  const font = {
    family: familyOf(style.font) || usualFont.family,
    size: Math.min(Math.max(Math.round(style.size * 2) / 2, 1), 409),
    isBold: style.isBold,
    isItalic: style.isItalic,
    color: isLost ? usualFont.color : style.color,
  };
  return { font, fill };
}

/** The style of most of its characters. */
function usualStyle(cell: Cell, page: Page): Style | undefined {
  const counts = new Map<number, number>();
  for (const { words } of cell.lines)
    for (const { style, text } of words) counts.set(style, (counts.get(style) ?? 0) + text.length);
  let best: number | undefined;
  for (const [style, count] of counts)
    if (best === undefined || count > (counts.get(best) ?? 0)) best = style;
  return best === undefined ? undefined : page.styles[best];
}
