import { createHash } from 'node:crypto';
import { PageTreeWriter } from '../document/page-tree-writer.ts';
import {
  type StoredPicture,
  type Stretch,
  writePicture,
  writeProfile,
} from '../document/pictures/page-picture.ts';
import { PdfError } from '../errors.ts';
import type { Sink } from '../file/sink.ts';
import { FileWriter } from '../file/writer.ts';
import { defaultLimits } from '../limits.ts';

/** How a picture is to be turned and mirrored to be seen as it is meant, by the numbers of Exif (tag 274); 1 is as it is. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** A page that a picture fills. */
export interface PicturePage {
  readonly picture: StoredPicture;
  /** Points of the page, of which the picture has its sides as it is seen: from 3 to 14,400 (ISO 32000-1, annex C.2). */
  readonly width: number;
  readonly height: number;
  /** 1 where it is left out. */
  readonly orientation?: Orientation | undefined;
}

/** A document of pictures that is being written: in its own steps, so that one picture is in memory at a time. */
export interface PictureDocument {
  /** Writes the next page. Throws PdfError `limit`. */
  add(page: PicturePage): void;
  /** Ends the document and finishes the sink. Throws PdfError `page-range` where there is no page. */
  finish(): { readonly pageCount: number };
}

const VERSION = '1.7';
const SIDE_MIN = 3;
const SIDE_MAX = 14_400;
/** Bytes at both ends of a picture that go into the identifier. */
const END_BYTES = 1024;

/** Which way the sides of the unit square lie for each orientation: `cm` but for the sides of the page. */
const MATRICES: Readonly<Record<Orientation, (width: number, height: number) => readonly number[]>> = {
  1: (width, height) => [width, 0, 0, height, 0, 0],
  2: (width, height) => [-width, 0, 0, height, width, 0],
  3: (width, height) => [-width, 0, 0, -height, width, height],
  4: (width, height) => [width, 0, 0, -height, 0, height],
  5: (width, height) => [0, -height, -width, 0, width, height],
  6: (width, height) => [0, -height, width, 0, 0, height],
  7: (width, height) => [0, height, width, 0, 0, 0],
  8: (width, height) => [0, height, -width, 0, width, 0],
};

/**
 * Begins a document whose pages are pictures, as they are stored: nothing is decoded, packed or checked. Equal profiles are stored
 * once. The same pages give the same bytes. Whoever gives up discards the sink.
 */
export function pictureDocument(sink: Sink): PictureDocument {
  const writer = new FileWriter(sink, VERSION, true);
  const tree = new PageTreeWriter(writer);
  const profiles = new Map<string, number>();
  const id = createHash('md5');

  function profileNumber(profile: Uint8Array, components: number): number {
    const key = `${components} ${createHash('sha256').update(profile).digest('hex')}`;
    const known = profiles.get(key);
    if (known !== undefined) return known;
    const number = writer.allocate();
    writeProfile(writer, number, profile, components);
    profiles.set(key, number);
    return number;
  }

  return {
    add({ picture, width, height, orientation = 1 }) {
      if (tree.count >= defaultLimits.pagesMax)
        throw new PdfError('limit', `It would have more than ${defaultLimits.pagesMax} pages.`);
      for (const side of [width, height])
        if (!(side >= SIDE_MIN && side <= SIDE_MAX))
          throw new PdfError('limit', `A side of a page has from ${SIDE_MIN} to ${SIDE_MAX} points.`);
      id.update(`${width} ${height} ${orientation} ${picture.width} ${picture.height};`);
      for (const end of endsOf(picture.data)) id.update(end);
      const number = writePicture(writer, picture, profileNumber);
      const contents = writer.allocate();
      const matrix = MATRICES[orientation](width, height).map(real).join(' ');
      writeContents(writer, contents, `${matrix} cm/P Do`);
      const page = writer.allocate();
      const parent = tree.place(page);
      writer
        .begin(page)
        .ascii(
          `<</Type/Page/Parent ${parent} 0 R/MediaBox[0 0 ${real(width)} ${real(height)}]` +
            `/Resources<</XObject<</P ${number} 0 R>>>>/Contents ${contents} 0 R>>`,
        );
      writer.end();
    },
    finish() {
      if (tree.count === 0) throw new PdfError('page-range', 'There would be no page in the result.');
      const pages = tree.finish();
      const [root, info] = [writer.allocate(), writer.allocate()];
      writer.begin(root).ascii(`<</Type/Catalog/Pages ${pages} 0 R>>`);
      writer.end();
      writer.begin(info).ascii('<</Producer(Octavo)>>');
      writer.end();
      const digest = id.digest();
      writer.finish({ root, info, id: [digest, digest] });
      sink.finish();
      return { pageCount: tree.count };
    },
  };
}

function writeContents(writer: FileWriter, number: number, content: string): void {
  writer.beginStream(number).ascii(`<</Length ${content.length}>>`);
  writer.beginData();
  writer.data(Buffer.from(content, 'latin1'));
  writer.endStream();
}

function endsOf(data: Uint8Array | Stretch): Uint8Array[] {
  if (data instanceof Uint8Array)
    return [data.subarray(0, END_BYTES), data.subarray(Math.max(0, data.length - END_BYTES))];
  const { source, offset, length } = data;
  return [offset, offset + Math.max(0, length - END_BYTES)].map((at) => {
    const bytes = new Uint8Array(Math.min(END_BYTES, length));
    return bytes.subarray(0, source.readInto(bytes, at));
  });
}

/** A number without exponent, in thousandths. */
function real(value: number): string {
  return String(Number(value.toFixed(3)));
}
