/**
 * Types of the files that are handed out, by the extension of the link, which is believed only where the bytes agree. What is not
 * here is bytes. A page in it cannot run: every file leaves as an attachment, in a sandbox of its own.
 */
const types: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  zip: 'application/zip',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  eml: 'message/rfc822',
  msg: 'application/vnd.ms-outlook',
};

/** `.pdf` for `application/pdf`; empty where the type is not known. */
export function extensionOf(type: string): string {
  const [extension] = Object.entries(types).find(([, one]) => one.split(';')[0] === type) ?? [];
  return extension === undefined ? '' : `.${extension}`;
}

type Kind = 'pdf' | 'png' | 'jpg' | 'gif' | 'webp' | 'tif' | 'bmp' | 'zip' | 'ole' | 'text' | 'binary';

/** What files of an extension begin like; of those that are not here like themselves. */
const kinds: Readonly<Record<string, Kind>> = {
  json: 'text',
  csv: 'text',
  txt: 'text',
  html: 'text',
  xml: 'text',
  eml: 'text',
  jpeg: 'jpg',
  tiff: 'tif',
  docx: 'zip',
  xlsx: 'zip',
  doc: 'ole',
  xls: 'ole',
  msg: 'ole',
};
/** First bytes, in hexadecimal digits; a dot is any digit. A PDF may have something before it. */
const beginnings: readonly (readonly [kind: Kind, begins: RegExp])[] = [
  ['pdf', /^(?:..){0,1019}255044462d/],
  ['png', /^89504e470d0a1a0a/],
  ['jpg', /^ffd8ff/],
  ['gif', /^47494638(?:37|39)61/],
  ['webp', /^52494646.{8}57454250/],
  ['tif', /^(?:49492a00|4d4d002a)/],
  ['bmp', /^424d.{8}00000000/],
  ['zip', /^504b(?:0304|0506)/],
  ['ole', /^d0cf11e0a1b11ae1/],
  // With the mark of UTF-16, or without the byte 0.
  ['text', /^(?:fffe|feff|(?:0[1-9a-f]|[1-9a-f].)*$)/],
];
/** More is not looked at. */
const headBytes = 1_024;

/** Content type that the name of a file claims. */
export function claimedType(name: string): string {
  const extension = endOf(name);
  return Object.hasOwn(types, extension) ? (types[extension] as string) : bytesType;
}

/** Content type of a file that begins like this: what its name claims, where the bytes do not say otherwise. */
export function contentTypeOf(name: string, head: Buffer): string {
  const extension = endOf(name);
  const digits = head.toString('hex', 0, headBytes);
  const kind = beginnings.find(([, begins]) => begins.test(digits))?.[0] ?? 'binary';
  const claimed = Object.hasOwn(kinds, extension) ? kinds[extension] : extension;
  if (claimed === kind) return claimedType(name);
  return kind === 'text' ? bytesType : (types[kind] ?? bytesType);
}

const bytesType = 'application/octet-stream';

function endOf(name: string): string {
  return name.split('.').at(-1)?.toLowerCase() ?? '';
}
