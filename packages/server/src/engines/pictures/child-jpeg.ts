import type { StoredPicture } from '@octavo/pdf';
import type { PicturePage } from './child-page.ts';
import { assertPixels, damaged } from './child-refused.ts';
import { type ExifFacts, readExif } from './exif.ts';
import { isFrame, readJpeg, readSegments, startOfScan } from './jpeg.ts';
import { usableProfile } from './profile.ts';

/** Baseline, extended and progressive by Huffman's codes: what DCTDecode takes. */
const frames = [0xc0, 0xc1, 0xc2];
const spaces: Readonly<Record<number, StoredPicture['colorSpace']['device']>> = {
  1: 'DeviceGray',
  3: 'DeviceRGB',
  4: 'DeviceCMYK',
};
const inverted = [1, 0, 1, 0, 1, 0, 1, 0];

/**
 * A JPEG as a page, its bytes as they are; undefined where readers of PDF do not take it as it is. Throws Refused where it has no scan,
 * or was cut off before its end.
 */
export function jpegPage(data: Buffer): PicturePage | undefined {
  const header = readJpeg(data);
  if (header === undefined) throw damaged();
  let frame = 0;
  let hasAdobe = false;
  let facts: ExifFacts = {};
  let density: readonly [number, number] | undefined;
  const profile: Buffer[] = [];
  let scan = 0;
  for (const segment of readSegments(data)) {
    const { marker, content } = segment;
    if (isFrame(segment)) frame = marker;
    if (marker === startOfScan) scan = segment.to;
    if (marker === 0xe0 && content.toString('latin1', 0, 5) === 'JFIF\0') density = densityOf(content);
    if (marker === 0xe1 && content.toString('latin1', 0, 6) === 'Exif\0\0')
      facts = readExif(content.subarray(6));
    if (marker === 0xee && content.toString('latin1', 0, 5) === 'Adobe') hasAdobe = true;
    // Long profiles come in numbered pieces, from 1.
    if (marker === 0xe2 && content.toString('latin1', 0, 12) === 'ICC_PROFILE\0' && content.length > 14)
      profile[content[12] as number] = content.subarray(14);
  }
  if (data.lastIndexOf(Buffer.from([0xff, 0xd9])) < scan) throw damaged();
  const { width, height, components, bits, isOdd } = header;
  assertPixels(width, height);
  const device = spaces[components];
  if (!frames.includes(frame) || bits !== 8 || isOdd || device === undefined) return undefined;
  const pieces = profile.filter((piece) => piece !== undefined);
  const used = usableProfile(Buffer.concat(pieces), components);
  return {
    picture: {
      width,
      height,
      bitsPerComponent: 8,
      colorSpace: { device, profile: used },
      filter: 'DCTDecode',
      // Adobe's programs write inks inverted, and say that it was they by their marker.
      decode: components === 4 && hasAdobe ? inverted : undefined,
      data,
    },
    orientation: facts.orientation,
    perInch: facts.perInch ?? density,
  };
}

/** Of JFIF: per inch, per centimetre, or the shape of pixels alone, which says nothing of their size. */
function densityOf(content: Buffer): [number, number] | undefined {
  if (content.length < 12) return undefined;
  const perUnit = [undefined, 1, 2.54][content[7] as number];
  if (perUnit === undefined) return undefined;
  return [content.readUInt16BE(8) * perUnit, content.readUInt16BE(10) * perUnit];
}
