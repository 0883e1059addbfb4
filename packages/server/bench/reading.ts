/** Text and tables of long documents: Octavo's engine, in its box, beside programs, in turn, the least time of each. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textPages } from '../../pdf/bench/files.ts';
import { isFound, milliseconds, runProgram } from '../../pdf/bench/timing.ts';
import { Drawing } from '../score/pdf/drawing.ts';
import { drawTable } from '../score/pdf/table.ts';
import type { ReadingOutput } from '../src/engines/capabilities.ts';
import { createPdfiumEngine, pdfiumProgram } from '../src/engines/pdfium/engine.ts';
import { silentLog } from '../src/platform/log.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import type { BoxPool, Sandbox } from '../src/sandbox/sandbox.ts';
import { settings } from '../score/readers/ours.ts';
import { descendants } from '../test/program/processes.ts';

const runs = 3;
const pages = 1_000;
const [fewPages, manyPages] = [500, 5_000];

type Programs = Readonly<Record<string, readonly [name: string, ...arguments: string[]]>>;

/** Prints times as ratios to those of programs, and the most memory of a box after few pages and after many. */
export async function benchReading(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-bench-'));
  const sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog });
  try {
    const reading = new Reading(folder, sandbox);
    const text = reading.save('text.pdf', textPages(pages, true));
    const tables = reading.save('tables.pdf', tablePages(pages));
    const layout: Programs = {
      pdftotext: ['pdftotext', '-layout', '{}', '-'],
      mutool: ['mutool', 'draw', '-q', '-F', 'txt', '{}'],
    };
    const csv = { as: 'csv', separator: ',', quotation: '"' } as const;
    console.log(`\nReading: whole time as a ratio to the program's, ${pages} pages`);
    console.table({
      text: await reading.compare(text, { as: 'text' }, layout),
      'text of tables': await reading.compare(tables, { as: 'text' }, layout),
      'CSV of tables': await reading.compare(tables, csv, layout),
    });
    console.log('\nThe most memory of a fresh box that reads text (MB resident)');
    console.table({
      [`${fewPages} pages`]: { MB: await reading.peak(fewPages) },
      [`${manyPages} pages`]: { MB: await reading.peak(manyPages) },
    });
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Reading {
  private readonly folder: string;
  private readonly sandbox: Sandbox;
  private readonly pool: BoxPool;

  constructor(folder: string, sandbox: Sandbox) {
    this.folder = folder;
    this.sandbox = sandbox;
    this.pool = sandbox.pool(pdfiumProgram({ size: 1 }));
  }

  save(name: string, bytes: Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** Ratios to programs that are found, `{}` in whose arguments is the document. */
  async compare(path: string, output: ReadingOutput, programs: Programs): Promise<Record<string, string>> {
    const found = Object.entries(programs).filter(([, [name]]) => isFound(name, '-v'));
    const least = new Map(found.map(([name]) => [name, Infinity]));
    let ours = Infinity;
    await this.read(this.pool, path, output);
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await this.read(this.pool, path, output);
      ours = Math.min(ours, performance.now() - start);
      for (const [label, [name, ...rest]] of found) {
        const time = milliseconds(() =>
          runProgram(
            name,
            rest.map((each) => (each === '{}' ? path : each)),
          ),
        );
        least.set(label, Math.min(least.get(label)!, time));
      }
    }
    const ratios = [...least].map(([name, time]) => [`to ${name}`, (ours / time).toFixed(2)] as const);
    return { 'ms of Octavo': ours.toFixed(0), ...Object.fromEntries(ratios) };
  }

  /** Of a box that was not used before. */
  async peak(count: number): Promise<number> {
    const pool = this.sandbox.pool({ ...pdfiumProgram({ size: 1 }), name: `pdfium-${count}` });
    await this.read(pool, this.save(`${count}.pdf`, textPages(count, true)), { as: 'text' });
    return Math.max(
      ...pool
        .pids()
        .flatMap((pid) => [pid, ...descendants(pid).map((each) => each.pid)])
        .map(peakOf),
    );
  }

  private async read(pool: BoxPool, path: string, output: ReadingOutput): Promise<void> {
    const engine = createPdfiumEngine({ plain: pool, pictures: pool }, { directory: this.folder });
    const directory = join(this.folder, 'job');
    mkdirSync(directory);
    const document = { path, name: 'document.pdf', sizeBytes: statSync(path).size };
    const context = { password: '', directory, wallMsMax: 600_000, signal: new AbortController().signal };
    const made = await engine.abilities['pdf.read']?.({ document, pages: '', settings, output }, context);
    if (made === undefined || made.file.sizeBytes === 0) throw new Error('Nothing was read.');
    rmSync(directory, { recursive: true });
  }
}

/** Megabytes. */
function peakOf(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Math.round(Number(kilobytes) / 1024);
}

/** Pages with a ruled table of 38 rows. */
function tablePages(count: number): Uint8Array {
  const drawing = new Drawing();
  for (let page = 0; page < count; page++) {
    const rows = Array.from({ length: 38 }, (_, row) => {
      const number = page * 38 + row;
      return [
        String(number),
        `Crate ${number * 7}`,
        ['Herring', 'Cod', 'Plaice'][number % 3]!,
        `${(number * 17) % 90} kg`,
      ];
    });
    const widths = [60, 130, 120, 80];
    drawTable(drawing.page(), {
      x: 60,
      y: 70,
      widths,
      rows: [['No.', 'Crate', 'Fish', 'Weight'], ...rows],
      rules: 'all',
    });
  }
  return drawing.bytes();
}
