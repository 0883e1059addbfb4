import type { StoredPicture } from '@octavo/pdf';
import { crc32, createInflate } from 'node:zlib';
import type { PicturePage } from './child-page.ts';
import { assertPixels, damaged } from './child-refused.ts';
import { readExif } from './exif.ts';
import { profileOfChunk, usableProfile } from './profile.ts';

/** The chunks of a PNG (ISO/IEC 15948) that say how it is seen. */
interface PngChunks {
  readonly header: Buffer;
  readonly data: readonly Buffer[];
  /** The first of each other type. */
  readonly others: ReadonlyMap<string, Buffer>;
}

/** Reads chunks to the last. Throws Refused where one is damaged or missing. */
function readPng(png: Buffer): PngChunks {
  const others = new Map<string, Buffer>();
  const data: Buffer[] = [];
  for (let at = 8; at + 12 <= png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length) throw damaged();
    const type = png.toString('latin1', at + 4, at + 8);
    const content = png.subarray(at + 8, end);
    const isCritical = ((png[at + 4] as number) & 0x20) === 0;
    const isSound = crc32(png.subarray(at + 4, end)) === png.readUInt32BE(end);
    if (!isSound && isCritical) throw damaged();
    if (type === 'IDAT') data.push(content);
    else if (isSound && !others.has(type)) others.set(type, content);
    if (type === 'IEND') break;
    at = end + 4;
  }
  const header = others.get('IHDR');
  if (header?.length !== 13 || data.length === 0 || !others.has('IEND')) throw damaged();
  return { header, data, others };
}

/** Kinds of colour that PDF knows without an alpha of their own. */
const kinds: Readonly<Record<number, { device: 'DeviceGray' | 'DeviceRGB'; bits: readonly number[] }>> = {
  0: { device: 'DeviceGray', bits: [1, 2, 4, 8, 16] },
  2: { device: 'DeviceRGB', bits: [8, 16] },
  3: { device: 'DeviceRGB', bits: [1, 2, 4, 8] },
};

/** A PNG as a page, its data as it is; undefined where PDF has no such data: with alpha, interlaced. Throws Refused. */
export async function pngPage(png: Buffer): Promise<PicturePage | undefined> {
  const { header, data, others } = readPng(png);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  assertPixels(width, height);
  const [bits = 0, type = 0, , , interlace] = header.subarray(8);
  const kind = kinds[type];
  if (kind === undefined || !kind.bits.includes(bits) || interlace !== 0) return undefined;
  const [palette, transparency] = [others.get('PLTE'), others.get('tRNS')];
  const isIndexed = type === 3;
  if (isIndexed && (palette === undefined || palette.length < 3 || palette.length > 768)) throw damaged();
  const colorKey = transparency === undefined ? undefined : colorKeyOf(type, transparency);
  if (colorKey === 'alpha') return undefined;
  const colors = type === 2 ? 3 : 1;
  const bytes = (Math.ceil((width * bits * colors) / 8) + 1) * height;
  if (!(await givesExactly(data, bytes))) throw damaged();
  const chunk = others.get('iCCP');
  const profile = chunk === undefined ? undefined : usableProfile(profileOfChunk(chunk), type === 0 ? 1 : 3);
  const picture: StoredPicture = {
    width,
    height,
    bitsPerComponent: bits,
    colorSpace: { device: kind.device, profile, palette: isIndexed ? palette : undefined },
    filter: 'FlateDecode',
    parms: { Predictor: 15, Colors: colors, BitsPerComponent: bits, Columns: width },
    colorKey,
    data: data.length === 1 ? (data[0] as Buffer) : Buffer.concat(data),
  };
  const exif = others.get('eXIf');
  const { orientation } = exif === undefined ? {} : readExif(exif);
  return { picture, orientation, perInch: densityOf(others.get('pHYs')) };
}

/** The one colour that is not seen, or of several with different alpha that it is not only one. */
function colorKeyOf(type: number, transparency: Buffer): number[] | 'alpha' | undefined {
  if (type === 3) {
    const seen = [...transparency].flatMap((alpha, index) =>
      alpha === 255 ? [] : [[index, alpha] as const],
    );
    if (seen.length === 0) return undefined;
    const [[index, alpha] = [0, 255]] = seen;
    return seen.length === 1 && alpha === 0 ? [index, index] : 'alpha';
  }
  const count = type === 2 ? 3 : 1;
  if (transparency.length < count * 2) return undefined;
  return Array.from({ length: count }, (_, index) => transparency.readUInt16BE(index * 2)).flatMap(
    (value) => [value, value],
  );
}

/** Whether Flate data gives just so many bytes; not more of them are kept than come at a time. */
async function givesExactly(data: readonly Buffer[], bytes: number): Promise<boolean> {
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  let count = 0;
  try {
    for (const piece of data) inflate.write(piece);
    inflate.end();
    for await (const piece of inflate) {
      count += (piece as Buffer).length;
      if (count > bytes) return false;
    }
    return count === bytes;
  } catch (error) {
    // Memory is no fault of the picture.
    if ((error as NodeJS.ErrnoException).code === 'Z_MEM_ERROR') throw error;
    return false;
  } finally {
    inflate.destroy();
  }
}

function densityOf(chunk: Buffer | undefined): [number, number] | undefined {
  const isPerMetre = chunk?.length === 9 && chunk[8] === 1;
  return isPerMetre ? [chunk.readUInt32BE(0) * 0.0254, chunk.readUInt32BE(4) * 0.0254] : undefined;
}
