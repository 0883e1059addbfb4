/**
 * First pages of documents as Octavo prints them, beside those of the plain programs, as one picture; and what differs, as a table.
 * `node --conditions=octavo-source packages/server/score/contact-sheet.ts FOLDER [RESULT.webp]`: of a folder, the documents of office programs, CSV,
 * HTML, pictures and mail; the picture is docs/contact-sheet.webp where none is named. Programs get a profile of their own for each document.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp, { type OverlayOptions } from 'sharp';
import { findBrowser } from '../src/engines/chromium/places.ts';
import { Client } from '../test/program/client.ts';
import { startOctavo } from '../test/program/server.ts';

/** Makes the PDF of a document in an empty folder; gives its name. */
type Program = (document: string, folder: string) => string;

interface Way {
  readonly path: string;
  readonly program: { readonly name: string; readonly run: Program } | undefined;
}

/** One PDF of a document. */
interface Printed {
  readonly pageCount: number;
  /** Of the first page, in points. */
  readonly size: string;
  readonly words: readonly string[];
  readonly picture: Buffer;
}

interface Row {
  readonly name: string;
  readonly ours: Printed | string;
  readonly theirs: Printed | string;
}

const programMsMax = 120_000;
/** Pixels: of the cell of a page, and around it. */
const cell = { width: 400, height: 520 };
const gap = 16;
const labelWidth = 230;
const headHeight = 48;
const rowHeightMin = 72;
const pixelsPerInch = 72;

const office = { name: 'soffice', run: bySoffice };
const ways: Readonly<Record<string, Way>> = {
  ...of('doc docx odt rtf txt ppt pptx odp xls xlsx ods', '/pdf/convert/from/doc', office),
  ...of('csv', '/pdf/convert/from/csv', office),
  ...of('html htm', '/pdf/convert/from/html', { name: 'chromium', run: byChromium }),
  ...of('png jpg jpeg tif tiff gif webp bmp', '/pdf/convert/from/image', undefined),
  ...of('eml msg', '/pdf/convert/from/email', undefined),
};

const [folder, result = fileURLToPath(new URL('../../../docs/contact-sheet.webp', import.meta.url))] =
  process.argv.slice(2);
if (folder === undefined) throw new Error('usage: contact-sheet.ts FOLDER [RESULT.webp]');
const root = mkdtempSync(join(tmpdir(), 'octavo-sheet-'));
const env = { OCTAVO_LOG_LEVEL: 'error', OCTAVO_SYNC_WAIT_SECONDS: '300' };
const server = await startOctavo(join(root, 'data'), env);
const client = new Client(server.base);
try {
  const rows: Row[] = [];
  for (const name of readdirSync(folder).toSorted()) {
    const way = ways[extname(name).slice(1).toLowerCase()];
    if (way !== undefined) rows.push(await rowOf(resolve(folder, name), way));
  }
  console.log('| document | pages | first page, points | words of ours alone | of theirs alone | pixels |');
  console.log('|---|---|---|---|---|---|');
  for (const row of rows) console.log(`| ${(await differences(row)).join(' | ')} |`);
  writeFileSync(result, await sheetOf(rows));
} finally {
  client.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
}

async function rowOf(document: string, { path, program }: Way): Promise<Row> {
  const name = basename(document);
  const bytes = readFileSync(document);
  const ours = attempt(async () => {
    const link = await client.upload(encodeURIComponent(name), bytes);
    const { url } = await client.json(`${path}?url=${link}`);
    return printedOf(String(url));
  });
  const theirs =
    program === undefined
      ? 'no program beside it'
      : attempt(async () => {
          const own = mkdtempSync(join(root, 'program-'));
          const made = join(own, program.run(document, own));
          if (!existsSync(made)) throw new Error(`${program.name} made no PDF`);
          return printedOf(await client.upload('theirs.pdf', readFileSync(made)));
        });
  return { name, ours: await ours, theirs: await theirs };
}

async function attempt(step: () => Promise<Printed>): Promise<Printed | string> {
  try {
    return await step();
  } catch (error) {
    if (server.process.exitCode !== null || server.process.signalCode !== null)
      throw new Error(`the server ended:\n${server.printed()}`, { cause: error });
    return (error as Error).message;
  }
}

/** A PDF as Octavo reads and draws it, whoever made it. */
async function printedOf(link: string): Promise<Printed> {
  const { info } = (await client.json(`/pdf/info?url=${link}`)) as {
    info: { PageCount: number; PageRectangle: { Width: number; Height: number } };
  };
  const { body } = await client.json(`/pdf/convert/to/text?inline=true&url=${link}`);
  const profiles = encodeURIComponent(`{ 'RenderingResolution': ${pixelsPerInch * 2} }`);
  const { urls } = await client.json(`/pdf/convert/to/png?pages=0&url=${link}&profiles=${profiles}`);
  const drawn = await client.send('GET', (urls as string[])[0]!);
  const { Width: width, Height: height } = info.PageRectangle;
  return {
    pageCount: info.PageCount,
    size: `${Math.round(width)} x ${Math.round(height)}`,
    words: String(body).split(/\s+/).filter(Boolean),
    picture: drawn.body,
  };
}

