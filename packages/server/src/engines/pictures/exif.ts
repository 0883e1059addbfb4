/** What a directory of a TIFF, which Exif is too, says of how a picture is to be seen. */
export interface ExifFacts {
  /** 1 to 8. */
  readonly orientation?: number;
  /** Pixels per inch, across and down. */
  readonly perInch?: readonly [number, number];
  readonly fax?: Fax;
}

/** Where the data of a page lies that is one strip by CCITT G4 (TIFF 6.0, section 11). */
export interface Fax {
  readonly width: number;
  readonly height: number;
  readonly offset: number;
  readonly bytes: number;
  /** 0 stands for black. */
  readonly isBlackZero: boolean;
  /** The first pixel of a byte is in its lowest bit. */
  readonly isFromLowBit: boolean;
}

/** Gives bytes from an offset on; fewer at the end. */
export type ReadBytes = (offset: number, length: number) => Buffer;

const [ofOrientation, ofAcross, ofDown, ofUnit] = [0x112, 0x11a, 0x11b, 0x128];
const [noUnit, centimetre] = [1, 3];
const g4 = 4;

/** Reads the one directory that Exif has for its picture; what cannot be read says nothing. */
export function readExif(tiff: Buffer): ExifFacts {
  const [facts = {}] = readDirectories((offset, length) => tiff.subarray(offset, offset + length));
  return facts;
}

/** Reads directories one after another (TIFF 6.0, section 2), as many as are asked for; it ends where one cannot be read. */
export function* readDirectories(read: ReadBytes): Generator<ExifFacts> {
  const head = read(0, 8);
  const order = head.toString('latin1', 0, 4);
  if (head.length < 8 || (order !== 'II*\0' && order !== 'MM\0*')) return;
  const isLittle = order === 'II*\0';
  const short = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const seen = new Set<number>();
  for (let offset = long(head, 4); offset !== 0 && !seen.has(offset);) {
    seen.add(offset);
    const count = read(offset, 2);
    if (count.length < 2) return;
    const entryBytes = short(count, 0) * 12;
    const table = read(offset + 2, entryBytes + 4);
    const values = new Map<number, number>();
    for (let at = 0; at + 12 <= Math.min(entryBytes, table.length); at += 12) {
      const [tag, type] = [short(table, at), short(table, at + 2)];
      if (long(table, at + 4) === 1 && type === 3) values.set(tag, short(table, at + 8));
      if (long(table, at + 4) === 1 && type === 4) values.set(tag, long(table, at + 8));
      const isResolution = tag === ofAcross || tag === ofDown;
      const fraction = type === 5 && isResolution ? read(long(table, at + 8), 8) : table.subarray(0, 0);
      if (fraction.length === 8) values.set(tag, long(fraction, 0) / long(fraction, 4));
    }
    yield factsOf(values);
    if (table.length < entryBytes + 4) return;
    offset = long(table, entryBytes);
  }
}

function factsOf(values: ReadonlyMap<number, number>): ExifFacts {
  const orientation = values.get(ofOrientation) ?? 0;
  const unit = values.get(ofUnit);
  const perUnit = unit === centimetre ? 2.54 : 1;
  const [across, down] = [values.get(ofAcross), values.get(ofDown)];
  const fax = faxOf(values);
  const hasSize = across !== undefined && down !== undefined && unit !== noUnit;
  return {
    ...(orientation >= 1 && orientation <= 8 ? { orientation } : {}),
    ...(hasSize ? { perInch: [across * perUnit, down * perUnit] } : {}),
    ...(fax === undefined ? {} : { fax }),
  };
}

function faxOf(values: ReadonlyMap<number, number>): Fax | undefined {
  const [width, height, offset, bytes] = [0x100, 0x101, 0x111, 0x117].map((tag) => values.get(tag));
  const [bits = 1, samples = 1, compression, meaning = 0, order = 1, options = 0] = [
    0x102, 0x115, 0x103, 0x106, 0x10a, 0x125,
  ].map((tag) => values.get(tag));
  if (compression !== g4 || bits !== 1 || samples !== 1 || meaning > 1 || order > 2 || options !== 0)
    return undefined;
  if (width === undefined || height === undefined || offset === undefined || bytes === undefined)
    return undefined;
  return { width, height, offset, bytes, isBlackZero: meaning === 1, isFromLowBit: order === 2 };
}
