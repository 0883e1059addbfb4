import type { WorkBook, WorkSheet } from '@e965/xlsx';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { withCompound } from '../compound/child-compound.ts';
import { decryptPackage, openPassword } from '../compound/child-decrypt.ts';
import { documentIn } from '../compound/documents.ts';
import { charactersOf, encodingOf } from './child-encoding.ts';
import { kindOf } from './child-kind.ts';
import { Package } from './child-package.ts';
import { tableOfSheet } from './child-sheet.ts';
import { loadCodePages, readBytes, readMarkup, readPackage } from './child-sheetjs.ts';
import { tableOfCsv } from './child-table.ts';
import { XlsxReader } from './child-xlsx.ts';
import { Unordered } from './child-xlsx-sheet.ts';
import { unescaped } from './child-xml.ts';
import type { Table } from './table.ts';

/** A workbook whose sheets are known, and not yet read. */
export interface OpenWorkbook {
  readonly sheets: readonly SheetFacts[];
  /** Reads sheets by their positions; those that are no tables, as charts, are left out. Throws Refused where one is damaged. */
  read(positions: readonly number[]): Promise<Table[]>;
  /** What is missing in sheets that were read. */
  warnings(): readonly string[];
  /** Of tables that were read nothing can be had afterwards. */
  close(): void;
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

/** Opens a workbook of any kind. `scratch`: where a file of a name may lie until it is closed. Throws Refused. */
export async function openWorkbook(
  path: string,
  { password, scratch }: { readonly password: string; scratch(name: string): string },
): Promise<OpenWorkbook> {
  const kind = kindOf(path);
  switch (kind) {
    case 'table': {
      const table = tableOfCsv(path);
      return opened([{ name: table.name, isHidden: false }], (positions) => positions.map(() => table));
    }
    case 'package':
      return openPackage(path, scratch);
    case 'markup':
      assertSize(path, markupBytesMax);
      return openedOf(guarded(() => readMarkup([...charactersOf(path, encodingOf(path))].join(''))));
    case 'compound':
      if (guarded(() => withCompound(path, documentIn)) === 'encrypted-package')
        return openEncrypted(path, password, scratch);
      return openBinary(path, password);
    case 'records':
      return openBinary(path, password);
  }
}

async function openBinary(path: string, password: string): Promise<OpenWorkbook> {
  assertSize(path, bytesMax);
  await loadCodePages();
  return openedOf(guarded(() => readBytes(readFileSync(path), { password: password || openPassword })));
}

/** A package that was encrypted lies in a file, as others do, until the workbook is closed. */
function openEncrypted(path: string, password: string, scratch: (name: string) => string): OpenWorkbook {
  const open = scratch('decrypted');
  const remove = () => rmSync(open, { force: true });
  try {
    guarded(() => decryptPackage(path, password, open));
    const workbook = openPackage(open, scratch);
    const close = () => {
      workbook.close();
      remove();
    };
    return { ...workbook, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Of XLSX and XLSB the sheets are told first, without cells and texts, and then only those read that are wanted. */
function openPackage(path: string, scratch: (name: string) => string): OpenWorkbook {
  const source = guarded(() => new Package(path));
  if (guarded(() => source.text('META-INF/manifest.xml'))?.includes('encryption-data') === true)
    throw new Refused('unsupported-encryption', 'an encrypted ODS');
  const isData = /sharedStrings|(?:^|[/\\])worksheets[/\\][^/\\]+\.(?:xml|bin)$/i;
  const listed = guarded(() =>
    readPackage(
      source.opened((name) => !isData.test(name)),
      { sheets: [] },
    ),
  );
  // Other kinds are read whole.
  if (listed.Sheets !== undefined && Object.keys(listed.Sheets).length > 0) return openedOf(listed);
  const sheets = factsOf(listed);
  const reader = new XlsxReader(source, listed, scratch);
  return {
    sheets,
    async read(positions) {
      try {
        if (!positions.every((position) => reader.knows(position))) throw new Unordered();
        const tables: Table[] = [];
        for (const position of positions) {
          const table = await reader.read(position, sheets[position]?.name ?? '');
          if (table !== undefined) tables.push(table);
        }
        return tables;
      } catch (error) {
        if (error instanceof Refused) throw ofWorkbook(error);
        if (!(error instanceof Unordered)) throw error;
        // What is unusual is left to SheetJS, which holds all of it.
        return tablesOf(
          guarded(() => readPackage(source.opened(), { sheets: [...positions] })),
          positions,
        );
      }
    },
    warnings: () => (reader.lacksResults ? [withoutResults] : []),
    close: () => reader.close(),
  };
}

function openedOf(workbook: WorkBook): OpenWorkbook {
  return opened(factsOf(workbook), (positions) => tablesOf(workbook, positions));
}

function opened(
  sheets: readonly SheetFacts[],
  tables: (positions: readonly number[]) => Table[],
): OpenWorkbook {
  return { sheets, read: async (positions) => tables(positions), warnings: () => [], close() {} };
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

function tablesOf(workbook: WorkBook, positions: readonly number[]): Table[] {
  const date1904 = workbook.Workbook?.WBProps?.date1904 === true;
  const names = namesOf(workbook);
  return positions.flatMap((position) => {
    // Names are of others: one of what every object has is no sheet.
    const sheet = workbook.Sheets[String(workbook.SheetNames[position])] as WorkSheet | undefined;
    if (sheet?.['!type'] === 'chart') return [];
    if (!Array.isArray(sheet?.['!data'])) throw damaged();
    return [tableOfSheet(sheet, { name: names[position] ?? '', number: position + 1, date1904 })];
  });
}

function assertSize(path: string, most: number): void {
  if (statSync(path).size > most) throw new Refused('limit', 'it is too large');
}

/** Whatever SheetJS says of a file, but for the memory that it needs. */
function guarded<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refused) throw ofWorkbook(error);
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RangeError && /allocat|Invalid (typed )?array|string length/i.test(message))
      throw error;
    if (/password-protected|Password is incorrect/i.test(message))
      throw new Refused('password', 'it is protected');
    if (/Encryption scheme/i.test(message)) throw new Refused('unsupported-encryption', message);
    throw damaged();
  }
}

/** To the reader of ZIP files all are archives, and to that of compound files what it cannot read is one. */
function ofWorkbook(refused: Refused): Refused {
  if (refused.code === 'compound') return damaged();
  return refused.code === 'archive' ? new Refused('workbook', refused.message) : refused;
}

function damaged(): Refused {
  return new Refused('workbook', 'it is none, or is damaged');
}
