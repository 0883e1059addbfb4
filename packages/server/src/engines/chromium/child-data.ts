import JSON5 from 'json5';
import { Refused } from '../../sandbox/refusal.ts';

/** JSON5 is read slowly, and is written by hand. */
const json5Max = 1024 * 1024;

/**
 * The data of a template: JSON, also with single quotes and bare names; or CSV, whose first line names the values of the second. Throws
 * Refused for anything else.
 */
export function readData(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '').trim();
  if (plain === '') return {};
  if (!/^[[{]/.test(plain)) return readCsv(plain);
  try {
    return JSON.parse(plain);
  } catch (error) {
    if (plain.length > json5Max) throw broken(error);
  }
  try {
    return JSON5.parse(plain);
  } catch (error) {
    throw broken(error);
  }
}

function broken(error: unknown): Refused {
  const [says = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return new Refused('data', `JSON, or CSV with a line of names (${says})`);
}

/** Values of CSV are texts, but for truths: templates ask for these. */
function readCsv(text: string): Readonly<Record<string, string | boolean>> {
  const [names = [], values = []] = readRows(text, 2);
  if (values.length === 0)
    throw new Refused('data', 'JSON, or CSV with a line of names above a line of values');
  return Object.fromEntries(
    names
      .map((name, index) => [name.trim(), truthOr(values[index] ?? '')] as const)
      .filter(([name]) => name !== ''),
  );
}

function truthOr(value: string): string | boolean {
  const word = value.trim().toLowerCase();
  if (word === 'true') return true;
  return word === 'false' || word === '' ? false : value;
}

/** The first rows of CSV (RFC 4180), with commas, or with semicolons where the first line has these alone. */
function readRows(text: string, rowsMax: number): string[][] {
  const [first = ''] = text.split('\n', 1);
  const separator = first.includes(';') && !first.includes(',') ? ';' : ',';
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\r\n][^${separator}\r\n]*|))(${separator}|\r?\n|$)`,
    'y',
  );
  const rows: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) throw new Refused('data', 'CSV with quotes that end');
    const [, quoted, bare = '', end = ''] = found;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === separator) continue;
    if (rows.length === rowsMax || end === '') break;
    rows.push([]);
  }
  return rows;
}
