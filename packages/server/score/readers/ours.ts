import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadingSettings, TableSettings } from '../../src/engines/capabilities.ts';
import { readPages } from '../../src/engines/pdfium/child-pages.ts';
import { blocksOf, gridOf, linesOf, tablesOf } from '../../src/engines/pdfium/layout/layout.ts';
import type { Grid } from '../../src/engines/pdfium/layout/model.ts';
import { allParts, inputName } from '../../src/engines/pdfium/messages.ts';
import { readingSettings } from '../../src/operations/reading.ts';
import type { Cells } from '../fixtures/fixture.ts';
import type { Reader } from './reader.ts';

/** What a call has that says nothing else; but doubled text counts once. */
export const settings: ReadingSettings = {
  ...readingSettings({}, {}),
  shadowText: false,
};

const tableSettings: TableSettings = {
  rowsMin: 1,
  columnsMin: 1,
  oddRowsMax: 0,
  emptyLinesBetween: 0,
  mendsBorders: false,
};

/** What runs in a box otherwise, in this process. */
export function ours(): Reader {
  const directory = mkdtempSync(join(tmpdir(), 'octavo-score-'));
  return {
    name: 'Octavo',
    async read({ path }) {
      const text: string[] = [];
      const inOrder: string[] = [];
      const tables: Cells[] = [];
      const grid: (readonly string[])[] = [];
      const files = {
        input: (name: string) => (name === inputName ? path : join(directory, name)),
        output: (name: string) => join(directory, name),
      };
      await readPages({ pages: '', settings, password: '', part: allParts }, files, false, () =>
        Promise.resolve({
          page(page) {
            text.push(...linesOf(page, settings).map((line) => line.text));
            inOrder.push(...blocksOf(page, settings).flatMap(({ lines }) => lines.map((line) => line.text)));
            tables.push(...tablesOf(page, settings, tableSettings).map((table) => cellsOf(table.grid)));
            grid.push(...cellsOf(gridOf(page, settings)));
          },
          end() {},
        }),
      );
      return { text: text.join('\n'), inOrder: inOrder.join('\n'), tables, grid };
    },
    close: () => rmSync(directory, { recursive: true }),
  };
}

function cellsOf({ rows }: Grid): Cells {
  return rows.map(({ cells }) => cells.map((cell) => cell?.text ?? ''));
}
