import * as core from '@octavo/pdf';
import { readFileSync, statSync } from 'node:fs';
import { Refused } from '../../sandbox/refusal.ts';
import { bmpPage } from './child-bmp.ts';
import { decodedPage, lookAt } from './child-decode.ts';
import { faxPage } from './child-fax.ts';
import { jpegPage } from './child-jpeg.ts';
import type { PicturePage } from './child-page.ts';
import { pngPage } from './child-png.ts';
import { assertPixels, noCodec, refuse } from './child-refused.ts';
import { svgPage } from './child-svg.ts';
import { type ExifFacts, readDirectories } from './exif.ts';
import { pictureBytesMax, picturePagesMax } from './limits.ts';
import { kindOf, type PictureKind } from './picture-kind.ts';

const beginningBytes = 16;

/** The pages that a file of pictures becomes; `say` is told what is not as one would think. Throws Refused. */
export async function* pagesOf(
  path: string,
  hasFonts: boolean,
  say: (text: string) => void,
): AsyncGenerator<PicturePage> {
  const kind = kindOf(readAt(path, 0, beginningBytes));
  if (kind === undefined) {
    const drawn = await svgPage(path, hasFonts, say);
    if (drawn === undefined) throw new Refused('kind', 'it is no picture that is known here');
    return yield drawn;
  }
  if (kind === 'heic') throw noCodec();
  const stored = await storedPage(kind, path);
  if (stored !== undefined) return yield stored;
  const { width, height, pages = 1 } = await lookAt(path).catch(refuse);
  assertPixels(width, height);
  const count = kind === 'tiff' ? pages : 1;
  if (pages > count) say('It is moving; only its first picture is taken.');
  if (count > picturePagesMax) throw new Refused('limit', `it has more than ${picturePagesMax} pages`);
  const directories = kind === 'tiff' ? directoriesOf(path) : undefined;
  for (let page = 0; page < count; page++) {
    const facts: ExifFacts = directories?.next().value ?? {};
    const fax = faxPage(facts, (offset, length) => readAt(path, offset, length));
    // The library tells of one direction; pages of a fax have fewer lines than dots.
    const { perInch } = facts;
    const made = fax ?? (await decodedPage(path, page).catch(refuse));
    yield perInch === undefined ? made : { ...made, perInch };
  }
}

/** The page of a picture whose data we read ourselves; undefined where that is left to the library. Throws Refused. */
async function storedPage(kind: PictureKind, path: string): Promise<PicturePage | undefined> {
  if (kind !== 'jpeg' && kind !== 'png' && kind !== 'bmp') return undefined;
  if (statSync(path).size > pictureBytesMax) throw new Refused('limit', 'its file is too large');
  const data = readFileSync(path);
  if (kind === 'bmp') return bmpPage(data);
  return kind === 'jpeg' ? jpegPage(data) : pngPage(data);
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
