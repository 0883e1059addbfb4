import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Figures } from './figures.ts';
import type { Cells } from './fixtures/fixture.ts';
import { type Measure, measures, type Result } from './run.ts';

/** How many documents are named at the end of a run. */
const WORST = 10;
const PAGE = fileURLToPath(new URL('../../../docs/score.md', import.meta.url));
const [BEGIN, END] = ['<!-- figures: npm run score -- --write -->', '<!-- end of figures -->'];

export function printTable(figures: Figures): void {
  const rows = tableRows(figures);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  '),
    );
}

/** Names the documents that lost most, and by what. */
export function printWorst(results: readonly Result[], reader: string): void {
  const own = results.filter((result) => result.reader === reader);
  const worst = own
    .map((result) => ({
      result,
      lost: Math.max(...measures.map((measure) => 1 - (result.scores[measure] ?? 1))),
    }))
    .filter(({ lost }) => lost > 0)
    .toSorted((a, b) => b.lost - a.lost);
  console.log(
    `\nPerfect: ${own.length - worst.length} of ${own.length}. The worst (npm run score -- --show NAME):`,
  );
  for (const { result } of worst.slice(0, WORST))
    console.log(
      `  ${result.fixture.name}: ${scoreText(result)}${result.failure === undefined ? '' : `, ${result.failure}`}`,
    );
}

/** What was expected of a document, and what came. */
export function explain(result: Result): void {
  const { truth, reading, fixture, failure } = result;
  console.log(`\n=== ${fixture.name} (${fixture.group}): ${scoreText(result)}`);
  if (failure !== undefined) console.log(failure);
  console.log(
    `--- text expected${truth.isOrdered ? '' : ', in any order'}\n${truth.text}\n--- text as lines\n${reading.text}`,
  );
  if (truth.isOrdered) console.log(`--- text as blocks\n${reading.inOrder}`);
  if (truth.grids !== undefined) {
    for (const parts of truth.grids) console.log(`--- grid expected\n${cellText(parts.flat())}`);
    console.log(`--- grid\n${cellText(reading.grid ?? [])}`);
  }
  if (truth.tables !== undefined) {
    for (const table of truth.tables) console.log(`--- table expected\n${cellText(table)}`);
    for (const table of reading.tables ?? []) console.log(`--- table\n${cellText(table)}`);
  }
}

/** Puts the table, and how many documents there are, into docs/score.md in place of what is there. */
export function writeTable(figures: Figures, documents: number): void {
  const [head, ...rows] = tableRows(figures);
  const table = [head!, head!.map((_, column) => (column < 2 ? '---' : '---:')), ...rows].map(
    (row) => `| ${row.join(' | ')} |`,
  );
  const page = readFileSync(PAGE, 'utf8').replace(/draws \d+ documents/, `draws ${documents} documents`);
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before === -1 || after === -1) throw new Error('docs/score.md has no place for figures');
  writeFileSync(PAGE, `${page.slice(0, before)}${BEGIN}\n\n${table.join('\n')}\n\n${page.slice(after)}`);
}

/** Percent, without a place after the point unless it would hide that something is missing. */
function tableRows({ readers, rows }: Figures): readonly (readonly string[])[] {
  return [
    ['group', 'measure', 'documents', ...readers],
    ...rows.map(({ group, measure, documents, means }) => [
      group,
      measure,
      String(documents),
      ...means.map(percent),
    ]),
  ];
}

function percent(value: number | undefined): string {
  return value === undefined ? '' : (Math.floor(value * 1000) / 10).toFixed(1);
}

function scoreText({ scores }: Result): string {
  const isThere = (measure: Measure): boolean => scores[measure] !== undefined;
  return measures
    .filter(isThere)
    .map((measure) => `${measure} ${percent(scores[measure])}`)
    .join(', ');
}

function cellText(cells: Cells): string {
  return cells
    .map((row) => `| ${row.map((cell) => cell.replaceAll(/\s*\n\s*/g, ' / ')).join(' | ')} |`)
    .join('\n');
}
