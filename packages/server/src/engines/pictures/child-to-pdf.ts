import * as core from '@octavo/pdf';
import { readFileSync, statSync } from 'node:fs';
import type { Files } from '../../sandbox/child.ts';
import { Refused, refusalOf } from '../../sandbox/refusal.ts';
import { decodedPage, lookAt } from './child-decode.ts';
import { jpegPage } from './child-jpeg.ts';
import { orientationOf, type PicturePage } from './child-page.ts';
import { pngPage, readPng } from './child-png.ts';
import { type ExifFacts, readDirectories } from './exif.ts';
import { pictureBytesMax, picturePagesMax, pixelsMax } from './limits.ts';
import { type MadeReply, pictureName, type ToPdfRequest } from './messages.ts';
import { fitted, pageSize } from './page-size.ts';
import { kindOf, type PictureKind } from './picture-kind.ts';

/** Writes a document of which each picture is a page; one that a file has several of, as many pages. */
export async function toPdf({ count, as, sizes }: ToPdfRequest, files: Files): Promise<MadeReply> {
  const sink = core.fileSink(files.output(as));
  const document = core.pictureDocument(sink);
  const warnings: string[] = [];
  let input = 0;
  let pageCount = 0;
  try {
    for (; input < count; input++) {
      const say = (text: string) => warnings.push(`Document ${input + 1}: ${text}`);
      for await (const page of pagesOf(files.input(pictureName(input)), say)) {
        const orientation = orientationOf(page);
        const size = sizes?.[pageCount];
        document.add({
          picture: page.picture,
          ...(size === undefined ? sizeOf(page, orientation) : fitted(size)),
          orientation,
        });
        pageCount++;
      }
    }
    return { ...document.finish(), warnings };
  } catch (error) {
    sink.discard();
    return { refused: { ...refusalOf(error, core.PdfError), input } };
  }
}

/** Points of the page, which shows the picture as it is meant. */
function sizeOf({ picture, perInch }: PicturePage, orientation: core.Orientation) {
  const { width, height } = pageSize(picture, perInch);
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

async function* pagesOf(path: string, say: (text: string) => void): AsyncGenerator<PicturePage> {
  const kind = kindOf(beginningOf(path));
  if (kind === undefined) throw new Refused('kind', 'it is none of the pictures that are taken');
  const stored = kind === 'jpeg' || kind === 'png' ? await storedPage(kind, path) : undefined;
  if (stored !== undefined) return yield stored;
  const facts = await lookAt(path).catch(refuse);
  assertPixels(facts.width, facts.height);
  const { pages = 1 } = facts;
  const count = kind === 'tiff' ? pages : 1;
  if (pages > count) say('It is moving; only its first picture is taken.');
  if (count > picturePagesMax) throw new Refused('limit', `it has more than ${picturePagesMax} pages`);
  const directories = kind === 'tiff' ? directoriesOf(path) : undefined;
  for (let page = 0; page < count; page++) {
    // The library tells of one direction; pages of a fax have fewer lines than dots.
    const { perInch } = directories?.next().value ?? {};
    const decoded = await decodedPage(path, page).catch(refuse);
    yield perInch === undefined ? decoded : { ...decoded, perInch };
  }
}

/** What can go into the document as it is. Throws Refused. */
async function storedPage(kind: PictureKind, path: string): Promise<PicturePage | undefined> {
  if (statSync(path).size > pictureBytesMax) throw new Refused('limit', 'its file is too large');
  const data = readFileSync(path);
  const page = kind === 'jpeg' ? jpegPage(data) : await ofPng(data);
  if (page === 'damaged') throw damaged();
  if (page !== undefined) assertPixels(page.picture.width, page.picture.height);
  return page;
}

async function ofPng(data: Buffer): Promise<PicturePage | 'damaged' | undefined> {
  const png = readPng(data);
  if (png === undefined) return 'damaged';
  assertPixels(png.header.readUInt32BE(0), png.header.readUInt32BE(4));
  return pngPage(png);
}

function assertPixels(width: number, height: number): void {
  if (width === 0 || height === 0) throw damaged();
  if (width * height > pixelsMax) throw new Refused('limit', `it has more than ${pixelsMax} pixels`);
}

/** What the library does not read is too large for it, or damaged: what it says goes into the log. */
function refuse(error: unknown): never {
  if (error instanceof Refused) throw error;
  const message = error instanceof Error ? error.message : '';
  if (/pixel limit/i.test(message)) throw new Refused('limit', `it has more than ${pixelsMax} pixels`);
  if (/out of memory|alloc/i.test(message)) throw new Refused('limit', 'it needs too much memory');
  throw damaged(message);
}

function damaged(reason = 'parts are missing'): Refused {
  return new Refused('picture', reason);
}

function beginningOf(path: string): Buffer {
  return readAt(path, 0, 16);
}

function directoriesOf(path: string): Iterator<ExifFacts, undefined> {
  return readDirectories((offset, length) => readAt(path, offset, length));
}

function readAt(path: string, offset: number, length: number): Buffer {
  const source = core.fileSource(path);
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, source.readInto(bytes, offset));
  } finally {
    source.close();
  }
}
