import type { ParsingOptions, WorkBook, WorkSheet } from '@e965/xlsx';
import { readFileSync, statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { charactersOf, encodingOf } from './child-encoding.ts';
import { kindOf } from './child-kind.ts';
import { openPackage } from './child-package.ts';
import { tableOfSheet } from './child-sheet.ts';
import { lacksResults } from './child-results.ts';
import { loadCodePages, readBytes, readMarkup, readPackage } from './child-sheetjs.ts';
import { tableOfCsv } from './child-table.ts';
import type { Table } from './table.ts';

/** A workbook whose sheets are known, and not yet read. */
export interface OpenWorkbook {
  readonly sheets: readonly SheetFacts[];
  /** Reads sheets by their positions; those that are no tables, as charts, are left out. Throws Refused where one is damaged. */
  read(positions: readonly number[]): Table[];
  /** What is missing in sheets that were read. */
  warnings(): readonly string[];
}
export interface SheetFacts {
  readonly name: string;
  readonly isHidden: boolean;
}

/** Of files that are read whole, which then take several times as much memory. */
const bytesMax = 192 * 1024 * 1024;
const markupBytesMax = 96 * 1024 * 1024;

const withoutResults =
  'Some cells hold formulas whose results the file does not hold: they are empty. A spreadsheet program that opens and saves it puts them in.';

/** Opens a workbook of any kind. Throws Refused. */
export async function openWorkbook(path: string, password: string): Promise<OpenWorkbook> {
  const kind = kindOf(path);
  switch (kind) {
    case 'table': {
      const table = tableOfCsv(path);
      const sheets = [{ name: table.name, isHidden: false }];
      return { sheets, read: (positions) => positions.map(() => table), warnings: () => [] };
    }
    case 'package':
      return openZipped(path);
    case 'markup':
      assertSize(path, markupBytesMax);
      return openRead(() => readMarkup([...charactersOf(path, encodingOf(path))].join('')));
    case 'compound':
    case 'records':
      assertSize(path, bytesMax);
      await loadCodePages();
      return openRead(() => readBytes(readFileSync(path), password === '' ? {} : { password }));
  }
}

/** Of a ZIP file its sheets are told first, without their cells and texts, and then only those read that are wanted. */
function openZipped(path: string): OpenWorkbook {
  const texts = /sharedStrings/i;
  const listed = guarded(() =>
    readPackage(openPackage(path, { isWanted: (name) => !texts.test(name) }), { sheets: [] }),
  );
  // Other kinds than XLSX and XLSB are read whole.
  if (listed.Sheets !== undefined && Object.keys(listed.Sheets).length > 0) return openedOf(listed);
  const warnings = new Set<string>();
  const onPart = (name: string, bytes: Buffer) => {
    if (/worksheets[/\\][^/\\]+\.xml$/i.test(name) && lacksResults(bytes)) warnings.add(withoutResults);
  };
  return {
    sheets: factsOf(listed),
    warnings: () => [...warnings],
    read: (positions) => {
      const own: ParsingOptions = { sheets: [...positions] };
      return tablesOf(
        guarded(() => readPackage(openPackage(path, { onPart }), own)),
        positions,
      );
    },
  };
}

function openRead(read: () => WorkBook): OpenWorkbook {
  return openedOf(guarded(read));
}

function openedOf(workbook: WorkBook): OpenWorkbook {
  return {
    sheets: factsOf(workbook),
    read: (positions) => tablesOf(workbook, positions),
    warnings: () => [],
  };
}

function factsOf(workbook: WorkBook): SheetFacts[] {
  const names = namesOf(workbook);
  if (names.length === 0) throw damaged();
  const { Sheets: facts } = workbook.Workbook ?? {};
  return names.map((name, position) => ({ name, isHidden: (facts?.[position]?.Hidden ?? 0) !== 0 }));
}

/** Of ODS, SheetJS gives them as they stand in the XML. */
function namesOf({ SheetNames, bookType }: WorkBook): string[] {
  const names = SheetNames.map(String);
  return /^f?ods$/.test(bookType ?? '') ? names.map(unescaped) : names;
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replaceAll(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|quot|apos|amp));/gi,
    (whole, hex, decimal, name) => {
      if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function tablesOf(workbook: WorkBook, positions: readonly number[]): Table[] {
  const date1904 = workbook.Workbook?.WBProps?.date1904 === true;
  return positions.flatMap((position) => {
    const name = String(workbook.SheetNames[position]);
    // Names are of others: one of what every object has is no sheet.
    const sheet = workbook.Sheets[name] as WorkSheet | undefined;
    if (sheet?.['!type'] === 'chart') return [];
    if (!Array.isArray(sheet?.['!data'])) throw damaged();
    return [tableOfSheet(sheet, { name: namesOf(workbook)[position] ?? '', number: position + 1, date1904 })];
  });
}

function assertSize(path: string, most: number): void {
  if (statSync(path).size > most) throw new Refused('limit', 'it is too large');
}

/** Whatever SheetJS says of a file, but for the memory that it needs. */
function guarded(read: () => WorkBook): WorkBook {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RangeError && /allocat|Invalid (typed )?array|string length/i.test(message))
      throw error;
    if (/password-protected|Password is incorrect/i.test(message))
      throw new Refused('password', 'it is protected');
    if (/Encryption scheme/i.test(message)) throw new Refused('unsupported-encryption', message);
    throw damaged();
  }
}

function damaged(): Refused {
  return new Refused('workbook', 'it is none, or is damaged');
}
