/**
 * How small documents become, and what that does to their pages: Octavo at 150 pixels per inch beside `gs -dPDFSETTINGS=/ebook`, which
 * does about the same. `node --conditions=octavo-source packages/server/bench/optimise.ts FILE...`; without files it makes some of its own.
 * Pages are drawn by PDFium at 100 pixels per inch, 10 of each document at most; 0 is no difference, 255 the largest there is.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { buildPdf } from '../../pdf/test/builder.ts';
import { distance, drawPages, type PagePixels } from '../../pdf/test/readers/pdfium-pixels.ts';
import { createPicturesEngine, picturesProgram } from '../src/engines/pictures/engine.ts';
import { Failure } from '../src/errors.ts';
import { configField } from '../src/operations/compress-config.ts';
import { readField } from '../src/operations/fields.ts';
import { silentLog } from '../src/platform/log.ts';
import { openSandbox } from '../src/sandbox/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'octavo-bench-'));
const pixelsPerInch = 100;
const pagesMax = 10;
const ghostscript = ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfwrite', '-dPDFSETTINGS=/ebook'];

const sandbox = await openSandbox({ directory: join(folder, 'boxes'), log: silentLog });
try {
  const engine = createPicturesEngine(sandbox.pool(picturesProgram({ size: 1 })), { directory: folder });
  const given = process.argv.slice(2).filter((path) => existsSync(path));
  console.log('| document | KB | Octavo KB | gs KB | Octavo: mean, largest | gs: mean, largest |');
  console.log('|---|---|---|---|---|---|');
  for (const path of given.length > 0 ? given : await ownDocuments()) {
    const ours = await byOctavo(path);
    const theirs = byGhostscript(path);
    if (ours === undefined) continue;
    const was = drawn(path);
    const cells = [
      basename(path),
      kilobytes(path),
      kilobytes(ours),
      theirs ? kilobytes(theirs) : '',
      far(was, ours),
      theirs ? far(was, theirs) : '',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }

  async function byOctavo(path: string): Promise<string | undefined> {
    const directory = mkdtempSync(join(folder, 'job-'));
    const copy = join(directory, 'source.pdf');
    copyFileSync(path, copy);
    try {
      const made = await engine.abilities['pdf.optimise']?.(
        {
          document: { path: copy, name: basename(path), sizeBytes: statSync(path).size },
          pictures: readField('config', configField, new Map()).pictures,
        },
        { password: '', directory, wallMsMax: 300_000, signal: new AbortController().signal },
      );
      return made?.file.path;
    } catch (error) {
      // Protected ones need a password.
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }
} finally {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
}

function byGhostscript(path: string): string | undefined {
  const result = join(folder, `gs-${basename(path)}`);
  try {
    execFileSync('gs', [...ghostscript, `-sOutputFile=${result}`, path], { stdio: 'ignore' });
    return result;
  } catch {
    return undefined;
  }
}

function drawn(path: string): PagePixels[] {
  return drawPages(readFileSync(path), pixelsPerInch, pagesMax);
}

function far(was: readonly PagePixels[], path: string): string {
  const is = drawn(path);
  const all = was.map((page, index) => {
    const other = is[index];
    return other === undefined ? { mean: 255, largest: 255 } : distance(page, other);
  });
  const mean = all.reduce((sum, one) => sum + one.mean, 0) / all.length;
  return `${mean.toFixed(3)}, ${Math.max(...all.map((one) => one.largest))}`;
}

function kilobytes(path: string): string {
  return (statSync(path).size / 1000).toFixed(0);
}

/** A scan of 300 pixels per inch in grey and in two colours, and photographs, packed well and not at all. */
async function ownDocuments(): Promise<string[]> {
  const [width, height] = [2480, 3508];
  const photograph = Buffer.alloc(width * height * 3);
  let seed = 1;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    seed = (seed * 48_271) % 0x7fffffff;
    for (let channel = 0; channel < 3; channel++)
      photograph[pixel * 3 + channel] =
        128 + Math.sin((x + channel * 90) / 61) * 60 + Math.cos((y - x / 3) / 47) * 50 + (seed % 9) - 4;
  }
  const raw = { width, height, channels: 3 as const };
  const lines = Array.from(
    { length: 60 },
    (_, row) =>
      `<text x="200" y="${200 + row * 52}" font-size="40">${'The quick brown fox jumps over the lazy dog. '.repeat(2)}</text>`,
  );
  const page = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>${lines.join('')}</svg>`,
  );
  const text = await sharp(page).toColourspace('b-w').removeAlpha().raw().toBuffer();
  const noisy = Buffer.from(
    text.map((value, at) => Math.max(0, Math.min(255, value - (((at * 7919) >> 3) % 6)))),
  );
  const bits = Buffer.alloc((width / 8) * height);
  for (let at = 0; at < text.length; at++)
    if ((text[at] as number) > 127) bits[at >> 3] = (bits[at >> 3] as number) | (128 >> (at & 7));
  const gray = { width, height, channels: 1 as const };
  const jpeg = { filter: '/Filter /DCTDecode', space: '/DeviceRGB', bitsPerComponent: 8 };
  return [
    save('photograph-flate.pdf', { ...jpeg, filter: '/Filter /FlateDecode', data: deflateSync(photograph) }),
    save('photograph-jpeg.pdf', {
      ...jpeg,
      data: await sharp(photograph, { raw }).jpeg({ quality: 92 }).toBuffer(),
    }),
    save('scan-gray.pdf', {
      ...jpeg,
      space: '/DeviceGray',
      data: await sharp(noisy, { raw: gray }).toColourspace('b-w').jpeg({ quality: 90 }).toBuffer(),
    }),
    save('scan-1-bit.pdf', {
      space: '/DeviceGray',
      bitsPerComponent: 1,
      filter: '/Filter /FlateDecode',
      data: deflateSync(bits),
    }),
  ];

  function save(
    name: string,
    picture: {
      readonly filter: string;
      readonly space: string;
      readonly bitsPerComponent: number;
      readonly data: Buffer;
    },
  ): string {
    const path = join(folder, 'own', name);
    mkdirSync(join(folder, 'own'), { recursive: true });
    const dictionary = `/Subtype /Image /Width ${width} /Height ${height} /ColorSpace ${picture.space} /BitsPerComponent ${picture.bitsPerComponent} ${picture.filter}`;
    const document = buildPdf({
      1: '<< /Type /Catalog /Pages 2 0 R >>',
      2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>',
      4: { dictionary: '', data: '595 0 0 842 0 0 cm /P Do' },
      5: { dictionary, data: picture.data },
    });
    writeFileSync(path, document);
    return path;
  }
}
