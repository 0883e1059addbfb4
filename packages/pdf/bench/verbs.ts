import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import {
  allPages,
  attachments,
  decrypt,
  deletePages,
  encrypt,
  fileSink,
  fileSource,
  info,
  memorySink,
  optimise,
  pages,
  rotatePages,
  split,
  splitRanges,
  type Source,
} from '../src/index.ts';
import { attachedFiles, bookPages, formPages, textPages, writePictures } from './files.ts';
import { isFound, leastTimes, path, runProgram } from './timing.ts';

// Compares the verbs besides merge, in this process, with qpdf and mutool as programs. The directory of the results of a
// split is emptied before each run of either.

const IN = path('in.pdf');
const OURS = path('ours.pdf');
const THEIRS = path('theirs.pdf');

interface Case {
  readonly title: string;
  readonly runs: number;
  readonly make: (file: string) => void;
  readonly ours: (source: Source) => unknown;
  /** Arguments of qpdf. */
  readonly qpdf: readonly string[];
  /** Of mutool, where it does the same, or what comes nearest. */
  readonly mutool?: readonly string[];
  /** Whether the sizes of the results say something. */
  readonly isSized?: boolean;
}

const write =
  (bytes: () => Buffer) =>
  (file: string): void =>
    writeFileSync(file, bytes());
const kinds = {
  text: write(() => textPages(1000, true)),
  classic: write(() => textPages(1000, false)),
  book: write(() => bookPages(1000)),
  forms: write(() => formPages(300)),
  pictures: (file: string): void => writePictures(file, 100),
  attached: write(() => attachedFiles(50, 1024 * 1024)),
  locked(file: string): void {
    kinds.text(path('open.pdf'));
    const source = fileSource(path('open.pdf'));
    encrypt(source, fileSink(file), { userPassword: 'bench' });
    source.close();
  },
};

function emptied(name: string): string {
  rmSync(path(name), { recursive: true, force: true });
  mkdirSync(path(name));
  return path(name);
}

function splitAll(source: Source): void {
  const directory = emptied('parts');
  split(
    source,
    (count) => splitRanges('*', count),
    (index) => fileSink(`${directory}/${index}.pdf`),
  );
}

function edit(source: Source): void {
  const list = ([count = 0]: readonly number[]) =>
    rotatePages(deletePages(allPages(count), [0, 1, 2]), [5, 6], 90);
  pages([{ source }], list, fileSink(OURS));
}

const optimiseSettings = ['--object-streams=generate', '--recompress-flate', '--compression-level=9'];
const cleaned = { mutool: ['clean', '-gggg', '-z', IN, THEIRS] };
const optimised = (
  title: string,
  runs: number,
  make: (file: string) => void,
  beside: Pick<Case, 'mutool'> = cleaned,
): Case => ({
  title: `optimise: ${title}`,
  runs,
  make,
  ours: (source) => optimise(source, fileSink(OURS)),
  qpdf: [...optimiseSettings, IN, THEIRS],
  ...beside,
  isSized: true,
});
const splitCase = (title: string, make: (file: string) => void): Case => ({
  title: `split into pages: ${title}`,
  runs: 3,
  make,
  ours: splitAll,
  qpdf: ['--split-pages', IN, `${path('parts')}/theirs.pdf`],
});
const encrypted = (title: string, runs: number, make: (file: string) => void): Case => ({
  title: `encrypt, AES-256: ${title}`,
  runs,
  make,
  ours: (source) => encrypt(source, fileSink(OURS), { userPassword: 'a', ownerPassword: 'b' }),
  qpdf: ['--encrypt', 'a', 'b', '256', '--', IN, THEIRS],
  mutool: ['clean', '-E', 'aes-256', '-U', 'a', '-O', 'b', IN, THEIRS],
});

