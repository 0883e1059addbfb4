/** Pictures as a document: Octavo's engine, in its box, beside programs, in turn, the least time of each. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { bytesSource, info } from '@octavo/pdf';
import sharp from 'sharp';
import { createPicturesEngine, picturesProgram } from '../src/engines/pictures/engine.ts';
import { silentLog } from '../src/platform/log.ts';
import { openSandbox } from '../src/sandbox/open.ts';

/** Pictures of a set. */
const count = 50;
const runs = 5;
/** Of a set, all runs of all: programs that pack pictures anew take long. */
const setMsMax = 90_000;

/** Makes one PDF of pictures. */
interface Maker {
  readonly name: string;
  /** Gives its path. */
  make(pictures: readonly string[]): Promise<string> | string;
}

interface Measured {
  readonly ms: number;
  readonly bytes: number;
}

interface Failed {
  readonly failed: string;
}

/** Prints a row for 50 photographs of 12 megapixels as JPEG and one for 50 pictures of screens as PNG, or for the files that are named. */
export async function benchPictures(given: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-bench-'));
  const sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog });
  try {
    const engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory: folder });
    const sets: Readonly<Record<string, readonly string[]>> =
      given.length > 0
        ? { given }
        : { photographs: await photographs(folder), screens: await screens(folder) };
    const first = Object.values(sets)[0]!.slice(0, 1);
    const others = programs(folder).filter((program) => isUsable(program, first));
    const makers: readonly Maker[] = [{ name: 'Octavo', make: byOctavo }, ...others];
    console.log('\n| pictures to PDF | by | ms | Octavo to it | MB |\n|---|---|---:|---:|---:|');
    for (const [what, paths] of Object.entries(sets)) {
      const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
      const set = `${paths.length} ${what}, ${megabytes(bytes)} MB`;
      const measured = await measure(makers, paths);
      const ours = measured.get(makers[0]!) as Measured;
      for (const [{ name }, one] of measured) {
        const cells =
          'failed' in one
            ? [one.failed, '', '']
            : [one.ms.toFixed(0), (ours.ms / one.ms).toFixed(2), megabytes(one.bytes)];
        console.log(`| ${[set, name, ...cells].join(' | ')} |`);
      }
    }

    async function byOctavo(paths: readonly string[]): Promise<string> {
      const directory = join(folder, 'job');
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
      const made = await engine.abilities['pictures.to-pdf']?.(
        {
          pictures: paths.map((path) => ({ path, name: basename(path), sizeBytes: statSync(path).size })),
        },
        { password: '', directory, wallMsMax: 300_000, signal: new AbortController().signal },
      );
      if (made === undefined) throw new Error('There is no such ability.');
      return made.file.path;
    }
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The programs that may be there. */
function programs(folder: string): readonly Maker[] {
  const result = join(folder, 'peer.pdf');
  const by = (name: string, args: (pictures: readonly string[]) => readonly string[]): Maker => ({
    name: `\`${name}\``,
    make(pictures) {
      rmSync(result, { force: true });
      const { error, status, stderr } = spawnSync(name, args(pictures), { encoding: 'utf8' });
      if (error !== undefined) throw error;
      if (status !== 0) throw new Error(/^[^`\n]*/.exec(stderr)?.[0].trim());
      return result;
    },
  });
  return [
    by('img2pdf', (pictures) => ['-o', result, ...pictures]),
    by('convert', (pictures) => [...pictures, result]),
  ];
}

/** Whether a program is there and makes a PDF; else says why not. */
function isUsable(program: Maker, picture: readonly string[]): boolean {
  try {
    check(program.make(picture) as string, 1);
    return true;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not found' : (error as Error).message;
    console.log(`\nNot measured: ${program.name} (${why})`);
    return false;
  }
}

/** The least time of each in turn, until there are enough runs or the time is over; or why it made nothing, as programs have limits. */
async function measure(
  makers: readonly Maker[],
  paths: readonly string[],
): Promise<ReadonlyMap<Maker, Measured | Failed>> {
  await makers[0]!.make(paths);
  const results = new Map<Maker, Measured | Failed>();
  const began = performance.now();
  for (let run = 0; run < runs && (run === 0 || performance.now() - began < setMsMax); run++)
    for (const maker of makers) {
      const before = results.get(maker) ?? { ms: Infinity };
      if ('ms' in before) results.set(maker, await timed(maker, paths, before.ms));
    }
  return results;
}

async function timed({ make }: Maker, paths: readonly string[], least: number): Promise<Measured | Failed> {
  try {
    const start = performance.now();
    const made = await make(paths);
    const ms = Math.min(least, performance.now() - start);
    check(made, paths.length);
    return { ms, bytes: statSync(made).size };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}

function check(path: string, pageCount: number): void {
  if (info(bytesSource(readFileSync(path))).pageCount !== pageCount)
    throw new Error('The document has other pages.');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Noise on waves, as a camera sees it. */
async function photographs(folder: string): Promise<string[]> {
  const [width, height] = [4000, 3000];
  const data = Buffer.alloc(width * height * 3);
  let seed = 1;
  for (let pixel = 0; pixel < width * height; pixel++) {
    seed = (seed * 48_271) % 0x7fffffff;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    for (let channel = 0; channel < 3; channel++)
      data[pixel * 3 + channel] =
        128 + Math.sin((x + channel * 90) / 61) * 60 + Math.cos(y / 47) * 50 + (seed % 9);
  }
  const raw = { width, height, channels: 3 as const };
  const jpeg = await sharp(data, { raw }).withMetadata({ density: 300 }).jpeg({ quality: 88 }).toBuffer();
  return save(folder, 'photograph.jpg', jpeg);
}

async function screens(folder: string): Promise<string[]> {
  const [width, height] = [1920, 1080];
  const lines = Array.from(
    { length: 30 },
    (_, row) =>
      `<text x="40" y="${40 + row * 34}" font-size="26">The quick brown fox jumps over ${row} dogs.</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#eef"/>${lines.join('')}</svg>`;
  return save(folder, 'screen.png', await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer());
}

function save(folder: string, name: string, bytes: Buffer): string[] {
  mkdirSync(join(folder, 'own'), { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const path = join(folder, 'own', `${index}-${name}`);
    writeFileSync(path, bytes);
    return path;
  });
}
