import { Refused } from '../../sandbox/refusal.ts';
import { withCompound } from '../compound/child-compound.ts';
import { attributesOf, elementsOf } from '../sheets/child-xml.ts';
import { readDirectory } from '../zip/child-directory.ts';
import { bytesOfEntry } from '../zip/child-entry.ts';
import { bookIn } from './child-kind.ts';
import type { KindName } from './kinds.ts';
import type { OfficeRequest } from './messages.ts';

const entriesMax = 100_000;
const partBytesMax = 256 * 1024 * 1024;
const globalsBytesMax = 16 * 1024 * 1024;
const namesShown = 20;

/** A sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
}

/**
 * Leaves of a printed workbook the pages of one sheet, by its number from 1 or its name, and, as the program prints hidden ones too where
 * each sheet has one page (`fitsPages`), of those that are shown. Throws Refused where there is no such sheet.
 */
export async function keepSheets(
  printed: string,
  { sheet, fitsPages }: Pick<OfficeRequest, 'sheet' | 'fitsPages'>,
  sheets: readonly Sheet[] | undefined,
  to: string,
): Promise<void> {
  // Loaded for this alone: it takes longer than most documents do.
  const core = await import('@octavo/pdf');
  const source = core.fileSource(printed);
  try {
    const { bookmarks = [], pageCount } = core.info(source, { bookmarks: true });
    const all = core.allPages(pageCount);
    const marked = bookmarks.filter(({ level, pageIndex }) => level === 0 && pageIndex !== undefined);
    const names = sheets?.map(({ name }) => name) ?? marked.map(({ title }) => title);
    const chosen = sheet === '' ? undefined : nameOf(sheet, names);
    if (fitsPages) {
      if (sheets?.length !== pageCount)
        throw new Refused('sheet', 'with autosize, sheets of this workbook cannot be told from each other');
      const isKept = ({ name, isHidden }: Sheet) => !isHidden && (chosen === undefined || name === chosen);
      const list = all.filter((_, index) => isKept(sheets[index] as Sheet));
      if (list.length === 0) throw hidden(chosen);
      core.pages([{ source }], list, core.fileSink(to));
      return;
    }
    const at = marked.findIndex(({ title }) => title === chosen);
    const first = marked[at]?.pageIndex;
    if (first === undefined) throw hidden(chosen);
    core.pages([{ source }], all.slice(first, marked[at + 1]?.pageIndex), core.fileSink(to));
  } finally {
    source.close();
  }
}

function hidden(name = ''): Refused {
  return new Refused('sheet', `the sheet ${name} is empty or hidden`);
}

function nameOf(asked: string, names: readonly string[]): string {
  const isSame = (name: string) => name.toLowerCase() === asked.toLowerCase();
  const number = /^\d{1,9}$/.test(asked) ? Math.max(1, Number(asked)) : 0;
  const found = names.find((name) => name === asked) ?? names.find(isSame) ?? names[number - 1];
  if (found !== undefined) return found;
  const shown = names.slice(0, namesShown).join(', ');
  throw new Refused('sheet', `there are ${names.length} sheets: ${shown}`);
}

/** The sheets of a workbook, in its order; undefined of a kind that does not tell them simply. Throws Refused. */
export function sheetsOf(path: string, kind: KindName): Sheet[] | undefined {
  if (kind === 'xlsx')
    return elements(partOf(path, 'xl/workbook.xml'), 'sheet').map((of) => ({
      name: of.get('name') ?? '',
      isHidden: /hidden$/i.test(of.get('state') ?? ''),
    }));
  if (kind === 'ods')
    return elements(partOf(path, 'content.xml'), 'table').map((of) => ({
      name: of.get('name') ?? '',
      isHidden: false,
    }));
  if (kind === 'xls')
    return withCompound(path, (compound) => boundSheets(bookIn(compound)?.read(0, globalsBytesMax)));
  return undefined;
}

function partOf(path: string, name: string): string {
  const entry = readDirectory(path, entriesMax).find((one) => one.name === name);
  if (entry === undefined) throw new Refused('office', `it has no ${name}`);
  if (entry.bytes > partBytesMax)
    throw new Refused('limit', 'it is too large for one of its sheets to be chosen');
  return bytesOfEntry(path, entry).toString();
}

/** Attributes of all elements of a name. */
function elements(xml: string, name: string): ReadonlyMap<string, string>[] {
  return Array.from(elementsOf([xml], name), ({ attributes }) => attributesOf(attributes));
}

/** What the records BoundSheet8 say ([MS-XLS] 2.4.28). */
function boundSheets(bytes: Buffer | undefined): Sheet[] | undefined {
  if (bytes === undefined) return undefined;
  const sheets: Sheet[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt16LE(at + 2)) {
    const type = bytes.readUInt16LE(at);
    const record = bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2));
    if (type === 0x0a) break;
    if (type !== 0x85 || record.length < 8) continue;
    const isWide = ((record[7] ?? 0) & 1) !== 0;
    const length = (record[6] ?? 0) * (isWide ? 2 : 1);
    const name = record.toString(isWide ? 'utf16le' : 'latin1', 8, 8 + length);
    sheets.push({ name, isHidden: ((record[4] ?? 0) & 3) !== 0 });
  }
  return sheets;
}
