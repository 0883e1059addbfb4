/**
 * Pictures as a document: Octavo's engine, in its box, beside `img2pdf`, in turn, the least time of each.
 * `node --conditions=octavo-source packages/server/bench/pictures-to-pdf.ts FILE...`; without files it makes 50 photographs of 12 megapixels
 * as JPEG, and 20 pictures of screens as PNG.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { bytesSource, info } from '@octavo/pdf';
import sharp from 'sharp';
import { createPicturesEngine, picturesProgram } from '../src/engines/pictures/engine.ts';
import { silentLog } from '../src/platform/log.ts';
import { openSandbox } from '../src/sandbox/open.ts';

const runs = 5;
const folder = mkdtempSync(join(tmpdir(), 'octavo-bench-'));
const sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog });
try {
  const engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory: folder });
  const given = process.argv.slice(2);
  const sets: Readonly<Record<string, readonly string[]>> =
    given.length > 0 ? { given } : { photographs: await photographs(), screens: await screens() };
  console.log('| pictures | MB | Octavo ms | img2pdf ms | ratio | Octavo MB | img2pdf MB |');
  console.log('|---|---|---|---|---|---|---|');
  for (const [what, paths] of Object.entries(sets)) {
    let [ours, theirs] = [Infinity, Infinity];
    let [ourBytes, theirBytes] = [0, 0];
    await byOctavo(paths);
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      ourBytes = await byOctavo(paths);
      const between = performance.now();
      theirBytes = byImg2pdf(paths);
      ours = Math.min(ours, between - start);
      theirs = Math.min(theirs, performance.now() - between);
    }
    const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
    const times = [ours, theirs].map((time) => time.toFixed(0));
    const cells = [`${paths.length} ${what}`, megabytes(bytes), ...times, (ours / theirs).toFixed(2)];
    console.log(`| ${[...cells, megabytes(ourBytes), megabytes(theirBytes)].join(' | ')} |`);
  }

  async function byOctavo(paths: readonly string[]): Promise<number> {
    const directory = mkdtempSync(join(folder, 'job-'));
    const made = await engine.abilities['pictures.to-pdf']?.(
      {
        pictures: paths.map((path) => ({ path, name: basename(path), sizeBytes: statSync(path).size })),
      },
      { password: '', directory, wallMsMax: 300_000, signal: new AbortController().signal },
    );
    if (made === undefined) throw new Error('There is no such ability.');
    check(made.file.path, paths.length);
    rmSync(directory, { recursive: true });
    return made.file.sizeBytes;
  }
} finally {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}

function byImg2pdf(paths: readonly string[]): number {
  const result = join(folder, 'img2pdf.pdf');
  execFileSync('img2pdf', ['-o', result, ...paths]);
  const { size } = statSync(result);
  rmSync(result);
  return size;
}

function check(path: string, pageCount: number): void {
  if (info(bytesSource(readFileSync(path))).pageCount !== pageCount)
    throw new Error('The document has other pages.');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** Noise on waves, as a camera sees it. */
async function photographs(): Promise<string[]> {
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
  return save('photograph.jpg', 50, jpeg);
}

async function screens(): Promise<string[]> {
  const [width, height] = [1920, 1080];
  const lines = Array.from(
    { length: 30 },
    (_, row) =>
      `<text x="40" y="${40 + row * 34}" font-size="26">The quick brown fox jumps over ${row} dogs.</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#eef"/>${lines.join('')}</svg>`;
  return save('screen.png', 20, await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer());
}

function save(name: string, count: number, bytes: Buffer): string[] {
  mkdirSync(join(folder, 'own'), { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const path = join(folder, 'own', `${index}-${name}`);
    writeFileSync(path, bytes);
    return path;
  });
}
