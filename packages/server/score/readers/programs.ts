import { spawnSync } from 'node:child_process';
import type { Cells } from '../fixtures/fixture.ts';
import type { Reader } from './reader.ts';

/** Poppler. It knows no tables: what people do is to split its layout where two blanks stand. */
export const pdftotext: Reader = {
  name: 'pdftotext',
  read({ path }) {
    const text = run('pdftotext', ['-layout', path, '-']);
    const grid = text
      .split(/[\n\f]/)
      .map((line) => line.trim())
      .map((line) => (line === '' ? [] : line.split(/ {2,}/)));
    return Promise.resolve({ text, inOrder: run('pdftotext', [path, '-']), grid, tables: runsOfRows(grid) });
  },
};

export const mutool: Reader = {
  name: 'mutool',
  read({ path }) {
    const text = run('mutool', ['draw', '-q', '-F', 'txt', path]);
    return Promise.resolve({ text, inOrder: text });
  },
};

/** Those of the programs that are on this machine. */
export function foundPrograms(): readonly Reader[] {
  return [pdftotext, mutool].filter(
    ({ name }) => spawnSync(name, ['-v'], { stdio: 'ignore' }).error === undefined,
  );
}

/** Rows below each other that have two cells or more, whatever empty lines lie between. */
function runsOfRows(grid: Cells): readonly Cells[] {
  const tables: (readonly string[])[][] = [[]];
  for (const row of grid.filter(({ length }) => length > 0))
    if (row.length > 1) tables.at(-1)!.push(row);
    else tables.push([]);
  return tables.filter((table) => table.length > 1);
}

function run(name: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  if (status !== 0) throw new Error(`${name} ended with ${status}`);
  return stdout;
}
