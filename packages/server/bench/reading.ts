import { readFileSync } from 'node:fs';
import { textPages } from '../../pdf/bench/files.ts';
import { settings } from '../score/readers/ours.ts';
import type { ReadingOutput } from '../src/engines/capabilities.ts';
import { descendants } from '../test/program/processes.ts';
import { Boxed, type Programs, tablePages } from './boxed.ts';

const pages = 1_000;
const [fewPages, manyPages] = [500, 5_000];

const programs: Programs = {
  pdftotext: ['pdftotext', '-layout', '{}', '{out}/text'],
  mutool: ['mutool', 'draw', '-q', '-F', 'txt', '-o', '{out}/text', '{}'],
};
const csv: ReadingOutput = { as: 'csv', separator: ',', quotation: '"' };

/** Prints times as ratios to those of programs that make text, and the most memory of a box after few pages and after many. */
export async function benchReading(): Promise<void> {
  await Boxed.during(async (boxed) => {
    const pools = boxed.pools('reading');
    const text = boxed.save('text.pdf', textPages(pages, true));
    const tables = boxed.save('tables.pdf', tablePages(pages));
    const time = (document: typeof text, output: ReadingOutput): Promise<Record<string, string>> =>
      boxed.compare(
        () => boxed.ask(pools, 'pdf.read', { document, pages: '', settings, output }),
        document,
        programs,
      );
    console.log(`\nReading ${pages} pages: whole time as a ratio to the program's`);
    console.table({
      'text of prose': await time(text, { as: 'text' }),
      'text of tables': await time(tables, { as: 'text' }),
      'CSV of tables, to their text': await time(tables, csv),
    });
    console.log('\nThe most memory of a new box that reads text, Node included');
    console.table({
      [`${fewPages} pages`]: { MB: await peak(boxed, fewPages) },
      [`${manyPages} pages`]: { MB: await peak(boxed, manyPages) },
    });
  });
}

/** Megabytes, resident. */
async function peak(boxed: Boxed, count: number): Promise<number> {
  const pools = boxed.pools(`peak-${count}`);
  const document = boxed.save(`${count}.pdf`, textPages(count, true));
  await boxed.ask(pools, 'pdf.read', { document, pages: '', settings, output: { as: 'text' } });
  const pids = pools.plain.pids().flatMap((pid) => [pid, ...descendants(pid).map((below) => below.pid)]);
  return Math.max(...pids.map(peakOf));
}

function peakOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kilobytes) / 1024);
}
