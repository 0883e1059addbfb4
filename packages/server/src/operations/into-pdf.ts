import type { Abilities, FileHandle, MadeDocument, WebPage } from '../engines/capabilities.ts';
import { clean, Failure, placeText } from '../errors.ts';
import type { Tools } from './operation.ts';
import type { printSettings } from './printing.ts';

/** A file and its kind, as `files.unpack` tells it. */
export type KnownFile = Abilities['files.unpack']['gives']['files'][number];

/** How what has no pages of its own is printed. */
export type PaperSettings = ReturnType<typeof printSettings>;

/** Documents in the order of the files that they are of, and what was left out or changed. */
export interface IntoPdf {
  readonly documents: readonly FileHandle[];
  readonly warnings: readonly string[];
  /** Of all documents together; undefined where one is a PDF that came. */
  readonly pageCount: number | undefined;
}

/** What becomes pages, for the texts of operations that take it. */
export const picturesTaken = 'JPEG, PNG, TIFF, GIF, WebP, BMP, AVIF, SVG';
export const kindsTaken = `PDF, pictures (${picturesTaken}), what office programs open (such as DOC, DOCX, RTF, ODT, TXT, PPTX, XLS, XLSX, ODS, CSV), HTML, e-mail (EML, MSG)`;
const noKind = `it is none of ${kindsTaken}, nor a ZIP archive of them`;

type Engines = Pick<Tools, 'engine' | 'can'>;

/** Files that become pages at the same time. */
const atOnceMax = 4;
/** Messages in messages, and what is attached to one. */
const [depthMax, attachmentsMax] = [3, 500];
const nameLengthMax = 80;
/** Of a page that a drawing fills. */
const margins = { top: 0, right: 0, bottom: 0, left: 0 };
const numbered = /^Document \d+: /;

/**
 * Turns files of all kinds into PDFs: one for each file, but for pictures next to each other, which become one. PDFs stay as they are, and
 * are not looked at. Of a message what is attached comes behind it, as far as it becomes pages. Throws `kindRefused` for a file that
 * becomes no pages, and `abilityMissing` where what reads it is not installed.
 */
export function intoPdf(
  files: readonly KnownFile[],
  engines: Engines,
  settings: PaperSettings,
): Promise<IntoPdf> {
  return convert(files, { engines, settings, depth: 0 });
}

/** The same of files that may be anything, such as what is attached to a message: archives are unpacked, and of what becomes no pages a warning says why. */
export function intoPdfIfPossible(
  files: readonly FileHandle[],
  engines: Engines,
  settings: PaperSettings,
): Promise<IntoPdf> {
  return convertIfPossible(files, { engines, settings, depth: 1 });
}

/** What `intoPdf` gives as one document. */
export async function intoOnePdf(
  files: readonly KnownFile[],
  engines: Engines,
  settings: PaperSettings,
): Promise<MadeDocument> {
  const { documents, pageCount, warnings } = await intoPdf(files, engines, settings);
  const [file] = documents;
  if (file !== undefined && documents.length === 1 && pageCount !== undefined)
    return { file, pageCount, warnings };
  const merged = await engines.engine('pdf.merge', { documents, outlines: 'join' });
  return { ...merged, warnings: [...warnings, ...merged.warnings] };
}

interface Converting {
  readonly engines: Engines;
  readonly settings: PaperSettings;
  /** Messages that these files are in. */
  readonly depth: number;
}

async function convert(files: readonly KnownFile[], converting: Converting): Promise<IntoPdf> {
  return joined(await inOrder(runsOf(files), (run) => convertRun(run, converting)));
}

async function convertIfPossible(files: readonly FileHandle[], converting: Converting): Promise<IntoPdf> {
  const parts = await inOrder(files.slice(0, attachmentsMax), async (file): Promise<IntoPdf> => {
    try {
      const { documents, pageCount, warnings } = await convertOne(file, converting);
      const named = warnings.map((text) => `${nameOf(file)}: ${text.replace(numbered, '')}`);
      return { documents, pageCount, warnings: named.map((text) => ofSource(file, text)) };
    } catch (error) {
      if (!isOfFile(error)) throw error;
      return nothing(ofSource(file, `${nameOf(file)} becomes no pages: ${error.message}`));
    }
  });
  const left = files.length - parts.length;
  const [first] = files;
  return first !== undefined && left > 0
    ? joined([...parts, nothing(ofSource(first, `${left} more attachments are left out.`))])
    : joined(parts);
}

/** What a file that may be anything becomes. PDFs are opened, so that a broken one is noticed here and not when all is joined. */
async function convertOne(file: FileHandle, converting: Converting): Promise<IntoPdf> {
  const { engine } = converting.engines;
  const { files } = await engine('files.unpack', { files: [file] });
  const known = files.map((one) => ({ ...one, file: labelled(one.file, file, one.file.name) }));
  const found = await convert(known, converting);
  if (found.pageCount !== undefined) return found;
  const merged = await engine('pdf.merge', { documents: found.documents, outlines: 'join' });
  return madeOf(file, merged, found.warnings);
}

/** Whether it is the file that is refused, and not that the job cannot go on. */
function isOfFile(error: unknown): error is Failure {
  return (
    error instanceof Failure && (error.row === 'abilityMissing' || (error.status > 440 && error.status < 444))
  );
}

