import { Refused } from '../../sandbox/refusal.ts';
import { readDirectory } from '../zip/child-directory.ts';
import { bytesOfEntry } from '../zip/child-entry.ts';
import { withStreams } from './child-compound.ts';
import type { KindName } from './kinds.ts';
import type { OfficeRequest } from './messages.ts';

const entriesMax = 100_000;
const partBytesMax = 256 * 1024 * 1024;
const globalsBytesMax = 16 * 1024 * 1024;
const namesShown = 20;

/**
 * Leaves the pages of one sheet, by its number from 1 or its name, of a printed workbook. Each sheet that has pages is a bookmark of the
 * PDF, or a page where each has one (`fitsPages`). Throws Refused where there is no such sheet.
 */
export async function keepSheet(
  printed: string,
  { sheet: asked, fitsPages }: Pick<OfficeRequest, 'sheet' | 'fitsPages'>,
  names: readonly string[] | undefined,
  to: string,
): Promise<void> {
  // Loaded for this alone: it takes longer than most documents do.
  const core = await import('@octavo/pdf');
  const source = core.fileSource(printed);
  try {
    const { bookmarks = [], pageCount } = core.info(source, { bookmarks: true });
    const sheets = fitsPages
      ? (names ?? []).map((title, pageIndex) => ({ title, pageIndex }))
      : bookmarks.filter(({ level, pageIndex }) => level === 0 && pageIndex !== undefined);
    const title = titleOf(asked, names ?? sheets.map((sheet) => sheet.title));
    if (fitsPages && sheets.length !== pageCount)
      throw new Refused(
        'sheet',
        'with autosize, sheets cannot be told from each other where some are hidden',
      );
    const at = sheets.findIndex((sheet) => sheet.title === title);
    const first = sheets[at]?.pageIndex;
    if (first === undefined) throw new Refused('sheet', `the sheet ${title} is empty or hidden`);
    const end = sheets[at + 1]?.pageIndex ?? pageCount;
    const list = core.allPages(pageCount).slice(first, end);
    core.pages([{ source }], list, core.fileSink(to));
  } finally {
    source.close();
  }
}

function titleOf(asked: string, names: readonly string[]): string {
  const byName = names.find((name) => name === asked) ?? names.find((name) => isSame(name, asked));
  const number = /^\d{1,9}$/.test(asked) ? Math.max(1, Number(asked)) : 0;
  const title = byName ?? names[number - 1];
  if (title !== undefined) return title;
  const shown = names.slice(0, namesShown).join(', ');
  throw new Refused('sheet', `there are ${names.length} sheets: ${shown}`);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}

/** The names of the sheets of a workbook, in its order; undefined of a kind that does not tell them simply. Throws Refused. */
export function sheetNames(path: string, kind: KindName): string[] | undefined {
  if (kind === 'xlsx') return elements(partOf(path, 'xl/workbook.xml'), 'sheet', 'name');
  if (kind === 'ods') return elements(partOf(path, 'content.xml'), 'table:table', 'table:name');
  if (kind === 'xls')
    return withStreams(path, (streams) => boundSheets(streams.find(isBook)?.read(0, globalsBytesMax)));
  return undefined;
}

function isBook({ name }: { readonly name: string }): boolean {
  return name === 'Workbook' || name === 'Book';
}

function partOf(path: string, name: string): string {
  const entry = readDirectory(path, entriesMax).find((one) => one.name === name);
  if (entry === undefined) throw new Refused('office', `it has no ${name}`);
  if (entry.bytes > partBytesMax)
    throw new Refused('limit', 'it is too large for one of its sheets to be chosen');
  return bytesOfEntry(path, entry).toString();
}

function elements(xml: string, element: string, attribute: string): string[] {
  const tags = xml.matchAll(new RegExp(`<(?:x:)?${element}\\s([^>]*)>`, 'g'));
  const value = new RegExp(`(?:^|\\s)${attribute}=(?:"([^"]*)"|'([^']*)')`);
  return [...tags].flatMap(([, attributes = '']) => {
    const [, double, single] = value.exec(attributes) ?? [];
    const text = double ?? single;
    return text === undefined ? [] : [unescaped(text)];
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{1,5}));/gi, (all, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    return entities[name as string] ?? all;
  });
}

/** Names in the records BoundSheet8 ([MS-XLS] 2.4.28). */
function boundSheets(bytes: Buffer | undefined): string[] | undefined {
  if (bytes === undefined) return undefined;
  const names: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt16LE(at + 2)) {
    const type = bytes.readUInt16LE(at);
    const record = bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2));
    if (type === 0x0a) break;
    if (type !== 0x85 || record.length < 8) continue;
    const isWide = ((record[7] ?? 0) & 1) !== 0;
    const length = (record[6] ?? 0) * (isWide ? 2 : 1);
    names.push(record.toString(isWide ? 'utf16le' : 'latin1', 8, 8 + length));
  }
  return names;
}