/** Cells of the table: one value where both agree. */
async function differences({ name, ours, theirs }: Row): Promise<readonly string[]> {
  if (typeof ours === 'string') return [name, ours];
  const { pageCount, size } = ours;
  if (typeof theirs === 'string') return [name, String(pageCount), size, theirs];
  const both = (one: string, other: string) => (one === other ? one : `**${one}**, theirs ${other}`);
  return [
    name,
    both(String(pageCount), String(theirs.pageCount)),
    both(size, theirs.size),
    without(ours.words, theirs.words),
    without(theirs.words, ours.words),
    await distance(ours.picture, theirs.picture),
  ];
}

/** The words that another list has not, or not as often: how many, and the first. */
function without(words: readonly string[], others: readonly string[]): string {
  const left = new Map<string, number>();
  for (const word of others) left.set(word, (left.get(word) ?? 0) + 1);
  const alone = words.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count <= 0;
  });
  return alone.length === 0 ? '' : `${alone.length}: ${alone.slice(0, 8).join(' ')}`;
}

/** Mean difference of the first pages, of 255. */
async function distance(one: Buffer, other: Buffer): Promise<string> {
  const { width = 1, height = 1 } = await sharp(one).metadata();
  const pixels = (picture: Buffer) =>
    sharp(picture)
      .resize(width, height, { fit: 'fill' })
      .flatten({ background: '#fff' })
      .greyscale()
      .raw()
      .toBuffer();
  const [ours, theirs] = await Promise.all([pixels(one), pixels(other)]);
  const sum = ours.reduce((all, value, at) => all + Math.abs(value - theirs[at]!), 0);
  return (sum / ours.length).toFixed(2);
}

/** Rows of a name and two pages, as WebP. */
async function sheetOf(rows: readonly Row[]): Promise<Buffer> {
  const columns = [labelWidth + gap, labelWidth + cell.width + 2 * gap] as const;
  const texts = ['Octavo', 'the program alone'].map((head, side) =>
    label(columns[side]!, 30, 20, head, 'bold'),
  );
  const pictures: OverlayOptions[] = [];
  let top = headHeight;
  for (const { name, ours, theirs } of rows) {
    let height = rowHeightMin;
    texts.push(label(gap, top + 20, 18, name, 'bold'));
    for (const [side, printed] of [ours, theirs].entries()) {
      const left = columns[side]!;
      if (typeof printed === 'string') {
        texts.push(label(left, top + 20, 14, printed.slice(0, 55)));
        continue;
      }
      const who = side === 0 ? 'Octavo' : 'alone';
      const pages = `${printed.pageCount} page${printed.pageCount === 1 ? '' : 's'}`;
      texts.push(label(gap, top + 44 + side * 20, 14, `${who}: ${pages}, ${printed.size}`));
      const page = await sharp(printed.picture)
        .flatten({ background: '#fff' })
        .resize({ ...cell, fit: 'inside', withoutEnlargement: true })
        .png()
        .toBuffer({ resolveWithObject: true });
      pictures.push({ input: page.data, left, top });
      height = Math.max(height, page.info.height);
    }
    top += height + gap;
  }
  const size = { width: labelWidth + 2 * (cell.width + gap) + gap, height: top };
  const labels = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${texts.join('')}</svg>`;
  return sharp({ create: { ...size, channels: 3, background: '#c8ccd2' } })
    .composite([...pictures, { input: Buffer.from(labels), left: 0, top: 0 }])
    .webp({ quality: 70 })
    .toBuffer();
}

function label(x: number, y: number, size: number, words: string, weight = 'normal'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" font-family="sans-serif">${escaped}</text>`;
}

function of(extensions: string, path: string, program: Way['program']): Record<string, Way> {
  return Object.fromEntries(extensions.split(' ').map((extension) => [extension, { path, program }]));
}

function bySoffice(document: string, own: string): string {
  const args = ['--headless', '--convert-to', 'pdf', '--outdir', own, document];
  run('soffice', [`-env:UserInstallation=${pathToFileURL(join(own, 'profile')).href}`, ...args]);
  return `${basename(document, extname(document))}.pdf`;
}

/** Without its own sandbox, which root cannot have outside of a box. */
function byChromium(document: string, own: string): string {
  const browser = findBrowser() ?? 'chromium';
  mkdirSync(join(own, 'profile'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(own, 'profile')}`,
  ];
  run(browser, [...flags, `--print-to-pdf=${join(own, 'page.pdf')}`, pathToFileURL(document).href]);
  return 'page.pdf';
}

function run(name: string, args: readonly string[]): void {
  spawnSync(name, args, { stdio: 'ignore', timeout: programMsMax });
}
