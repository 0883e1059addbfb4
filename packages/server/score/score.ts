/**
 * How much of what stands on a page is read rightly, of documents that are drawn here, beside other programs in the same run:
 * `npm run score`. `-- --show NAME` shows what was expected of a document and what came, `-- --save DIRECTORY` writes the documents,
 * `-- --write` refreshes the table of docs/score.md, `-- --raise` raises the floors that are lower than what was measured, `-- --ours`
 * leaves the others out.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fixtures } from './fixtures/index.ts';
import { figures } from './figures.ts';
import { raiseFloors } from './floors.ts';
import { ours } from './readers/ours.ts';
import { foundPdfParse } from './readers/pdf-parse.ts';
import { foundPrograms } from './readers/programs.ts';
import type { Reader } from './readers/reader.ts';
import { explain, printTable, printWorst, writeTable } from './report.ts';
import { readAll } from './run.ts';

const { values: flags } = parseArgs({
  options: {
    show: { type: 'string', multiple: true, default: [] },
    save: { type: 'string' },
    write: { type: 'boolean', default: false },
    raise: { type: 'boolean', default: false },
    ours: { type: 'boolean', default: false },
  },
});

if (flags.save !== undefined) save(flags.save);
else if (flags.show.length > 0) await show(flags.show);
else await score();

async function score(): Promise<void> {
  const readers = flags.ours ? [ours()] : await everybody();
  const results = await readAll(fixtures, readers);
  const table = figures(
    results,
    readers.map(({ name }) => name),
  );
  printTable(table);
  printWorst(results, readers[0]!.name);
  if (flags.write) writeTable(table, fixtures.length);
  if (flags.raise) raiseFloors(table);
}

async function show(names: readonly string[]): Promise<void> {
  const asked = fixtures.filter(({ name }) => names.includes(name));
  if (asked.length < names.length)
    throw new Error(`there are: ${fixtures.map(({ name }) => name).join(' ')}`);
  for (const result of await readAll(asked, [ours()])) explain(result);
}

function save(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const fixture of fixtures) writeFileSync(join(directory, `${fixture.name}.pdf`), fixture.draw().bytes);
}

async function everybody(): Promise<readonly Reader[]> {
  const parser = await foundPdfParse();
  return [ours(), ...foundPrograms(), ...(parser === undefined ? [] : [parser])];
}
