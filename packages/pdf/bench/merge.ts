import { spawnSync } from 'node:child_process';
import { copyFileSync, openSync, closeSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fileSink, fileSource, merge } from '../src/index.ts';
import { bookPages, formPages, textPages, writePictures } from './files.ts';
import { isFound, leastTimes, milliseconds, path, runProgram } from './timing.ts';

// Compares a merge in this process with qpdf, mutool and a plain copy of the bytes, each run in turn so that all see the
// same machine; the least of all runs counts. `--large` measures the memory of merging 2 x 1 GB instead.

interface Case {
  readonly title: string;
  readonly files: readonly string[];
  readonly runs: number;
}

function mergeFiles(files: readonly string[], out: string): void {
  const sources = files.map((file) => fileSource(file));
  merge(
    sources.map((source) => ({ source })),
    fileSink(out),
  );
  for (const source of sources) source.close();
}

function copyBytes(files: readonly string[], out: string): void {
  copyFileSync(files[0]!, out);
  const fd = openSync(out, 'a');
  for (const file of files.slice(1)) writeSync(fd, readFileSync(file));
  closeSync(fd);
}

function compare(cases: readonly Case[]): void {
  const programs = new Map<string, (files: readonly string[], out: string) => void>([
    ['ours', mergeFiles],
    ['copy', copyBytes],
  ]);
  if (isFound('qpdf', '--version'))
    programs.set('qpdf', (files, out) => runProgram('qpdf', ['--empty', '--pages', ...files, '--', out]));
  if (isFound('mutool', '-v'))
    programs.set('mutool', (files, out) => runProgram('mutool', ['merge', '-o', out, ...files]));
  const names = [...programs.keys()];
  console.log(
    [
      'case'.padEnd(34),
      ...names.map((name) => `${name} ms`.padStart(11)),
      'ours:qpdf',
      'ours:mutool',
      'bytes:in',
    ].join(' '),
  );
  for (const { title, files, runs } of cases) {
    for (let i = 0; i < Math.min(runs * 2, 200); i++) mergeFiles(files, path('warm.pdf'));
    const resultOf = (name: string): string => path(`${name}.pdf`);
    const steps = [...programs].map(
      ([name, program]) => [name, () => program(files, resultOf(name))] as const,
    );
    const best = leastTimes(new Map(steps), runs, resultOf);
    const ratio = (name: string): string =>
      best.has(name) ? (best.get('ours')! / best.get(name)!).toFixed(3).padStart(10) : '         -';
    const size = statSync(path('ours.pdf')).size / files.reduce((sum, file) => sum + statSync(file).size, 0);
    const times = names.map((name) => best.get(name)!.toFixed(2).padStart(11));
    console.log(
      [title.padEnd(34), ...times, ratio('qpdf'), ratio('mutool'), size.toFixed(3).padStart(9)].join(' '),
    );
  }
}

/** Two files; as in life, they have the pages of the same program and not the same pages. */
function pair(name: string, make: (file: string, seed: number) => void): [string, string] {
  const files: [string, string] = [path(`${name}-a.pdf`), path(`${name}-b.pdf`)];
  for (const [seed, file] of files.entries()) make(file, seed);
  return files;
}

/** The most memory that a process of its own holds while it merges. */
function measureMemory(files: readonly string[]): void {
  const child = spawnSync(
    process.execPath,
    ['--conditions=octavo-source', fileURLToPath(import.meta.url), '--merge', ...files, path('large.pdf')],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  console.log(`2 x 1 GB of pictures: ${child.stdout.trim()}`);
}

if (process.argv[2] === '--merge') {
  const files = process.argv.slice(3);
  const time = milliseconds(() => mergeFiles(files.slice(0, -1), files.at(-1)!));
  console.log(
    `${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most, ${(time / 1000).toFixed(1)} s`,
  );
} else {
  if (process.argv.includes('--large'))
    measureMemory(pair('large', (file, seed) => writePictures(file, 1024, seed)));
  else
    compare([
      {
        title: '2 x 3 pages',
        files: pair('few', (file, seed) => writeFileSync(file, textPages(3, false, seed))),
        runs: 50,
      },
      {
        title: '2 x 1,000 pages, object streams',
        files: pair('new', (file, seed) => writeFileSync(file, textPages(1000, true, seed))),
        runs: 15,
      },
      {
        title: '2 x 1,000 pages, classic xref',
        files: pair('old', (file, seed) => writeFileSync(file, textPages(1000, false, seed))),
        runs: 15,
      },
      {
        title: '2 x 1,000 pages, names that clash',
        files: pair('book', (file, seed) => writeFileSync(file, bookPages(1000, seed))),
        runs: 15,
      },
      {
        title: '2 x 300 pages, forms and tags',
        files: pair('form', (file) => writeFileSync(file, formPages(300))),
        runs: 15,
      },
      {
        title: '100 x 10 pages',
        files: Array.from({ length: 100 }, (_, index) => {
          const file = path(`many-${index}.pdf`);
          writeFileSync(file, textPages(10, index % 2 === 0));
          return file;
        }),
        runs: 10,
      },
      {
        title: '2 x 100 MB of pictures',
        files: pair('pictures', (file, seed) => writePictures(file, 100, seed)),
        runs: 5,
      },
      {
        title: 'the same 1,000 pages twice',
        files: pair('same', (file) => writeFileSync(file, textPages(1000, true))),
        runs: 15,
      },
      {
        title: 'the same 100 MB twice',
        files: pair('again', (file) => writePictures(file, 100)),
        runs: 5,
      },
    ]);
}
