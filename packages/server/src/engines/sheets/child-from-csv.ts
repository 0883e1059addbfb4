import type { Files } from '../../sandbox/child.ts';
import { Refused, refusalOf } from '../../sandbox/refusal.ts';
import { openOut } from '../writing/child-out.ts';
import { digitWidth, textFormat } from '../writing/sheet-styles.ts';
import type { PlacedCell } from '../writing/workbook.ts';
import { XlsxWorkbook } from '../writing/xlsx.ts';
import { CsvTable } from './child-csv.ts';
import { inputName, resultName, type SheetsReply } from './messages.ts';

/** What is printed: some thousands of pages. */
const limits = { rowsMax: 200_000, cellsMax: 2_000_000, columnsMax: 1_000 };
/** Spreadsheet programs take no longer texts. */
const cellLengthMax = 32_767;
/** Points between the margins of A4 upright, and lying. */
const paperWidths = { upright: 523, lying: 770 };
const paddingWidth = 8;
const digitsMin = 4;
/** Digits of the widest column; less where all together would be printed smaller than at 70%. */
const digitsMax = [50, 30, 20, 14] as const;
/** Letters of Asia are as wide as two digits. */
const wide = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g;
const number = /^[-+(]?\s?\p{Sc}?\s?(?:\d[\d.,'\u00A0\u202F ]*|[.,]\d+)\s?(?:%|\p{Sc})?\)?-?$/u;
const numberLengthMax = 40;

interface Measured {
  /** Without the empty ones at the end. */
  readonly rowCount: number;
  /** Of each column, what its longest line takes. */
  readonly digits: readonly number[];
}

/** Writes a table as a workbook that is made for paper. Numbers stay text as they are written, and nothing becomes a formula. */
export function fromCsv(files: Files): SheetsReply {
  try {
    const table = new CsvTable(files.input(inputName));
    const measured = measure(table);
    const out = openOut(files.output(resultName));
    try {
      const isCut = write(table, measured, new XlsxWorkbook(out));
      const cut = `A cell has more than ${cellLengthMax} characters; the rest of it is left out.`;
      return { pageCount: 1, warnings: isCut ? [cut] : [] };
    } finally {
      out.close();
    }
  } catch (error) {
    return { refused: refusalOf(error) };
  }
}

/** Writes all rows as wide as the table, as lines go around all of it. Says whether a cell was too long. */
function write(table: CsvTable, { rowCount, digits }: Measured, workbook: XlsxWorkbook): boolean {
  const [text, numeric] = [false, true].map((isRightAligned) =>
    workbook.styles.placeOf({
      font: undefined,
      fill: undefined,
      format: textFormat,
      wraps: true,
      isQuoted: false,
      print: { isRightAligned },
    }),
  ) as [number, number];
  const widths = widthsOf(digits);
  workbook.begin('Sheet1', widths, { isLandscape: sumOf(widths) > paperWidths.upright });
  let isCut = false;
  let row = 0;
  for (const cells of table.rows()) {
    if (row === rowCount) break;
    const placed = widths.map((_, column): PlacedCell => {
      const whole = cells[column] ?? '';
      isCut ||= whole.length > cellLengthMax;
      const value = whole.slice(0, cellLengthMax).replaceAll(/\r\n?/g, '\n');
      const isNumber = value.length <= numberLengthMax && number.test(value.trim());
      return { column, columns: 1, rows: 1, value, style: isNumber ? numeric : text };
    });
    workbook.row(row++, placed);
  }
  workbook.end();
  return isCut;
}

function measure(table: CsvTable): Measured {
  const digits: number[] = [];
  let [row, rowCount] = [0, 0];
  for (const cells of table.rows()) {
    row += 1;
    const last = cells.findLastIndex((text) => text !== '');
    if (last >= limits.columnsMax)
      throw new Refused('limit', `it has more than ${limits.columnsMax} columns`);
    if (last >= 0) rowCount = row;
    for (let column = 0; column <= last; column++)
      digits[column] = Math.max(digits[column] ?? digitsMin, digitsOf(cells[column] ?? ''));
    if (rowCount > limits.rowsMax) throw new Refused('limit', `it has more than ${limits.rowsMax} rows`);
    if (rowCount * digits.length > limits.cellsMax)
      throw new Refused('limit', `it has more than ${limits.cellsMax} cells`);
  }
  if (rowCount === 0) throw new Refused('workbook', 'it is empty');
  return { rowCount, digits };
}

/** Of the longest line of a text. */
function digitsOf(text: string): number {
  let most = 0;
  for (const line of text.split(/[\r\n]+/)) {
    const digits = line.length + (line.slice(0, digitsMax[0]).match(wide)?.length ?? 0);
    if (digits >= digitsMax[0]) return digitsMax[0];
    most = Math.max(most, digits);
  }
  return most;
}

/** Points of the columns. */
function widthsOf(digits: readonly number[]): number[] {
  const tries = digitsMax.map((most) => digits.map((one) => Math.min(one, most) * digitWidth + paddingWidth));
  return tries.find((widths) => sumOf(widths) <= paperWidths.lying / 0.7) ?? tries.at(-1) ?? [];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
