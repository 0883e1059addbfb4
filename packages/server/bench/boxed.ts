import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFound, milliseconds, runProgram } from '../../pdf/bench/timing.ts';
import { Drawing } from '../score/pdf/drawing.ts';
import { drawTable } from '../score/pdf/table.ts';
import type { Abilities, FileHandle } from '../src/engines/capabilities.ts';
import {
  createPdfiumEngine,
  pdfiumPicturesProgram,
  pdfiumProgram,
  type PdfiumPools,
} from '../src/engines/pdfium/engine.ts';
import { silentLog } from '../src/platform/log.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';

const runs = 3;

/** Programs by the name that they are shown under; `{}` in their arguments is the document, `{out}` an empty directory. */
export type Programs = Readonly<Record<string, readonly [name: string, ...parts: string[]]>>;

type Ability = 'pdf.read' | 'pdf.render';

/** The engine of PDFium in boxes, as the server has it, and a directory for what is measured. */
export class Boxed {
  readonly #folder: string;
  readonly #sandbox: Sandbox;

  private constructor(folder: string, sandbox: Sandbox) {
    this.#folder = folder;
    this.#sandbox = sandbox;
  }

  /** Ends all of it after the step. */
  static async during(step: (boxed: Boxed) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'octavo-bench-'));
    const sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog });
    try {
      await step(new Boxed(folder, sandbox));
    } finally {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  save(name: string, bytes: Uint8Array): FileHandle {
    const path = join(this.#folder, name);
    writeFileSync(path, bytes);
    return { path, name, sizeBytes: statSync(path).size };
  }

  /** Boxes that nobody has used. */
  pools(name: string): PdfiumPools {
    const size = availableParallelism();
    return {
      plain: this.#sandbox.pool({ ...pdfiumProgram({ size }), name: `${name}-text` }),
      pictures: this.#sandbox.pool({ ...pdfiumPicturesProgram({ size }), name: `${name}-pictures` }),
    };
  }

  async ask<Name extends Ability>(
    pools: PdfiumPools,
    name: Name,
    takes: Abilities[Name]['takes'],
  ): Promise<void> {
    const options = { directory: this.#folder, boxes: availableParallelism() };
    const ability = createPdfiumEngine(pools, options).abilities[name];
    if (ability === undefined) throw new Error(`nothing can do ${name}`);
    await this.#inDirectory((directory) =>
      ability(takes, { password: '', directory, wallMsMax: 600_000, signal: new AbortController().signal }),
    );
  }

  /** The least time of ours, and its ratio to that of each program that is found; all run in turn, so that they see the same machine. */
  async compare(
    ours: () => Promise<void>,
    document: FileHandle,
    programs: Programs,
  ): Promise<Record<string, string>> {
    const found = Object.entries(programs).filter(([, [name]]) => isFound(name, '-v'));
    const least = new Map(found.map(([label]) => [label, Infinity]));
    let ownLeast = Infinity;
    await ours();
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      await ours();
      ownLeast = Math.min(ownLeast, performance.now() - start);
      for (const [label, [name, ...parts]] of found) {
        const time = await this.#inDirectory((directory) => {
          const full = parts.map((part) => part.replace('{}', document.path).replace('{out}', directory));
          return milliseconds(() => runProgram(name, full));
        });
        least.set(label, Math.min(least.get(label)!, time));
      }
    }
    const ratios = [...least].map(([label, time]) => [`to ${label}`, (ownLeast / time).toFixed(2)] as const);
    return { 'ms of Octavo': ownLeast.toFixed(0), ...Object.fromEntries(ratios) };
  }

  async #inDirectory<Result>(step: (directory: string) => Result | Promise<Result>): Promise<Result> {
    const directory = join(this.#folder, 'job');
    mkdirSync(directory);
    try {
      return await step(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

/** Pages with a ruled table of 38 rows. */
export function tablePages(count: number): Uint8Array {
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
    const head = ['No.', 'Crate', 'Fish', 'Weight'];
    drawTable(drawing.page(), {
      x: 60,
      y: 70,
      widths: [60, 130, 120, 80],
      rows: [head, ...rows],
      rules: 'all',
    });
  }
  return drawing.bytes();
}
