import type { Abilities, FileHandle, FileKind, MadeDocument } from '../engines/capabilities.ts';
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
}

/** What becomes pages, for the texts of operations that take all of it. */
export const kindsTaken =
  'PDF, pictures (JPEG, PNG, TIFF, GIF, WebP, BMP, AVIF, SVG), what office programs open (such as DOC, DOCX, RTF, ODT, TXT, PPTX, XLS, XLSX, ODS, CSV), HTML, e-mail (EML, MSG)';
const noKind = `it is none of ${kindsTaken}, nor a ZIP archive of them`;

type Engines = Pick<Tools, 'engine' | 'can'>;

/** Files that become pages at the same time. */
const atOnceMax = 4;
/** Messages in messages, and what is attached to one. */
const [depthMax, attachmentsMax] = [3, 500];
const nameLengthMax = 80;

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
      const { files: found } = await converting.engines.engine('files.unpack', { files: [file] });
      const known = found.map((one) => ({ ...one, file: labelled(one.file, file, one.file.name) }));
      return await convert(known, converting);
    } catch (error) {
      if (!isOfFile(error)) throw error;
      return { documents: [], warnings: [ofSource(file, leftOut(file, error.message))] };
    }
  });
  const left = files.length - parts.length;
  const [first] = files;
  const warnings = left > 0 && first ? [ofSource(first, `${left} more attachments are left out.`)] : [];
  return joined([...parts, { documents: [], warnings }]);
}

/** Whether it is the file that is refused, and not that the job cannot go on. */
function isOfFile(error: unknown): error is Failure {
  return (
    error instanceof Failure && (error.row === 'abilityMissing' || (error.status > 440 && error.status < 444))
  );
}

function leftOut({ name }: FileHandle, why: string): string {
  return `"${clean(name, nameLengthMax)}" is left out: ${why}`;
}

/** Files next to each other that become one document. */
interface Run {
  readonly kind: FileKind;
  readonly files: readonly [FileHandle, ...FileHandle[]];
}

function runsOf(files: readonly KnownFile[]): Run[] {
  const runs: { kind: FileKind; files: [FileHandle, ...FileHandle[]] }[] = [];
  for (const { file, kind } of files) {
    const run = runs.at(-1);
    if (kind === 'picture' && run?.kind === kind) run.files.push(file);
    else runs.push({ kind, files: [file] });
  }
  return runs;
}

async function convertRun({ kind, files }: Run, converting: Converting): Promise<IntoPdf> {
  const { engines, settings } = converting;
  const [file] = files;
  switch (kind) {
    case 'pdf':
      return { documents: files, warnings: [] };
    case 'picture':
      return madeOf(file, await engines.engine('pictures.to-pdf', { pictures: files }));
    case 'svg':
      return madeOf(file, await drawing(file, converting));
    case 'office':
    case 'workbook':
      return madeOf(
        file,
        await engines.engine('office.to-pdf', { document: file, sheet: undefined, fitsPages: false }),
      );
    case 'csv':
      return table(file, converting);
    case 'html':
      return madeOf(file, await engines.engine('web.to-pdf', { page: { html: file }, ...settings }));
    case 'mail':
      return message(file, converting);
    case 'other':
      throw new Failure('kindRefused', { place: placeText(file), reason: noKind });
  }
}

/** A drawing as a page of its own size: by the browser, else as a picture of its pixels. */
async function drawing(file: FileHandle, { engines, settings }: Converting): Promise<MadeDocument> {
  if (!engines.can('web.to-pdf')) return engines.engine('pictures.to-pdf', { pictures: [file] });
  return engines.engine('web.to-pdf', { page: { html: file }, ...settings });
}

async function table(file: FileHandle, { engines }: Converting): Promise<IntoPdf> {
  const book = await engines.engine('sheets.from-csv', { table: file });
  const printed = await engines.engine('office.to-pdf', {
    document: labelled(book.file, file),
    sheet: undefined,
    fitsPages: false,
  });
  return madeOf(file, printed, book.warnings);
}

async function message(file: FileHandle, converting: Converting): Promise<IntoPdf> {
  const { engines, settings, depth } = converting;
  const { page, attachments, warnings } = await engines.engine('mail.read', { message: file });
  const printed = await engines.engine('web.to-pdf', { page: { html: page }, ...settings });
  const text = madeOf(file, printed, warnings);
  if (depth === depthMax && attachments.length > 0) {
    const left = ofSource(file, `What is attached to "${clean(file.name, nameLengthMax)}" is left out.`);
    return joined([text, { documents: [], warnings: [left] }]);
  }
  const attached = attachments.map((one) => labelled(one, file, one.name));
  return joined([text, await convertIfPossible(attached, { ...converting, depth: depth + 1 })]);
}

/** A document that an engine made, under the name and number of the file that it is of: what is said of it later names these. */
function madeOf(file: FileHandle, document: MadeDocument, before: readonly string[] = []): IntoPdf {
  const warnings = [...before, ...document.warnings].map((text) => ofSource(file, text));
  return { documents: [labelled(document.file, file)], warnings };
}

function labelled(file: FileHandle, { name, number }: FileHandle, as = name): FileHandle {
  const { number: _, ...own } = file;
  return { ...own, name: as, ...(number === undefined ? {} : { number }) };
}

/** A warning with the number of its file, where it has one. */
function ofSource({ number }: FileHandle, text: string): string {
  return number === undefined || /^Document \d+: /.test(text) ? text : `Document ${number}: ${text}`;
}

function joined(parts: readonly IntoPdf[]): IntoPdf {
  return {
    documents: parts.flatMap(({ documents }) => documents),
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
}

/** What becomes of each item, of a few at the same time. After one has failed none begins; the first of those that failed is thrown. */
async function inOrder<From, To>(
  items: readonly From[],
  convertOne: (item: From) => Promise<To>,
): Promise<To[]> {
  const results: To[] = [];
  const failed = new Map<number, unknown>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (failed.size === 0 && next < items.length) {
      const index = next++;
      try {
        results[index] = await convertOne(items[index] as From);
      } catch (error) {
        failed.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnceMax }, work));
  if (failed.size > 0) throw failed.get(Math.min(...failed.keys()));
  return results;
}
