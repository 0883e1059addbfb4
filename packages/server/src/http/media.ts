/**
 * Types of the files that are handed out, by the extension of the link. What is not here is bytes. A page in it cannot run: every
 * file leaves as an attachment, in a sandbox of its own.
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

/** Content type of a file with this name. */
export function contentTypeOf(name: string): string {
  const extension = name.split('.').at(-1)?.toLowerCase() ?? '';
  return Object.hasOwn(types, extension) ? (types[extension] as string) : 'application/octet-stream';
}
