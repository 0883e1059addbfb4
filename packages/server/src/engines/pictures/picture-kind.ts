/** What is known as a picture. All but HEIC become pages: of that the codec is missing. */
export type PictureKind = 'jpeg' | 'png' | 'tiff' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic';

/** First bytes, in hexadecimal digits; a dot is any digit. */
const beginnings: readonly (readonly [kind: PictureKind, begins: RegExp])[] = [
  ['jpeg', /^ffd8ff/],
  ['png', /^89504e470d0a1a0a/],
  ['tiff', /^(?:49492a00|4d4d002a|49492b00|4d4d002b)/],
  ['gif', /^47494638(?:37|39)61/],
  ['bmp', /^424d.{8}00000000/],
  ['webp', /^52494646.{8}57454250/],
  // By their major brand; one that stands for either codec is tried.
  ['avif', /^.{8}66747970(?:61766966|61766973|6d696631|6d736631)/],
  ['heic', /^.{8}667479706865(?:69(?:63|78|6d|73)|76(?:63|78))/],
];

/** What a file is by its first bytes, of which 12 are enough; undefined where it is no picture that is taken. */
export function kindOf(beginning: Buffer): PictureKind | undefined {
  const digits = beginning.toString('hex', 0, 12);
  return beginnings.find(([, begins]) => begins.test(digits))?.[0];
}
