import { rmSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { Refused, refusalOf } from '../../sandbox/refusal.ts';
import type { SheetOutput } from '../capabilities.ts';
import { openOut } from '../writing/child-out.ts';
import type { Out } from '../writing/out.ts';
import { type OpenWorkbook, openWorkbook, type SheetFacts } from './child-workbook.ts';
import { inputName, type ReadRequest, resultName, type SheetsReply } from './messages.ts';
import type { Table } from './table.ts';
import { writeCsv } from './write-csv.ts';
import { writeHtml } from './write-html.ts';
import { writeJson } from './write-json.ts';
import { writeXml } from './write-xml.ts';

/** Sheets that a message names. */
const namedMax = 12;

/** Writes sheets of a workbook as data. */
export async function readSheets(request: ReadRequest, files: Files): Promise<SheetsReply> {
  const { sheet, output, password } = request;
  let workbook: OpenWorkbook | undefined;
  try {
    workbook = await openWorkbook(files.input(inputName), {
      password,
      scratch: (name) => files.output(name),
    });
    const { tables, warnings } = await (sheet === '' ? usual(workbook, output) : one(workbook, sheet));
    const out = openOut(files.output(resultName));
    try {
      write(tables, output, out);
    } finally {
      out.close();
    }
    const sparse = tables
      .filter(({ isSparse }) => isSparse)
      .map(
        ({ name }) =>
          `Sheet ${name} is almost empty: of its rows, the empty cells behind the last that is filled are left out.`,
      );
    return { pageCount: tables.length, warnings: [...warnings, ...workbook.warnings(), ...sparse] };
  } catch (error) {
    rmSync(files.output(resultName), { force: true });
    return { refused: refusalOf(error) };
  } finally {
    workbook?.close();
  }
}

interface Chosen {
  readonly tables: readonly Table[];
  readonly warnings: readonly string[];
}

/** What is read where nobody says which sheet: all that are shown, or the first of them. */
async function usual(workbook: OpenWorkbook, output: SheetOutput): Promise<Chosen> {
  const positions = [...workbook.sheets.keys()];
  const shown = positions.filter((position) => workbook.sheets[position]?.isHidden === false);
  if (output.as === 'html' || output.as === 'xml') {
    const tables = await workbook.read(shown);
    if (tables.length === 0) throw new Refused('workbook', 'none of its sheets holds cells and is shown');
    const hidden = positions.filter((position) => !shown.includes(position));
    const left = `Hidden sheets are left out: ${named(workbook.sheets, hidden)}. worksheetIndex takes one.`;
    return { tables, warnings: hidden.length === 0 ? [] : [left] };
  }
  for (const position of shown) {
    const tables = await workbook.read([position]);
    if (tables.length === 0) continue;
    const others = positions.filter((other) => other !== position);
    const left = `One sheet of ${positions.length} was read: ${named(workbook.sheets, [position])}. Others are ${named(workbook.sheets, others)}: worksheetIndex takes one.`;
    return { tables, warnings: others.length === 0 ? [] : [left] };
  }
  throw new Refused('workbook', 'none of its sheets holds cells and is shown');
}

/** The sheet of a number or a name; a number that is none may be a name. */
async function one({ sheets, read }: OpenWorkbook, asked: string): Promise<Chosen> {
  const number = /^\d{1,9}$/.test(asked) ? Number(asked) : undefined;
  const byNumber = number === undefined ? -1 : Math.max(number - 1, 0);
  const byName = sheets.findIndex(({ name }) => name.toLowerCase() === asked.toLowerCase());
  const position = sheets[byNumber] === undefined ? byName : byNumber;
  if (sheets[position] === undefined) {
    const are = sheets.length === 1 ? 'there is one sheet' : `there are ${sheets.length} sheets`;
    throw new Refused('sheet', `${are}, ${named(sheets, [...sheets.keys()])}`);
  }
  const tables = await read([position]);
  if (tables.length === 0) throw new Refused('workbook', 'the sheet is a chart, and holds no cells');
  return { tables, warnings: [] };
}

function write(tables: readonly Table[], output: SheetOutput, out: Out): void {
  const [table] = tables;
  if (table === undefined) return;
  switch (output.as) {
    case 'csv':
      return writeCsv(table, output, out);
    // As spreadsheet programs save text.
    case 'txt':
      return writeCsv(table, { separator: '\t', quotation: '"' }, out);
    case 'json':
      return writeJson(table, out);
    case 'xml':
      return writeXml(tables, out);
    case 'html':
      return writeHtml(tables, out);
  }
}

/** `1 Prices, 3 Notes (hidden)`. */
function named(sheets: readonly SheetFacts[], positions: readonly number[]): string {
  const names = positions.slice(0, namedMax).map((position) => {
    const { name = '', isHidden = false } = sheets[position] ?? {};
    return `${position + 1} ${name}${isHidden ? ' (hidden)' : ''}`;
  });
  return names.join(', ') + (positions.length > namedMax ? ', and more' : '');
}
