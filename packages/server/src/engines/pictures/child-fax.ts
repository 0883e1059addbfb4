import type { PicturePage } from './child-page.ts';
import { assertPixels } from './child-refused.ts';
import type { ExifFacts, ReadBytes } from './exif.ts';
import { pictureBytesMax } from './limits.ts';

/** The mark at the end of a page of ITU-T T.6, in its 24 bits. */
const endOfPage = 0x001001;

/**
 * A page of a TIFF that is one strip by CCITT G4, its data as it is; undefined where it is none, or its end is missing. The library reads
 * these, and tells whether they are damaged.
 */
export function faxPage({ fax, orientation, perInch }: ExifFacts, read: ReadBytes): PicturePage | undefined {
  if (fax === undefined || fax.bytes > pictureBytesMax) return undefined;
  const { width, height } = fax;
  assertPixels(width, height);
  const data = read(fax.offset, fax.bytes);
  if (data.length < fax.bytes) return undefined;
  if (fax.isFromLowBit) turnBits(data);
  if (!hasEnd(data)) return undefined;
  const parms = { K: -1, Columns: width, Rows: height, ...(fax.isBlackZero && { BlackIs1: true }) };
  const colorSpace = { device: 'DeviceGray' } as const;
  return {
    picture: { width, height, bitsPerComponent: 1, colorSpace, filter: 'CCITTFaxDecode', parms, data },
    orientation,
    perInch,
  };
}

/** Whether data ends with the mark, perhaps with bits of 0 behind it that fill up a byte, and some bytes of 0. */
function hasEnd(data: Buffer): boolean {
  let end = data.length;
  while (end > 0 && data[end - 1] === 0) end--;
  if (end < 4) return false;
  const last = data.readUInt32BE(end - 4);
  for (let shift = 0; shift < 8; shift++) if (((last >>> shift) & 0xffffff) === endOfPage) return true;
  return false;
}

function turnBits(data: Buffer): void {
  const turned = Uint8Array.from({ length: 256 }, (_, byte) => {
    let bits = 0;
    for (let at = 0; at < 8; at++) if ((byte >> at) & 1) bits |= 0x80 >> at;
    return bits;
  });
  for (let at = 0; at < data.length; at++) data[at] = turned[data[at] as number] as number;
}
