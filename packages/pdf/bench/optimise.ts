import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSink, fileSource, optimise } from '../src/index.ts';
import { bookPages, textPages, writePictures } from './files.ts';

// Compares `optimise` in this process with qpdf at the same settings, each run in turn; the least of all runs counts.

const directory = mkdtempSync(join(tmpdir(), 'octavo-pdf-bench-'));
process.once('exit', () => rmSync(directory, { recursive: true }));
const path = (name: string): string => join(directory, name);

const milliseconds = (step: () => unknown): number => {
  const start = performance.now();
  step();
  return performance.now() - start;
};

function ours(file: string): void {
  const source = fileSource(file);
  optimise(source, fileSink(path('ours.pdf')));
  source.close();
}

function qpdf(file: string): void {
  const settings = ['--object-streams=generate', '--recompress-flate', '--compression-level=9'];
  const { error, status } = spawnSync('qpdf', [...settings, file, path('qpdf.pdf')], { stdio: 'ignore' });
  if (error !== undefined || status !== 0) throw error ?? new Error(`qpdf ended with ${status}`);
}

const cases: readonly (readonly [title: string, runs: number, make: (file: string) => void])[] = [
  ['3 pages', 30, (file) => writeFileSync(file, textPages(3, false))],
  ['1,000 pages, object streams', 5, (file) => writeFileSync(file, textPages(1000, true))],
  ['1,000 pages, classic xref', 5, (file) => writeFileSync(file, textPages(1000, false))],
  ['1,000 pages of a book', 5, (file) => writeFileSync(file, bookPages(1000))],
  ['100 MB of pictures', 3, (file) => writePictures(file, 100)],
];

const hasQpdf = spawnSync('qpdf', ['--version'], { stdio: 'ignore' }).error === undefined;
console.log(['case'.padEnd(30), '   ours ms', '   qpdf ms', 'ours:qpdf', 'bytes:in', 'bytes:qpdf'].join(' '));
for (const [title, runs, make] of cases) {
  const file = path('in.pdf');
  make(file);
  let best = Infinity;
  let theirs = Infinity;
  for (let run = 0; run < runs; run++) {
    best = Math.min(
      best,
      milliseconds(() => ours(file)),
    );
    if (hasQpdf)
      theirs = Math.min(
        theirs,
        milliseconds(() => qpdf(file)),
      );
  }
  const size = statSync(path('ours.pdf')).size;
  const sizeOfTheirs = hasQpdf ? statSync(path('qpdf.pdf')).size : Number.NaN;
  const columns = [
    best.toFixed(1).padStart(10),
    theirs.toFixed(1).padStart(10),
    (best / theirs).toFixed(3).padStart(9),
    (size / statSync(file).size).toFixed(3).padStart(8),
    (size / sizeOfTheirs).toFixed(3).padStart(10),
  ];
  console.log([title.padEnd(30), ...columns].join(' '));
}
