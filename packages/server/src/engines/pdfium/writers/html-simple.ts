import type { ReadingSettings, TableSettings } from '../../capabilities.ts';
import { blocksOf, tablesOf, uprightOf } from '../layout/layout.ts';
import type { Line, Table } from '../layout/model.ts';
import type { Page } from '../page.ts';
import { isIn } from './background.ts';
import { escaped } from '../../writing/markup.ts';
import type { Out } from '../../writing/out.ts';

/** What is a table: of two rows and columns at least. */
const tableSettings: TableSettings = {
  rowsMin: 2,
  columnsMin: 2,
  oddRowsMax: 0,
  emptyLinesBetween: 0,
  mendsBorders: true,
};

/** A page as paragraphs and tables, in the order in which they are read, without a style. */
export function simplePage(shown: Page, settings: ReadingSettings, out: Out): void {
  const { page } = uprightOf(shown);
  const tables = tablesOf(page, settings, tableSettings);
  const written = new Set<Table>();
  const write = (table: Table) => {
    if (!written.has(table)) out.write(tableOf(table));
    written.add(table);
  };
  out.write(`<section id="page${page.index + 1}">\n`);
  for (const { lines } of blocksOf(page, settings)) {
    let paragraph: Line[] = [];
    const end = () => {
      if (paragraph.length > 0) out.write(`<p>${linesOf(paragraph.map(({ text }) => text))}</p>\n`);
      paragraph = [];
    };
    for (const line of lines) {
      const table = tables.find((one) => isIn(line, one));
      if (table === undefined) {
        paragraph.push(line);
        continue;
      }
      end();
      write(table);
    }
    end();
  }
  for (const table of tables) write(table);
  out.write('</section>\n');
}

function tableOf({ grid }: Table): string {
  /** For each column the row above which a cell reaches down from above. */
  const taken: number[] = [];
  const rows = grid.rows.map(({ cells }, row) => {
    const places = cells.map((cell, column) => {
      if ((taken[column] ?? 0) > row) return '';
      if (cell === undefined) return '<td></td>';
      for (let over = 0; over < cell.columns; over++) taken[column + over] = row + cell.rows;
      const spans = `${spanOf('col', cell.columns)}${spanOf('row', cell.rows)}`;
      return `<td${spans}>${linesOf(cell.text.split('\n'))}</td>`;
    });
    return `<tr>${places.join('')}</tr>\n`;
  });
  return `<table>\n${rows.join('')}</table>\n`;
}

function spanOf(direction: 'col' | 'row', count: number): string {
  return count > 1 ? ` ${direction}span="${count}"` : '';
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => escaped(line)).join('<br>\n');
}
