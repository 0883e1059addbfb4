/** What Exif says of how a picture is to be seen. */
export interface ExifFacts {
  /** 1 to 8. */
  readonly orientation?: number;
  /** Pixels per inch, across and down. */
  readonly perInch?: readonly [number, number];
}

const entriesMax = 1_000;
const [ofOrientation, ofAcross, ofDown, ofUnit] = [0x112, 0x11a, 0x11b, 0x128];
const centimetre = 3;

/** Reads the first directory of Exif, which is a TIFF of its own; what cannot be read says nothing. */
export function readExif(tiff: Buffer): ExifFacts {
  const order = tiff.toString('latin1', 0, 4);
  if (tiff.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return {};
  const isLittle = order === 'II*\0';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = long(4);
  if (directory + 2 > tiff.length) return {};
  const values = new Map<number, number>();
  const count = Math.min(short(directory), entriesMax);
  for (let index = 0; index < count; index++) {
    const at = directory + 2 + index * 12;
    if (at + 12 > tiff.length) break;
    const [tag, type] = [short(at), short(at + 2)];
    if (type === 3) values.set(tag, short(at + 8));
    const place = long(at + 8);
    if (type === 5 && place + 8 <= tiff.length) values.set(tag, long(place) / long(place + 4));
  }
  const orientation = values.get(ofOrientation) ?? 0;
  const perUnit = values.get(ofUnit) === centimetre ? 2.54 : 1;
  const [across, down] = [values.get(ofAcross), values.get(ofDown)];
  return {
    ...(orientation >= 1 && orientation <= 8 ? { orientation } : {}),
    ...(across === undefined || down === undefined ? {} : { perInch: [across * perUnit, down * perUnit] }),
  };
}