function nameOf({ name }: FileHandle): string {
  return `"${clean(name, nameLengthMax)}"`;
}

function nothing(warning: string): IntoPdf {
  return { documents: [], pageCount: 0, warnings: [warning] };
}

/** Files next to each other that become one document. */
type Run = readonly [KnownFile, ...KnownFile[]];

function runsOf(files: readonly KnownFile[]): Run[] {
  const runs: [KnownFile, ...KnownFile[]][] = [];
  for (const one of files) {
    const run = runs.at(-1);
    if (one.kind === 'picture' && run?.[0].kind === 'picture') run.push(one);
    else runs.push([one]);
  }
  return runs;
}

async function convertRun(run: Run, converting: Converting): Promise<IntoPdf> {
  const { engines, settings } = converting;
  const [first] = run;
  const { file } = first;
  const files = run.map((one) => one.file);
  switch (first.kind) {
    case 'pdf':
      return { documents: files, pageCount: undefined, warnings: [] };
    case 'picture':
      return madeOf(file, await engines.engine('pictures.to-pdf', { pictures: files }));
    case 'svg':
      return madeOf(file, await drawing(first, converting));
    case 'office':
    case 'workbook':
      return madeOf(
        file,
        await engines.engine('office.to-pdf', { document: file, sheet: '', fitsPages: false }),
      );
    case 'csv':
      return table(file, converting);
    case 'html':
      return madeOf(
        file,
        await engines.engine('web.to-pdf', { page: pageOf(file, converting), ...settings }),
      );
    case 'mail':
      return message(file, converting);
    case 'other':
      throw new Failure('kindRefused', { place: placeText(file), reason: noKind });
  }
}

/** A drawing as a page of its own size: by the browser, else as a picture of its pixels. */
async function drawing({ file, size }: KnownFile, { engines, settings }: Converting): Promise<MadeDocument> {
  if (size === undefined || !engines.can('web.to-pdf'))
    return engines.engine('pictures.to-pdf', { pictures: [file] });
  const print = { ...settings.print, paper: size, margins, header: '', footer: '', heedsPageSize: false };
  return engines.engine('web.to-pdf', {
    page: { html: file, isPicture: true },
    browsing: settings.browsing,
    print,
  });
}

/** What comes with a message loads nothing: its sender would hear of it. */
function pageOf(html: FileHandle, { depth }: Converting): WebPage {
  return { html, isOffline: depth > 0 };
}

async function table(file: FileHandle, { engines }: Converting): Promise<IntoPdf> {
  const book = await engines.engine('sheets.from-csv', { table: file });
  const printed = await engines.engine('office.to-pdf', {
    document: labelled(book.file, file, `${file.name}.xlsx`),
    sheet: '',
    fitsPages: false,
  });
  return madeOf(file, printed, book.warnings);
}

async function message(file: FileHandle, converting: Converting): Promise<IntoPdf> {
  const { engines, settings, depth } = converting;
  const { page, attachments, warnings } = await engines.engine('mail.read', { message: file });
  const printed = await engines.engine('web.to-pdf', { page: { html: page, isOffline: true }, ...settings });
  const text = madeOf(file, printed, warnings);
  if (depth === depthMax && attachments.length > 0) {
    const left = nothing(ofSource(file, `What is attached to ${nameOf(file)} is left out.`));
    return joined([text, left]);
  }
  const attached = attachments.map((one) => labelled(one, file, one.name));
  return joined([text, await convertIfPossible(attached, { ...converting, depth: depth + 1 })]);
}

/** A document that an engine made, under the name and number of the file that it is of: what is said of it later names these. */
function madeOf(file: FileHandle, document: MadeDocument, before: readonly string[] = []): IntoPdf {
  const warnings = [...before, ...document.warnings].map((text) => ofSource(file, text));
  return { documents: [labelled(document.file, file)], pageCount: document.pageCount, warnings };
}

function labelled(file: FileHandle, { name, number }: FileHandle, as = name): FileHandle {
  const { number: _, ...own } = file;
  return { ...own, name: as, ...(number === undefined ? {} : { number }) };
}

/** A warning with the number of its file, where it has one. */
function ofSource({ number }: FileHandle, text: string): string {
  return number === undefined || numbered.test(text) ? text : `Document ${number}: ${text}`;
}

function joined(parts: readonly IntoPdf[]): IntoPdf {
  const counts = parts.map(({ pageCount }) => pageCount);
  return {
    pageCount: counts.reduce(
      (sum, count) => (sum === undefined || count === undefined ? undefined : sum + count),
      0,
    ),
    documents: parts.flatMap(({ documents }) => documents),
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
}

/** What becomes of each item, of a few at the same time. After one has failed none begins; the first of those that failed is thrown. */
async function inOrder<From, To>(items: readonly From[], become: (item: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  const failed = new Map<number, unknown>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (failed.size === 0 && next < items.length) {
      const index = next++;
      try {
        results[index] = await become(items[index] as From);
      } catch (error) {
        failed.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, work));
  if (failed.size > 0) throw failed.get(Math.min(...failed.keys()));
  return results;
}