const cases: readonly Case[] = [
  splitCase('1,000 pages, object streams', kinds.text),
  splitCase('1,000 pages, classic', kinds.classic),
  splitCase('1,000 pages of a book', kinds.book),
  {
    title: 'pages: delete 3, turn 2 of 1,000',
    runs: 15,
    make: kinds.text,
    ours: edit,
    qpdf: [IN, '--pages', '.', '4-z', '--', '--rotate=+90:6,7', THEIRS],
    // It deletes and does not turn.
    mutool: ['clean', IN, THEIRS, '4-N'],
  },
  {
    title: 'info: 1,000 pages',
    runs: 30,
    make: kinds.book,
    ours: (source) => info(source),
    qpdf: ['--show-npages', IN],
    mutool: ['info', '-M', IN],
  },
  {
    title: 'info, all of it: form of 300 pages',
    runs: 10,
    make: kinds.forms,
    ours: (source) => info(source, { bookmarks: true, form: true, attachments: true, scripts: true }),
    qpdf: ['--json', '--json-key=acroform', '--json-key=pages', IN],
    mutool: ['show', IN, 'form'],
  },
  {
    title: 'attachments: 50 x 1 MB',
    runs: 5,
    make: kinds.attached,
    ours: (source) => attachments(source, { sink: () => memorySink() }),
    qpdf: ['--qdf', '--decode-level=generalized', IN, THEIRS],
  },
  encrypted('1,000 pages', 10, kinds.text),
  encrypted('100 MB of pictures', 3, kinds.pictures),
  {
    title: 'decrypt: 1,000 pages',
    runs: 10,
    make: kinds.locked,
    ours: (source) => decrypt(source, fileSink(OURS), { password: 'bench' }),
    qpdf: ['--password=bench', '--decrypt', IN, THEIRS],
    mutool: ['clean', '-D', '-p', 'bench', IN, THEIRS],
  },
  optimised(
    '3 pages',
    30,
    write(() => textPages(3, false)),
  ),
  optimised('1,000 pages, object streams', 5, kinds.text),
  optimised('1,000 pages, classic', 5, kinds.classic),
  optimised('1,000 pages of a book', 5, kinds.book),
  // mutool compares each stream with every other, which takes minutes here.
  optimised('100 MB of pictures', 3, kinds.pictures, {}),
];

const found = (['qpdf', 'mutool'] as const).filter((name) =>
  isFound(name, name === 'qpdf' ? '--version' : '-v'),
);
const others = found.flatMap((name) => [`${name} ms`, `ours:${name}`, `bytes:${name}`]);
console.log(
  ['case'.padEnd(44), ...['ours ms', 'bytes:in', ...others].map((head) => head.padStart(12))].join(' '),
);
for (const one of cases) {
  const { title, runs, make, ours, isSized = false } = one;
  make(IN);
  const programs = new Map<string, () => void>([['ours', () => withSource(ours)]]);
  const sizes = new Map<string, number>();
  for (const name of found) {
    const words = one[name];
    if (words === undefined) continue;
    programs.set(name, () => {
      if (words[0] === '--split-pages') emptied('parts');
      runProgram(name, words);
      if (isSized) sizes.set(name, statSync(THEIRS).size);
    });
  }
  const least = leastTimes(programs, runs, (name) => (name === 'ours' ? OURS : THEIRS));
  const best = least.get('ours')!;
  const size = isSized ? statSync(OURS).size : Number.NaN;
  const columns = [best.toFixed(1), shown(size / statSync(IN).size)];
  for (const name of found) {
    const time = least.get(name) ?? Number.NaN;
    columns.push(shown(time, 1), shown(best / time), shown(size / (sizes.get(name) ?? Number.NaN)));
  }
  console.log([title.padEnd(44), ...columns.map((text) => text.padStart(12))].join(' '));
}

function shown(value: number, digits = 3): string {
  return Number.isNaN(value) ? '' : value.toFixed(digits);
}

function withSource(step: (source: Source) => unknown): void {
  const source = fileSource(IN);
  step(source);
  source.close();
}
