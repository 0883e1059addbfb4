/** What the header of a JPEG says. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  /** 1 to 100, by the table of luminance; what wrote it may count otherwise. */
  readonly quality: number;
  /** Whether readers may take its samples for other colours than ours does. */
  readonly isOdd: boolean;
  /** The same picture without profiles, comments and thumbnails, which readers of PDF do not heed. */
  readonly plain: Buffer;
}

export const startOfScan = 0xda;
/** Of the table of luminance in the standard (ITU-T T.81, table K.1). */
const standardSum = 3688;

/** A segment of a JPEG, with its marker from `from` to `to`. */
export interface Segment {
  readonly marker: number;
  readonly content: Buffer;
  readonly from: number;
  readonly to: number;
}

/** The segments of a JPEG up to the header of its first scan, which comes last where nothing is wrong. */
export function* readSegments(data: Buffer): Generator<Segment> {
  if (data.length < 4 || data[0] !== 0xff || data[1] !== 0xd8) return;
  for (let at = 2; at + 4 <= data.length;) {
    if (data[at] !== 0xff) return;
    const marker = data[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const to = at + 2 + data.readUInt16BE(at + 2);
    if (to > data.length || to < at + 4) return;
    yield { marker, content: data.subarray(at + 4, to), from: at, to };
    if (marker === startOfScan) return;
    at = to;
  }
}

/** Whether a segment is the header of a frame (ITU-T T.81, table B.1). */
export function isFrame({ marker }: Segment): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Reads the segments of a JPEG up to its first scan; undefined where it is none. */
export function readJpeg(bytes: Uint8Array): JpegHeader | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const kept: Buffer[] = [data.subarray(0, 2)];
  let frame: Buffer | undefined;
  let [quality, hasAdobe, hasJfif, hasScan] = [0, false, false, false];
  for (const segment of readSegments(data)) {
    const { marker, content, from, to } = segment;
    hasScan = marker === startOfScan;
    if (hasScan) {
      kept.push(data.subarray(from));
      break;
    }
    if (isFrame(segment) && frame !== undefined) return undefined;
    if (isFrame(segment)) frame = content;
    if (marker === 0xdb && quality === 0) quality = qualityOf(content);
    hasAdobe ||= marker === 0xee;
    hasJfif ||= marker === 0xe0;
    const isDecoration = (marker >= 0xe0 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
    if (!isDecoration || marker === 0xe0) kept.push(data.subarray(from, to));
  }
  if (!hasScan) return undefined;
  if (frame === undefined || frame.length < 6) return undefined;
  const components = frame[5] as number;
  const isNamedRgb = components === 3 && frame[6] === 0x52;
  return {
    width: frame.readUInt16BE(3),
    height: frame.readUInt16BE(1),
    components,
    bits: frame[0] as number,
    quality,
    isOdd: (isNamedRgb && !hasAdobe) || (components === 3 && hasAdobe && hasJfif && isNamedRgb),
    plain: Buffer.concat(kept),
  };
}

function qualityOf(table: Buffer): number {
  const isWide = (table[0] as number) >> 4 !== 0;
  if (table.length < (isWide ? 129 : 65)) return 0;
  let sum = 0;
  for (let at = 0; at < 64; at++) sum += isWide ? table.readUInt16BE(1 + 2 * at) : (table[1 + at] as number);
  const scale = (sum * 100) / standardSum;
  return Math.max(1, Math.min(100, Math.round(scale <= 100 ? 100 - scale / 2 : 5000 / scale)));
}
